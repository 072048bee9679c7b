// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A sandbox: values in and out, errors and limits.
@main
struct SandboxExample {
    struct Summary: Codable {
        var mean: Double
        var outliers: [Int]
    }

    static func main() async throws {
        var limits = Limits()
        limits.memoryBytes = 32 << 20
        limits.time = .seconds(10)
        let image = try await Image.python()
        let four: Int = try await image.evaluate("2 + 2")
        print("2 + 2 =", four)

        let sandbox = Sandbox(image, limits: limits)
        try await sandbox.set("rolls", to: [3, 6, 1, 4, 60])
        let summary: Summary = try await sandbox.evaluate(
            """
            import statistics
            mean = statistics.mean(rolls)
            {'mean': mean, 'outliers': [roll for roll in rolls if roll > 3 * mean]}
            """
        )
        print("mean \(summary.mean), outliers \(summary.outliers)")

        // A program that raises is an outcome, and what it ran into has a name.
        let failed = try await sandbox.run(Program("rolls['a']", name: "main.py"))
        print(failed.error?.rendered ?? "")
        let tooLarge = try await sandbox.run("bytes(64 << 20)")
        print(tooLarge.error?.type ?? "", tooLarge.breaches.map(\.limit))
        print("The sandbox goes on:", try await sandbox.evaluate("len(rolls)", as: Int.self))
    }
}
