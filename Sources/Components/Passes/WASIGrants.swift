// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The parts of its host's WASI that a virtualized component may still use.
///
/// By default, there are none.
///
/// Time and randomness are granted where the ``GuestConfiguration`` does not make them virtual.
public struct WASIGrants: Sendable, Hashable {
    /// A policy for output.
    public struct Output: Sendable, Hashable {
        /// The number by which the adapter in the component knows it.
        let policy: UInt32

        /// The stream is closed: writing fails.
        public static let deny = Output(policy: 0)
        /// The output is discarded.
        public static let ignore = Output(policy: 1)
        /// The host's stream of that name.
        public static let allow = Output(policy: 2)
    }

    /// A source of standard input.
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

    /// The source of standard input.
    ///
    /// By default, the stream is at its end.
    public var standardInput: Input
    /// The policy for standard output.
    ///
    /// By default, the stream is closed and writing fails.
    public var standardOutput: Output
    /// The policy for standard error.
    ///
    /// By default, the stream is closed and writing fails.
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
