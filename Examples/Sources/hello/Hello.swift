// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

@main
struct Hello {
    static func main() async throws {
        let sandbox = try Sandbox(Image.python())
        try await sandbox.exec("import statistics\nrolls = [3, 6, 1, 4]")
        print(try await sandbox.eval("statistics.mean(rolls)"))
    }
}
