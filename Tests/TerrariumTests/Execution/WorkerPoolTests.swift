// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Terrarium

@Suite(.timeLimit(.minutes(10)))
struct WorkerPoolTests {
    /// What closures on several threads note down.
    private final class Log: Sendable {
        private let entries = Mutex<[Int]>([])
        var all: [Int] { entries.withLock(\.self) }
        func append(_ entry: Int) { entries.withLock { $0.append(entry) } }
    }

    /// Waits for something that another thread will do; the suite's time limit ends it if that never comes.
    private func until(_ holds: () -> Bool) async {
        while !holds() { await Task.yield() }
    }

    @Test("One thread runs everything in the order of submission")
    func order() async {
        let pool = WorkerPool(maxThreads: 1)
        let log = Log()
        for index in 0..<1_000 { pool.submit { log.append(index) } }
        await until { log.all.count == 1_000 }
        #expect(log.all == Array(0..<1_000))
        #expect(pool.threadCount <= 1)
    }

    @Test("There are never more threads than allowed, and as many where there is work for them")
    func bound() async {
        let pool = WorkerPool(maxThreads: 3)
        let running = Mutex(0)
        let done = Log()
        let gate = DispatchSemaphore(value: 0)
        for index in 0..<50 {
            pool.submit {
                running.withLock { $0 += 1 }
                gate.wait()
                running.withLock { $0 -= 1 }
                done.append(index)
            }
        }
        await until { running.withLock(\.self) == 3 }
        #expect(pool.threadCount == 3)
        for _ in 0..<50 {
            #expect(running.withLock(\.self) <= 3)
            gate.signal()
        }
        await until { done.all.count == 50 }
        #expect(pool.threadCount <= 3)
        #expect(done.all.sorted() == Array(0..<50))
    }

    @Test("Work may submit work, also where there is but one thread")
    func nested() async {
        let pool = WorkerPool(maxThreads: 1)
        let log = Log()
        pool.submit {
            pool.submit {
                pool.submit { log.append(3) }
                log.append(2)
            }
            log.append(1)
        }
        await until { log.all.count == 3 }
        #expect(log.all == [1, 2, 3])
    }

    @Test("Threads end when there was no work for a while, and start again")
    func idle() async {
        let pool = WorkerPool(maxThreads: 4, idleTime: .milliseconds(20))
        let log = Log()
        for round in 1...3 {
            for index in 0..<20 { pool.submit { log.append(index) } }
            await until { log.all.count == round * 20 }
            await until { pool.threadCount == 0 }
        }
        #expect(log.all.count == 60)
    }

    @Test("Work that comes just as a thread ends is not lost")
    func race() async {
        let pool = WorkerPool(maxThreads: 2, idleTime: .nanoseconds(1))
        let log = Log()
        for index in 0..<2_000 {
            pool.submit { log.append(index) }
            if index % 7 == 0 { await until { log.all.count > index } }
        }
        await until { log.all.count == 2_000 }
        #expect(log.all.sorted() == Array(0..<2_000))
    }

    @Test("A thread that blocks gives its place to another, so that work which it waits for gets done")
    func blocking() async {
        let pool = WorkerPool(maxThreads: 1)
        let log = Log()
        for index in 0..<8 {
            pool.submit {
                WorkerPool.whileBlocking {
                    // Each waits for the last one.
                    while !log.all.contains(8) {}
                }
                log.append(index)
            }
        }
        pool.submit { log.append(8) }
        await until { log.all.count == 9 }
        #expect(log.all.first == 8)
        #expect(log.all.sorted() == Array(0...8))
    }

    @Test("No more threads are started for those that block than allowed")
    func blockingBound() async {
        let pool = WorkerPool(maxThreads: 1, maxBlockedThreads: 2)
        let running = Mutex(0)
        let (gate, done) = (DispatchSemaphore(value: 0), Log())
        for index in 0..<20 {
            pool.submit {
                running.withLock { $0 += 1 }
                WorkerPool.whileBlocking { gate.wait() }
                running.withLock { $0 -= 1 }
                done.append(index)
            }
        }
        await until { running.withLock(\.self) == 3 }
        for _ in 0..<20 {
            #expect(running.withLock(\.self) <= 3)
            gate.signal()
        }
        await until { done.all.count == 20 }
        #expect(pool.threadCount <= 3)
    }
}
