// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Testing

@testable import Terrarium

@Suite(.timeLimit(.minutes(5)))
struct ConditionTests {
    @Test("A signal is never missed, at whatever moment it comes")
    func signals() async {
        let pool = WorkerPool(maxThreads: 2)
        let condition = Condition()
        let asked = Mutex(0)
        let answered = Mutex(0)
        pool.submit {
            for round in 1...20_000 {
                asked.withLock { $0 = round }
                // If a signal were missed, this would take longer than the suite may.
                condition.wait(until: .now + .seconds(600)) { answered.withLock(\.self) == round }
            }
            asked.withLock { $0 = -1 }
        }
        await withCheckedContinuation { done in
            pool.submit {
                var round = 0
                while round >= 0 {
                    round = asked.withLock(\.self)
                    guard round != answered.withLock(\.self) else { continue }
                    answered.withLock { $0 = round }
                    condition.signalAll()
                }
                done.resume()
            }
        }
        #expect(answered.withLock(\.self) == -1)
    }

    @Test("A wait ends at its time, also where signals come in between")
    func time() async {
        let pool = WorkerPool(maxThreads: 1)
        let condition = Condition()
        let elapsed: Duration = await withCheckedContinuation { done in
            pool.submit {
                done.resume(
                    returning: ContinuousClock().measure {
                        condition.wait(until: .now + .milliseconds(50)) {
                            condition.signalAll()
                            return false
                        }
                    }
                )
            }
        }
        #expect(elapsed >= .milliseconds(50))
    }
}
