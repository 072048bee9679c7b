// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import Testing

@testable import Terrarium

/// Bounds of a pool in time and by tenant.
@Suite(.timeLimit(.minutes(5)))
struct PoolBoundsTests {
    private func pool(_ change: (inout SandboxPool.Configuration) -> Void) async throws -> SandboxPool {
        var configuration = SandboxPool.Configuration()
        configuration.warmSandboxes = 0
        change(&configuration)
        return SandboxPool(try await TestImage.python, limits: TestImage.patient, configuration: configuration)
    }

    /// A sandbox of a pool that is in use until it is given back.
    private final class Loan: Sendable {
        private let gate = AsyncStream<Void>.makeStream()
        private let task: Mutex<Task<Void, any Error>?> = Mutex(nil)

        init(_ pool: SandboxPool, tenant: String) async {
            let running = pool.statistics.running
            let stream = gate.stream
            task.withLock { task in
                task = Task { try await pool.withSandbox(tenant: tenant) { _ in for await _ in stream { break } } }
            }
            while pool.statistics.running == running { await Task.yield() }
        }

        func giveBack() async throws {
            gate.continuation.yield()
            try await task.withLock(\.self)?.value
        }
    }

    @Test("A request that waits longer than allowed is refused, and leaves its place in the queue")
    func acquireTimeout() async throws {
        let pool = try await pool {
            $0.maxSandboxes = 1
            $0.acquireTimeout = .milliseconds(30)
        }
        let loan = await Loan(pool, tenant: "a")
        for _ in 0..<3 {
            let refused = await #expect(throws: SandboxError.self) { try await pool.run("1", tenant: "b") }
            #expect(refused?.code == .overloaded)
            #expect(refused?.message.contains("30 ms") == true)
        }
        #expect(pool.statistics.waiting == 0 && pool.statistics.refused == 3)
        try await loan.giveBack()
        // One that gets its sandbox in time keeps it for as long as it likes.
        let slow: Program = "import time\ntime.sleep(0.2)\n7"
        #expect(try await pool.run(slow, tenant: "b").value == 7)
        #expect(pool.statistics.refused == 3 && pool.statistics.failed == 0)
    }

    @Test("A tenant that has all of its sandboxes waits, while others that came later are served")
    func perTenant() async throws {
        let pool = try await pool {
            $0.maxSandboxes = 3
            $0.maxSandboxesPerTenant = 2
        }
        let first = await Loan(pool, tenant: "flood")
        let second = await Loan(pool, tenant: "flood")
        let third = Task { try await pool.run("3", tenant: "flood").value }
        while pool.statistics.waiting == 0 { await Task.yield() }
        // There is a sandbox left, and it is not for the flood.
        #expect(try await pool.run("1", tenant: "quiet").value == 1)
        #expect(try await pool.run("2", tenant: "other").value == 2)
        #expect(pool.statistics.waiting == 1)
        try await first.giveBack()
        #expect(try await third.value == 3)
        try await second.giveBack()
        #expect(pool.statistics.running == 0 && pool.statistics.waiting == 0)
    }

    @Test("A full pool serves the tenants in turn, and skips one that has all of its sandboxes")
    func turns() async throws {
        let pool = try await pool {
            $0.maxSandboxes = 2
            $0.maxSandboxesPerTenant = 1
        }
        let (first, second) = (await Loan(pool, tenant: "a"), await Loan(pool, tenant: "b"))
        let order = Shared<[String]>([])
        func request(_ tenant: String) async -> Task<Void, any Error> {
            let waiting = pool.statistics.waiting
            let task = Task { try await pool.withSandbox(tenant: tenant) { _ in order.change { $0.append(tenant) } } }
            while pool.statistics.waiting == waiting { await Task.yield() }
            return task
        }
        let tasks = [
            await request("a"), await request("a"), await request("c"), await request("c"), await request("a"),
        ]
        // What b gives back is not for a, which came first and has its own.
        try await second.giveBack()
        try await tasks[2].value
        try await tasks[3].value
        #expect(order.value == ["c", "c"])
        try await first.giveBack()
        for task in tasks { try await task.value }
        #expect(order.value == ["c", "c", "a", "a", "a"])
    }

    @Test("A pool without requests drops its ready sandboxes after a while, and makes others ready for the next ones")
    func idleTimeout() async throws {
        let pool = try await pool {
            $0.warmSandboxes = 2
            $0.idleTimeout = .milliseconds(50)
        }
        for round in 1...2 {
            #expect(try await pool.run("1 + 1").value == 2)
            // Ready ones are made while the first is in use, or right after it.
            while pool.statistics.warm > 0 || pool.statistics.started < round { await Task.yield() }
            let loan = await Loan(pool, tenant: "")
            while pool.statistics.warm < 2 { await Task.yield() }
            // Those that are in use keep the ready ones from being dropped.
            try await Task.sleep(for: .milliseconds(150))
            #expect(pool.statistics.warm == 2)
            try await loan.giveBack()
            while pool.statistics.warm > 0 { await Task.yield() }
        }
        #expect(pool.statistics.failed == 0)
    }

    @Test("Numbers of sandboxes that make no sense still let one request through", arguments: [0, -5])
    func nonsense(count: Int) async throws {
        let pool = try await pool {
            $0.maxSandboxes = count
            $0.maxSandboxesPerTenant = count
            $0.maxWaiting = count
            $0.warmSandboxes = count
        }
        #expect(try await pool.run("1 + 1").value == 2)
        let loan = await Loan(pool, tenant: "")
        let refused = await #expect(throws: SandboxError.self) { try await pool.run("1") }
        #expect(refused?.code == .overloaded)
        try await loan.giveBack()
    }

    @Test("Requests that time out, are cancelled and get their turn at the same moment each end once")
    func races() async throws {
        let pool = try await pool {
            $0.maxSandboxes = 1
            $0.acquireTimeout = .microseconds(500)
        }
        let outcomes = Shared((served: 0, refused: 0, cancelled: 0))
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<400 {
                group.addTask {
                    let task = Task {
                        try await pool.withSandbox(tenant: "\(index % 3)") { _ in
                            try? await Task.sleep(for: .microseconds(index % 5 * 100))
                        }
                    }
                    if index % 3 == 0 {
                        try? await Task.sleep(for: .microseconds(index % 7 * 100))
                        task.cancel()
                    }
                    switch await task.result {
                    case .success: outcomes.change { $0.served += 1 }
                    case .failure(let error as SandboxError):
                        #expect(error.code == .overloaded)
                        outcomes.change { $0.refused += 1 }
                    case .failure(let error):
                        #expect(error is CancellationError)
                        outcomes.change { $0.cancelled += 1 }
                    }
                }
            }
        }
        let (served, refused, cancelled) = outcomes.value
        #expect(served + refused + cancelled == 400)
        let statistics = pool.statistics
        #expect(statistics.running == 0 && statistics.waiting == 0)
        #expect(statistics.started == served && statistics.refused == refused)
        #expect(try await pool.run("1 + 1").value == 2)
    }
}

/// A value that several tasks change.
private final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) {
        state = Mutex(value)
    }

    var value: Value { state.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) {
        state.withLock { value in
            var changed = value
            body(&changed)
            value = changed
        }
    }
}
