// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization
import Testing

@testable import Terrarium

@Suite(.timeLimit(.minutes(10)))
struct SandboxExecutorTests {
    /// An actor that runs as sandboxes do.
    private actor Worker {
        private let executor: SandboxExecutor
        private var entries: [Int] = []
        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

        init(pool: WorkerPool) {
            executor = SandboxExecutor(pool: pool)
        }

        /// Starts tasks on this actor, which run when this call is over.
        func appendAll(_ range: Range<Int>) async -> [Int] {
            let tasks = range.map { index in Task { self.append(index) } }
            for task in tasks { await task.value }
            return entries
        }

        private func append(_ index: Int) {
            entries.append(index)
        }

        func wait(for gate: DispatchSemaphore) {
            gate.wait()
        }

        func nothing() {}
    }

    @Test("One actor's work runs in the order that it came in")
    func order() async {
        let worker = Worker(pool: WorkerPool(maxThreads: 4))
        #expect(await worker.appendAll(0..<500) == Array(0..<500))
    }

    @Test("An actor that blocks its thread stops neither the others nor the cooperative pool")
    func blocking() async {
        let pool = WorkerPool(maxThreads: 17)
        let gate = DispatchSemaphore(value: 0)
        // More than the cooperative pool has threads.
        let blocked = (0..<16).map { _ in
            Task {
                let worker = Worker(pool: pool)
                await worker.wait(for: gate)
            }
        }
        while pool.threadCount < 16 { await Task.yield() }
        await Worker(pool: pool).nothing()
        #expect(pool.threadCount == 17)
        for _ in blocked { gate.signal() }
        for task in blocked { await task.value }
    }

    @Test("Idle actors hold no thread")
    func idle() async {
        let pool = WorkerPool(maxThreads: 8, idleTime: .milliseconds(10))
        let workers = (0..<100).map { _ in Worker(pool: pool) }
        for worker in workers { await worker.nothing() }
        while pool.threadCount > 0 { await Task.yield() }
        for worker in workers { await worker.nothing() }
        #expect(pool.threadCount <= 8)
    }
}
