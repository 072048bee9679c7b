// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A failure of the engine or of the way it was used, as opposed to a ``Trap`` of the guest.
public struct WasmtimeError: Error, CustomStringConvertible {
    /// The kind of a ``WasmtimeError``.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case libraryMissing, libraryUnusable, invalidConfiguration, invalidComponent, incompatibleArtifact
            case linking, missingWASI, exportMissing, typeMismatch, invalidValue, storeBusy, threadUnavailable
            case wasi, callFailed
        }
        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        /// There is no engine library at the path given.
        public static let libraryMissing = Code(.libraryMissing)
        /// The file at the path is not the engine library, or another version of it.
        public static let libraryUnusable = Code(.libraryUnusable)
        /// The engine refused its configuration.
        public static let invalidConfiguration = Code(.invalidConfiguration)
        /// The bytes are not a valid component.
        public static let invalidComponent = Code(.invalidComponent)
        /// A precompiled file is damaged, or was made by another engine version or with other settings.
        public static let incompatibleArtifact = Code(.incompatibleArtifact)
        /// A name could not be defined, or an import is missing or has another type.
        public static let linking = Code(.linking)
        /// The linker has WASI, and the store has no WASI configuration.
        public static let missingWASI = Code(.missingWASI)
        /// The component does not export what was asked for.
        public static let exportMissing = Code(.exportMissing)
        /// A value or a function does not have the type that was expected.
        public static let typeMismatch = Code(.typeMismatch)
        /// A value cannot cross the boundary, because it is nested too deeply for instance.
        public static let invalidValue = Code(.invalidValue)
        /// The store is in the middle of another call.
        public static let storeBusy = Code(.storeBusy)
        /// The system cannot start another thread, or has no room for its stack.
        public static let threadUnavailable = Code(.threadUnavailable)
        /// The WASI configuration names a file that cannot be opened, or text that it cannot pass on.
        public static let wasi = Code(.wasi)
        /// A call failed for a reason that is not a trap.
        public static let callFailed = Code(.callFailed)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// A sentence for people that says what happened and what to change.
    public let message: String
    /// The error behind this one, if another part reported it.
    public let cause: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, for people; not stable.
    public var description: String { message }
}
