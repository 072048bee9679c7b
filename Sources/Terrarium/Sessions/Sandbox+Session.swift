// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Sandbox {
    /// A message to the program, with how it is to be run.
    struct Step: Sendable {
        let function: SessionFunction
        let request: String
        let limits: Limits
        /// Whether this goes on with what an earlier step began, so that a failure goes back to before that one.
        var continues = false
        /// Cancels it, unless it is itself what follows from a cancellation.
        var control: RunControl?
        let recorder: RunRecorder
        /// How much later it is in a deterministic session, where waiting takes no time.
        var delay: Duration?
    }

    /// Runs a step of a session's program.
    func run(_ step: Step) throws -> Outcome {
        try runNow(limits: step.limits, continues: step.continues) { guest in
            // A cancellation before the deadline was set would be forgotten.
            if step.control?.isCancelled == true { throw CancellationError() }
            if let delay = step.delay {
                context.virtualWorld?.advance(by: UInt64(max(0, delay / .nanoseconds(1))))
            }
            let start = HostClock.threadProcessorNanoseconds()
            let answer = try guest.ask(step.function, step.request)
            let outcome = try Outcome(answer, memory: guest.memory, limits: step.limits)
            let nanoseconds = HostClock.threadProcessorNanoseconds() &- start
            let files: (bytes: Int, count: Int)?
            if case .waiting = outcome.status { files = nil } else { files = try GuestFiles(guest).usage() }
            step.recorder.update { usage in
                usage.processorTime += .nanoseconds(Int64(clamping: nanoseconds))
                usage.memoryBytes = max(0, (guest.memory?.size ?? 0) - image.initialMemoryBytes)
                if let files { (usage.fileBytes, usage.fileCount) = files }
            }
            if let breach = deadline.breach { step.recorder.add(breach.ofRun(under: step.recorder.limits)) }
            return outcome
        }
    }

    /// Sends the guest a message that runs no program, and answers what it says.
    func ask<Answer: Sendable>(
        _ function: SessionFunction,
        _ request: String,
        _ read: @Sendable (String) throws -> Answer
    ) async throws -> Answer {
        try await run { guest in
            let answer = try guest.ask(function, request)
            // Interrupted, the guest answers otherwise than asked.
            if let breach = deadline.breach {
                throw SandboxError(.timeLimit, "The session's limit was reached: \(breach).", breach: breach)
            }
            return try read(answer)
        }
    }

}

extension LimitBreach {
    /// The same of the whole run, where a step had what was left of its time.
    fileprivate func ofRun(under limits: Limits) -> LimitBreach {
        let whole = limit == .time ? limits.time : limit == .processorTime ? limits.processorTime : nil
        return whole.map { LimitBreach(limit, used: .time($0), allowed: .time($0)) } ?? self
    }
}
