// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What a virtualized component may still use of the WASI of its host; nothing by default.
///
/// Time and randomness are granted where the ``GuestConfiguration`` does not make them virtual.
public struct WASIGrants: Sendable, Hashable {
    /// What happens to output.
    public struct Output: Sendable, Hashable {
        /// The number by which the adapter in the component knows it.
        let policy: UInt32

        /// The stream is closed: writing fails.
        public static let deny = Output(policy: 0)
        /// What is written goes nowhere.
        public static let ignore = Output(policy: 1)
        /// The host's stream of that name.
        public static let allow = Output(policy: 2)
    }

    /// Where standard input comes from.
    public struct Input: Sendable, Hashable {
        let policy: UInt32
        let bytes: [UInt8]

        /// The stream is at its end.
        public static let deny = Input(policy: 0, bytes: [])
        /// The host's standard input.
        public static let allow = Input(policy: 2, bytes: [])

        /// Bytes that become part of the component.
        public static func bytes(_ bytes: [UInt8]) -> Input { Input(policy: 1, bytes: bytes) }
    }

    /// Environment variables of the host.
    public enum Environment: Sendable, Hashable {
        /// Those with these names.
        case variables(Set<String>)
        /// All of them.
        case all
    }

    /// Where standard input comes from; default nowhere.
    public var standardInput: Input
    /// Where standard output goes; default nowhere, writing fails.
    public var standardOutput: Output
    /// Where standard error goes; default nowhere, writing fails.
    public var standardError: Output
    /// A Boolean value that tells whether the component may end the program with `wasi:cli/exit`; otherwise it traps, which
    /// is the default.
    public var allowsExit: Bool
    /// Which variables of the host's environment the component finds in its own; default none.
    public var inheritedEnvironment: Environment

    /// Creates grants.
    public init(
        standardInput: Input = .deny,
        standardOutput: Output = .deny,
        standardError: Output = .deny,
        allowsExit: Bool = false,
        inheritedEnvironment: Environment = .variables([])
    ) {
        self.standardInput = standardInput
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.allowsExit = allowsExit
        self.inheritedEnvironment = inheritedEnvironment
    }
}
