// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The parts of the system that a guest sees through WASI; by default, none.
public struct WASIConfiguration: Sendable {
    /// The source of a guest's standard input.
    public struct Input: Sendable {
        enum Kind: Sendable {
            case empty
            case inherit
            case file(String)
            case bytes([UInt8])
        }
        let kind: Kind

        /// There is none.
        public static let empty = Input(kind: .empty)
        /// The process's own.
        public static let inherit = Input(kind: .inherit)
        /// The contents of a file on the host.
        public static func file(_ path: String) -> Input { Input(kind: .file(path)) }
        /// The bytes given.
        public static func bytes(_ bytes: [UInt8]) -> Input { Input(kind: .bytes(bytes)) }
    }

    /// The destination of a guest's output.
    public struct Output: Sendable {
        enum Kind: Sendable {
            case discard
            case inherit
            case file(String)
            case custom(@Sendable ([UInt8]) throws -> Void)
        }
        let kind: Kind

        /// Nowhere.
        public static let discard = Output(kind: .discard)
        /// The process's own stream.
        public static let inherit = Output(kind: .inherit)
        /// A file on the host, which is created or emptied.
        public static func file(_ path: String) -> Output { Output(kind: .file(path)) }
        /// A closure that takes the bytes as they are written; if it throws, the guest's write fails.
        public static func custom(_ write: @escaping @Sendable ([UInt8]) throws -> Void) -> Output {
            Output(kind: .custom(write))
        }
    }

    /// A directory of the host that the guest may use, with everything below it.
    public struct Directory: Sendable, Hashable {
        /// The directory's path on the host.
        public var hostPath: String
        /// The path under which the guest finds it.
        public var guestPath: String
        /// A Boolean value that tells whether the guest may change what is in it.
        public var isWritable: Bool

        /// Grants a directory.
        public init(hostPath: String, guestPath: String, isWritable: Bool = false) {
            self.hostPath = hostPath
            self.guestPath = guestPath
            self.isWritable = isWritable
        }
    }

    /// The guest's arguments, the program's name first; default none.
    public var arguments: [String] = []
    /// The guest's environment; default empty.
    public var environment: [String: String] = [:]
    /// The source of standard input; default none.
    public var standardInput = Input.empty
    /// The destination of standard output; default none.
    public var standardOutput = Output.discard
    /// The destination of standard error; default none.
    public var standardError = Output.discard
    /// The directories that the guest may use; default none.
    public var directories: [Directory] = []
    /// A Boolean value that tells whether the guest may use the network, with all that this process may do there; default
    /// false.
    public var allowsNetwork = false

    /// A configuration that grants nothing.
    ///
    /// Clocks and random numbers are always there.
    public init() {}
}
