// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A call of a tool that failed, with a sentence for the model that made it.
struct ToolFailure: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
