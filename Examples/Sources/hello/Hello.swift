// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

@main
struct Hello {
    static func main() async throws {
        let sandbox = Sandbox(try await Image.python())
        let run = try await sandbox.run("import statistics\nrolls = [3, 6, 1, 4]\nstatistics.mean(rolls)")
        print(run.value ?? "no value")
        let total: Int = try await sandbox.evaluate("sum(rolls)")
        print(total)
    }
}
