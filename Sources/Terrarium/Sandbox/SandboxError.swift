// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Why a sandbox could not be made or could not go on.
///
/// A program that raises a Python exception is not such an error: that is an outcome, `PythonError`.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// What kind of error it is; there may be more kinds in later versions.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case partsNotFound, engine, invalidComponent, unreadableFile, memoryLimitTooLow, timeLimit, trap, exited
            case unsupported, invalidSnapshot, invalidImage, file, tampered, busy, notSuspended, invalidFunction,
                resultTooLarge, overloaded
        }

        private let kind: Kind

        /// The engine library or the guest is not where it should be.
        public static let partsNotFound = Code(kind: .partsNotFound)
        /// The engine refused to load or answered something unexpected.
        public static let engine = Code(kind: .engine)
        /// A file is not a component, or lacks the exports that are needed.
        public static let invalidComponent = Code(kind: .invalidComponent)
        /// A file could not be read or written.
        public static let unreadableFile = Code(kind: .unreadableFile)
        /// The memory limit leaves less than the image itself needs.
        public static let memoryLimitTooLow = Code(kind: .memoryLimitTooLow)
        /// The program ran longer than its time limit.
        public static let timeLimit = Code(kind: .timeLimit)
        /// The program crashed its interpreter: a WebAssembly trap.
        public static let trap = Code(kind: .trap)
        /// The program ended its interpreter, with `os._exit` for instance.
        public static let exited = Code(kind: .exited)

        /// The image is of a kind that cannot do what was asked for.
        public static let unsupported = Code(kind: .unsupported)
        /// A snapshot is damaged, or belongs to another image.
        public static let invalidSnapshot = Code(kind: .invalidSnapshot)
        /// A folder is not an image, or a damaged one.
        public static let invalidImage = Code(kind: .invalidImage)
        /// A file operation inside of a sandbox failed; the message has the reason.
        public static let file = Code(kind: .file)

        /// The program tampered with the part of the sandbox that speaks with the host.
        public static let tampered = Code(kind: .tampered)
        /// A session cannot do this while a program of it is suspended.
        public static let busy = Code(kind: .busy)
        /// A session has no suspended program.
        public static let notSuspended = Code(kind: .notSuspended)
        /// A host function has a name or parameters that Python does not allow.
        public static let invalidFunction = Code(kind: .invalidFunction)

        /// A pool has no place for a request.
        public static let overloaded = Code(kind: .overloaded)
        /// A value is larger than ``Limits/valueBytes``.
        public static let resultTooLarge = Code(kind: .resultTooLarge)

        /// The code's name, for logs.
        public var description: String { kind.rawValue }
    }

    /// What kind of error it is.
    public let code: Code

    /// What happened and what to change, for people.
    ///
    /// Its wording may change. It quotes no guest code.
    public let message: String

    /// The limit that the program ran into, where that is why.
    public let breach: LimitBreach?

    init(_ code: Code, _ message: String, breach: LimitBreach? = nil) {
        self.code = code
        self.message = message
        self.breach = breach
    }

    /// The message.
    public var description: String { message }
}
