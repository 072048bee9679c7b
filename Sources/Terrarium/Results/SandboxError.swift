// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The error of a sandbox that could not be made or could not go on.
///
/// A program that raises a Python exception is not such an error: that is an outcome, `PythonError`.
public struct SandboxError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The kind of an error; there may be more kinds in later versions.
    public struct Code: NamedChoice {
        /// The code's name.
        public let name: String

        /// Makes a code of its name.
        public init(_ name: String) { self.name = name }

        /// The engine library or the guest was not found.
        public static let partsNotFound = Code("partsNotFound")
        /// The engine refused to load or answered something unexpected.
        public static let engine = Code("engine")
        /// A file is not a component, or lacks the exports that are needed.
        public static let invalidComponent = Code("invalidComponent")
        /// A file could not be read or written.
        public static let unreadableFile = Code("unreadableFile")
        /// The memory limit leaves less than the image itself needs.
        public static let memoryLimitTooLow = Code("memoryLimitTooLow")
        /// The program ran longer than its time limit.
        public static let timeLimit = Code("timeLimit")
        /// The program crashed its interpreter: a WebAssembly trap.
        public static let trap = Code("trap")
        /// The program ended its interpreter, with `os._exit` for instance.
        public static let exited = Code("exited")

        /// The image is of a kind that cannot do what was asked for.
        public static let unsupported = Code("unsupported")
        /// A snapshot is damaged, or belongs to another image.
        public static let invalidSnapshot = Code("invalidSnapshot")
        /// A folder is not an image, or a damaged one.
        public static let invalidImage = Code("invalidImage")
        /// A file operation inside of a sandbox failed; the message has the reason.
        public static let file = Code("file")

        /// The program tampered with the part of the sandbox that speaks with the host.
        public static let tampered = Code("tampered")
        /// The sandbox cannot do this now: a program of it is suspended, or waits for the host function that asks.
        public static let busy = Code("busy")
        /// The sandbox has no suspended program.
        public static let notSuspended = Code("notSuspended")
        /// A host function has a name or parameters that Python does not allow.
        public static let invalidFunction = Code("invalidFunction")

        /// A pool has no place for a request.
        public static let overloaded = Code("overloaded")
        /// A value is larger than ``Limits/valueBytes``.
        public static let resultTooLarge = Code("resultTooLarge")
    }

    /// The kind of error.
    public let code: Code

    /// The description of the error and of what to change, for people.
    ///
    /// Its wording may change. It quotes no guest code.
    public let message: String

    /// The limit that the program ran into, where that is why.
    public let breach: LimitBreach?

    /// Makes an error, for tests of code that handles it.
    public init(_ code: Code, _ message: String, breach: LimitBreach? = nil) {
        self.code = code
        self.message = message
        self.breach = breach
    }

    /// The message.
    public var description: String { message }
}
