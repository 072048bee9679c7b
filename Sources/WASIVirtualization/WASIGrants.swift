// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// The parts of its host's WASI that a virtualized component may still use.
///
/// By default, there are none.
///
/// Time and randomness are granted where the ``GuestConfiguration`` does not make them virtual.
package struct WASIGrants: Sendable, Hashable {
    /// A policy for output.
    package struct Output: Sendable, Hashable {
        /// The number by which the adapter in the component knows it.
        let policy: UInt32

        /// The stream is closed: writing fails.
        package static let deny = Output(policy: 0)
        /// The output is discarded.
        package static let ignore = Output(policy: 1)
        /// The host's stream of that name.
        package static let allow = Output(policy: 2)
    }

    /// A source of standard input.
    package struct Input: Sendable, Hashable {
        let policy: UInt32
        let bytes: [UInt8]

        /// The stream is at its end.
        package static let deny = Input(policy: 0, bytes: [])
        /// The host's standard input.
        package static let allow = Input(policy: 2, bytes: [])

        /// Bytes that become part of the component.
        package static func bytes(_ bytes: [UInt8]) -> Input { Input(policy: 1, bytes: bytes) }
    }

    /// Environment variables of the host.
    package enum Environment: Sendable, Hashable {
        /// Those with these names.
        case variables(Set<String>)
        /// All of them.
        case all
    }

    /// The source of standard input.
    ///
    /// By default, the stream is at its end.
    package var standardInput: Input
    /// The policy for standard output.
    ///
    /// By default, the stream is closed and writing fails.
    package var standardOutput: Output
    /// The policy for standard error.
    ///
    /// By default, the stream is closed and writing fails.
    package var standardError: Output
    /// A Boolean value that tells whether the component may end the program with `wasi:cli/exit`; otherwise it traps, which
    /// is the default.
    package var allowsExit: Bool
    /// Which variables of the host's environment the component finds in its own; default none.
    package var inheritedEnvironment: Environment

    /// Creates grants.
    package init(
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
