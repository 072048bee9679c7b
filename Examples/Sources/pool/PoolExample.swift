// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Many programs of many users at once: a bounded number of sandboxes, and tenants that take turns.
@main
struct PoolExample {
    static func main() async throws {
        var configuration = SandboxPool.Configuration()
        configuration.maxSandboxes = 2
        configuration.maxWaiting = 100
        let pool = SandboxPool(
            try await Image.python(),
            functions: [HostFunction("double") { (x: Int) in 2 * x }],
            configuration: configuration
        )
        let sums = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for tenant in 1...3 {
                for number in 1...10 {
                    group.addTask {
                        // Each run has a sandbox of its own: nothing of one is left for the next.
                        let run = try await pool.run(Program("double(\(number))"), tenant: "tenant \(tenant)")
                        return (tenant, try run.decode())
                    }
                }
            }
            var sums: [Int: Int] = [:]
            for try await (tenant, value) in group { sums[tenant, default: 0] += value }
            return sums
        }
        for (tenant, sum) in sums.sorted(by: { $0.key < $1.key }) { print("tenant \(tenant): \(sum)") }
        await pool.shutDown()
        let statistics = pool.statistics
        print("\(statistics.succeeded) runs, \(statistics.refused) refused")
        do {
            _ = try await pool.run("1")
        } catch let error as SandboxError {
            print("after the shutdown:", error.code)
        }
    }
}
