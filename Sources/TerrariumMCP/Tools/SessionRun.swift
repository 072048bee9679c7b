// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// A run in a session, or the part of one until its program waits for the client.
final class SessionRun: Sendable {
    /// The point that the program got to.
    struct Outcome: Sendable {
        var run = Run()
        /// The calls that it waits for; it ended if there are none.
        var calls: [HostCall] = []
        /// True if its time was over.
        var isOutOfTime = false
        /// The reason for which it had to be stopped.
        var failure: SandboxError?
        /// True if that took the sandbox back to before the run.
        var isReverted = false
    }

    private struct Collected {
        var output: [UInt8] = []
        var errorOutput: [UInt8] = []
        var displays: [Display] = []
        var isStoppedByTimer = false
        /// True if the program was dropped while it waited, which takes nothing back.
        var isAbandoned = false
        /// True once the program ended, so that another one may run in the sandbox by now.
        var isOver = false
    }

    private let session: MCPSession
    private let timeout: Duration?
    private let progress: ProgressReporter
    private let collected = Mutex(Collected())

    init(_ session: MCPSession, timeout: Duration?, progress: ProgressReporter) {
        self.session = session
        self.timeout = timeout
        self.progress = progress
    }

    private var sandbox: Sandbox { session.sandbox }

    /// Runs a program.
    ///
    /// - Throws: `CancellationError` if the task is cancelled: the program is interrupted, and the sandbox goes on.
    func start(_ program: Program) async throws -> Outcome {
        let suspends = !session.current.functions.isEmpty
        return try await interruptible {
            if suspends { return try await self.advance(try await self.sandbox.start(program)) }
            var run = Run()
            for try await event in self.sandbox.stream(program) {
                if case .finished(let finished) = event { run = finished } else { await self.take(event) }
            }
            return Outcome(run: run)
        }
    }

    /// Goes on with a program that waits, once there are answers.
    func resume(with answers: [HostCall.Answer]) async throws -> Outcome {
        try await interruptible { try await self.advance(try await self.sandbox.resume(with: answers)) }
    }

    // MARK: - Stopping

    private func interruptible(_ body: @escaping @Sendable () async throws -> Outcome) async throws -> Outcome {
        // A task of its own: cancelling it would take back all that the program did, so it is interrupted first.
        let work = Task { try await body() }
        let timer = timeout.map { timeout in
            Task {
                try await Task.sleep(for: timeout)
                collected.withLock { $0.isStoppedByTimer = true }
                await stop(work)
            }
        }
        defer { timer?.cancel() }
        let beats = Task { await progress.beat() }
        defer { beats.cancel() }
        let outcome: Result<Outcome, any Error> = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            Task { await stop(work) }
        }
        collected.withLock { $0.isOver = true }
        try Task.checkCancellation()
        return try completed(outcome)
    }

    /// Interrupts the program, and ends the task if the program does not heed that.
    private func stop(_ work: Task<Outcome, any Error>) async {
        collected.withLock { collected in
            if !collected.isOver { sandbox.interrupt() }
        }
        try? await Task.sleep(for: sandbox.limits.grace)
        work.cancel()
    }

    private func completed(_ result: Result<Outcome, any Error>) throws -> Outcome {
        var outcome: Outcome
        let collected = collected.withLock { $0 }
        do {
            outcome = try result.get()
        } catch let error as SandboxError {
            outcome = Outcome(failure: error)
        } catch is CancellationError where collected.isStoppedByTimer {
            outcome = Outcome(failure: SandboxError(.timeLimit, "The program was stopped when its time was over."))
        }
        outcome.isReverted = outcome.failure != nil && !collected.isAbandoned
        outcome.run.output = String(decoding: collected.output, as: UTF8.self)
        outcome.run.errorOutput = String(decoding: collected.errorOutput, as: UTF8.self)
        outcome.run.displays = collected.displays
        let isOutOfTime = outcome.run.breaches.contains { $0.limit == .time || $0.limit == .processorTime }
        outcome.isOutOfTime =
            isOutOfTime || outcome.failure?.code == .timeLimit
            || collected.isStoppedByTimer && outcome.run.error?.type == "KeyboardInterrupt"
        return outcome
    }

    // MARK: - Steps

    /// Goes on until the program ended, or waits for calls that the client has to answer.
    private func advance(_ first: Sandbox.Step) async throws -> Outcome {
        var step = first
        let names = Set(session.current.functions.map(\.name))
        let end = sandbox.limits.time.map { ContinuousClock.now + $0 }
        while true {
            guard case .suspended(let suspension) = step else {
                guard case .finished(let run) = step else { throw SandboxError(.engine, "The program got nowhere.") }
                keep(run)
                return Outcome(run: run)
            }
            keep(suspension.progress)
            // A program can call the function behind the tools itself, with a name that was never declared.
            let refused = suspension.calls.filter { !$0.isCall(ofOneOf: names) }
            if !refused.isEmpty {
                let error = PythonException("ToolError", "There is no such tool.")
                step = try await sandbox.resume(with: refused.map { $0.failed(with: error) })
                continue
            }
            guard suspension.calls.isEmpty else { return Outcome(calls: suspension.calls) }
            do {
                if let wakeAt = suspension.wakeAt { try await sleep(until: wakeAt, end) }
            } catch {
                // In a task that is not cancelled, so that it is done.
                let sandbox = sandbox
                try await Task { try await sandbox.abandon() }.value
                collected.withLock { $0.isAbandoned = true }
                throw error
            }
            step = try await sandbox.resume()
        }
    }

    private func sleep(until time: ContinuousClock.Instant, _ end: ContinuousClock.Instant?) async throws {
        guard let end, end < time else { return try await Task.sleep(until: time, clock: .continuous) }
        try await Task.sleep(until: end, clock: .continuous)
        throw SandboxError(.timeLimit, "The program waited for longer than it may take.")
    }

    // MARK: - Output

    private func take(_ event: RunEvent) async {
        switch event {
        case .progress(let report): await progress.report(report)
        case .output(let chunk):
            collected.withLock { collected in
                if chunk.stream == .standardOutput {
                    collected.output += chunk.bytes
                } else {
                    collected.errorOutput += chunk.bytes
                }
            }
        case .display(let display):
            collected.withLock { collected in
                if let id = display.id, let index = collected.displays.firstIndex(where: { $0.id == id }) {
                    collected.displays[index] = display
                } else {
                    collected.displays.append(display)
                }
            }
        case .cleared: collected.withLock { $0.displays = [] }
        default: break
        }
    }

    private func keep(_ run: Run) {
        collected.withLock { collected in
            collected.output += run.output.utf8
            collected.errorOutput += run.errorOutput.utf8
            collected.displays += run.displays
        }
    }
}

extension HostCall {
    /// True for a call of one of these functions of the client, in the form in which their wrappers make it.
    func isCall(ofOneOf names: Set<String>) -> Bool {
        guard function == ClientFunction.host.name, arguments.count == 2, case .dict = arguments[1],
            let name = arguments[0].string
        else { return false }
        return names.contains(name)
    }
}
