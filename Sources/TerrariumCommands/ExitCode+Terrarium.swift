// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ExitCode {
    /// The program raised an exception that it did not catch.
    static let pythonError = ExitCode(1)
    /// The command line, or a file that it names, is not as it should be.
    static let usage = ExitCode(2)
    /// The program ran into its time limit; the same code as `timeout` of GNU.
    static let timeLimit = ExitCode(124)
    /// The sandbox itself failed, or the output could not be written.
    static let sandboxFailure = ExitCode(125)
    /// Ctrl-C was pressed.
    static let interrupted = ExitCode(128 + SIGINT)
    /// The reader of standard output has gone.
    static let brokenPipe = ExitCode(128 + SIGPIPE)
}

extension SandboxError {
    var exitCode: ExitCode {
        switch code {
        case .timeLimit: .timeLimit
        case .invalidComponent, .invalidImage, .invalidSnapshot, .unreadableFile, .memoryLimitTooLow: .usage
        default: .sandboxFailure
        }
    }
}
