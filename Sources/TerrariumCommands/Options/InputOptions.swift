// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

/// The option of commands that run programs with standard input of their own.
struct InputOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Let programs read this program's standard input, when they ask for it."
    )
    var stdin = true

    /// The standard input of programs.
    var standardInput: StandardInput { stdin ? .ofProcess : [] }
}
