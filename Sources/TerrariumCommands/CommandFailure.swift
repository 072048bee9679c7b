// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser

/// Ends a command with a sentence for the person who typed it.
struct CommandFailure: Error {
    let message: String
    let exitCode: ExitCode

    /// The command line, or a file that it names, is not as it should be.
    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(message: message, exitCode: .usage)
    }
}
