// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import InMemoryLogging
import Logging
import MetricsTestKit
import ServiceLifecycle
import Terrarium
import TerrariumService
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SandboxPoolServiceTests {
    /// A pool that reports to what the test looks at.
    private struct Observed {
        let pool: SandboxPool
        let log = InMemoryLogHandler()
        let metrics = TestMetrics()
        let logger: Logger

        init(maxSandboxes: Int, maxWaiting: Int) async throws {
            let image = try await Image.python(parts: Parts(folder: URL(filePath: HostTools.partsFolder)))
            var limits = Limits()
            limits.time = .seconds(120)
            var configuration = SandboxPool.Configuration()
            (configuration.maxSandboxes, configuration.maxWaiting) = (maxSandboxes, maxWaiting)
            pool = SandboxPool(image, limits: limits, configuration: configuration)
            var logger = Logger(label: "test", factory: { [log] _ in log })
            logger.logLevel = .trace
            self.logger = logger
            pool.report(to: logger, label: "pool", factory: metrics)
        }

        func lines(_ level: Logger.Level) -> [String] {
            log.entries.filter { $0.level == level }.map { "\($0.message)" }
        }
    }

    @Test("Runs, how long they took and waited, refusals and sandboxes that are ready are metrics")
    func metrics() async throws {
        let observed = try await Observed(maxSandboxes: 1, maxWaiting: 1)
        let (pool, metrics) = (observed.pool, observed.metrics)
        #expect(try await pool.run("1 + 1").value == 2)
        await #expect(throws: CancellationError.self) { try await pool.withSandbox { _ in throw CancellationError() } }
        let waiting = try await pool.withSandbox { _ in
            let waiting = Task { try await pool.run("2") }
            while pool.statistics.waiting == 0 { await Task.yield() }
            let refused = await #expect(throws: SandboxError.self) { try await pool.run("3", tenant: "secret") }
            #expect(refused?.code == .overloaded)
            let gauges = try (metrics.expectGauge("pool.running"), metrics.expectGauge("pool.waiting"))
            #expect(gauges.0.lastValue == 1 && gauges.1.lastValue == 1)
            return waiting
        }
        #expect(try await waiting.value.value == 2)
        while pool.statistics.succeeded < 3 || pool.statistics.warm < 2 { await Task.yield() }
        await pool.shutDown()
        #expect(try metrics.expectCounter("pool.runs", [("outcome", "succeeded")]).totalValue == 3)
        #expect(try metrics.expectCounter("pool.runs", [("outcome", "failed")]).totalValue == 1)
        #expect(try metrics.expectCounter("pool.refused").totalValue == 1)
        #expect(try metrics.expectTimer("pool.duration").values.count == 4)
        #expect(try metrics.expectTimer("pool.wait").values.count == 4)
        #expect(try metrics.expectGauge("pool.warm").values.max() == 2)
        #expect(try metrics.expectGauge("pool.running").lastValue == 0)
        #expect(observed.lines(.debug).count == 4)
        #expect(observed.lines(.warning) == ["A run was refused."])
        #expect(!observed.log.entries.contains { "\($0.message) \($0.metadata)".contains("secret") })
    }

    @Test("A graceful shutdown serves what was asked for before, refuses what comes after, and is in the log")
    func gracefulShutdown() async throws {
        let observed = try await Observed(maxSandboxes: 1, maxWaiting: 10)
        let pool = observed.pool
        let group = ServiceGroup(services: [SandboxPoolService(pool)], logger: observed.logger)
        let service = Task { try await group.run() }
        let waiting = try await pool.withSandbox { sandbox in
            let waiting = (0..<3).map { number in Task { try await pool.run(Program("\(number)")).value } }
            while pool.statistics.waiting < 3 { await Task.yield() }
            await group.triggerGracefulShutdown()
            while !observed.lines(.notice).contains("The pool is shutting down.") { await Task.yield() }
            await #expect(throws: SandboxError.self) { try await pool.run("4") }
            let sum: Int = try await sandbox.evaluate("1 + 1")
            #expect(sum == 2)
            return waiting
        }
        for (number, task) in waiting.enumerated() {
            #expect(try await task.value == PythonValue(number))
        }
        try await service.value
        #expect(pool.statistics.succeeded == 4 && pool.statistics.refused == 1 && pool.statistics.running == 0)
        #expect(observed.lines(.notice).last == "The pool was shut down.")
    }

    @Test("A service that is cancelled shuts the pool down, too")
    func cancellation() async throws {
        let pool = try await Observed(maxSandboxes: 1, maxWaiting: 10).pool
        let service = Task { try await SandboxPoolService(pool).run() }
        service.cancel()
        try await service.value
        await #expect(throws: SandboxError.self) { try await pool.run("1") }
    }
}
