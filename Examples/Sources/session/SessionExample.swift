// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A session: values in and out, errors and limits.
@main
struct SessionExample {
    struct Summary: Codable {
        var mean: Double
        var outliers: [Int]
    }

    static func main() async throws {
        var limits = Limits()
        limits.memoryBytes = 32 << 20
        limits.time = .seconds(10)
        let terrarium = try await Terrarium(limits: limits)
        let four: Int = try await terrarium.eval("2 + 2")
        print("2 + 2 =", four)

        let session = try await terrarium.session()
        try await session.set("rolls", to: [3, 6, 1, 4, 60])
        let summary: Summary = try await session.eval(
            """
            import statistics
            mean = statistics.mean(rolls)
            {'mean': mean, 'outliers': [roll for roll in rolls if roll > 3 * mean]}
            """
        )
        print("mean \(summary.mean), outliers \(summary.outliers)")

        // A program that raises is an outcome, and what it ran into has a name.
        let failed = try await session.run("rolls['a']", name: "main.py")
        print(failed.error?.rendered ?? "")
        let tooLarge = try await session.run("bytes(64 << 20)")
        print(tooLarge.error?.type ?? "", tooLarge.breaches.map(\.limit))
        print("The session goes on:", try await session.eval("len(rolls)", as: Int.self))
    }
}
