// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The guest was stopped: it did something that WebAssembly does not allow, or met a limit.
///
/// After a trap the instance refuses to be entered again.
public struct Trap: Error, CustomStringConvertible {
    /// A stack frame of the guest at the time of a trap.
    public struct Frame: Sendable, Hashable, CustomStringConvertible {
        /// The function's index in its module.
        public let functionIndex: UInt32
        /// The function's name, if the module carries names.
        public let functionName: String?
        /// The module's name, if it carries one.
        public let moduleName: String?
        /// The offset in bytes from the beginning of the function.
        public let functionOffset: Int
        /// The offset in bytes from the beginning of the module.
        public let moduleOffset: Int

        /// The frame in the engine's own notation, for people; not stable.
        public var description: String {
            "\(moduleName ?? "<unknown>")!\(functionName ?? "<function \(functionIndex)>") @ \(moduleOffset)"
        }
    }

    /// Which rule or limit stopped the guest, if the engine said so in a known form.
    public let code: TrapCode?
    /// The engine's explanation.
    public let message: String
    /// The guest's stack, innermost frame first; empty if the engine does not record it.
    public let frames: [Frame]

    /// The explanation, for people; not stable.
    public var description: String { message }
}

extension Trap {
    /// A trap of code that the engine does not run.
    package init(code: TrapCode, message: String) {
        self.code = code
        self.message = message
        frames = []
    }
}

/// The guest ended itself through WASI's `exit`.
public struct GuestExit: Error, Hashable, CustomStringConvertible {
    /// The exit status; WASI 0.2 knows 0 (success) and 1 (failure).
    public let status: Int32

    /// Ends the guest from a host function.
    public init(status: Int32) {
        self.status = status
    }

    /// The status in words, for people; not stable.
    public var description: String { "the guest exited with status \(status)" }
}
