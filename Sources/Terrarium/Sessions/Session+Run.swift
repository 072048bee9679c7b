// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Session {
    /// Why a program that waits is to end.
    private enum End {
        case cancellation
        case time(LimitBreach)

        /// What the program is told.
        var message: String {
            switch self {
            case .cancellation: "the host cancelled the program"
            case .time(let breach): "the program ran longer than its time limit of \(breach.allowed)"
            }
        }
    }

    func run(_ program: Program, events: RunEventBuffer? = nil) async throws -> Run {
        try await turnstile.run {
            guard suspended == nil else { throw Self.busy }
            try await configureIfNeeded()
            let control = RunControl(deadline: sandbox.deadline, calls: host.calls)
            // The steps are not part of the caller's task: its cancellation would stop a program that may yet clean up.
            // They run where the programs do, so that going from one to the other takes no change of threads.
            let task = Task(executorPreference: sandbox.image.runtime.workers) {
                try await self.drive(program, control: control, events: events)
            }
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                control.cancel()
            }
        }
    }

    static let busy = SandboxError(.busy, "A program of the session is suspended: resume or cancel it first.")

    /// Runs a program, and what it calls, step by step.
    private func drive(_ program: Program, control: RunControl, events: RunEventBuffer?) async throws -> Run {
        let recorder = RunRecorder(limits: limits, events: events)
        host.begin(recorder, control: control, standardInput: program.standardInput)
        defer { host.end() }
        let run: Run
        do {
            let start = ContinuousClock.now
            let outcome = try await outcome(of: program, since: start, recorder: recorder, control: control)
            run = try finish(outcome, recorder: recorder, since: start)
        } catch {
            // As if the program had never run; the state before it knows of none of these calls.
            await sandbox.revert()
            host.calls.dropAll()
            throw control.isCancelled ? CancellationError() : error
        }
        // A program that waited was told so there, and has ended in its own way.
        if control.isCancelled { throw CancellationError() }
        return run
    }

    /// Runs a program to its end, or until it has to end.
    private func outcome(
        of program: Program,
        since start: ContinuousClock.Instant,
        recorder: RunRecorder,
        control: RunControl
    ) async throws -> Outcome {
        var request = try SessionRequest.start(program, answers: host.calls.takeAnswers(), limits: limits)
        var function = SessionFunction.start
        var delay: Duration?
        while true {
            let step = Sandbox.Step(
                function: function,
                request: request,
                limits: remainingLimits(since: start, recorder),
                continues: function != .start,
                control: control,
                recorder: recorder,
                delay: delay
            )
            let outcome = try await sandbox.run(step)
            host.take(outcome)
            guard case .waiting = outcome.status else { return outcome }
            recorder.update { $0.suspensions += 1 }
            if isDeterministic, let wakeAfter = outcome.wakeAfter, host.calls.runningCount == 0, !host.calls.hasAnswers,
                !control.isCancelled
            {
                (function, delay) = (.resume, wakeAfter)
                request = SessionRequest.resume([], relists: false, limits: limits)
                continue
            }
            delay = nil
            // Many functions have an answer as soon as they had their turn.
            await Task.yield()
            if let end = try await waitForHost(outcome, since: start, control: control) {
                return try await endProgram(end, recorder: recorder)
            }
            await recorder.events?.waitForRoom()
            request = SessionRequest.resume(host.calls.takeAnswers(), relists: false, limits: limits)
            function = .resume
        }
    }

    /// Waits until the program can go on; answers why it must not.
    private func waitForHost(
        _ outcome: Outcome,
        since start: ContinuousClock.Instant,
        control: RunControl
    ) async throws -> End? {
        let due = outcome.wakeAfter.map { ContinuousClock.now + $0 }
        guard due != nil || host.calls.runningCount > 0 || host.calls.hasAnswers else {
            throw SandboxError(.tampered, "The program waits for nothing: it tampered with what speaks with the host.")
        }
        let end = limits.time.map { start + $0 }
        while true {
            if control.isCancelled { return .cancellation }
            let now = ContinuousClock.now
            if let end, let limit = limits.time, now >= end {
                return .time(LimitBreach(.time, used: .time(now - start), allowed: .time(limit)))
            }
            if host.calls.hasAnswers { return nil }
            if let due, now >= due { return nil }
            await host.calls.wait(until: [due, end].compactMap(\.self).min())
        }
    }

    /// Cancels a program that waits, and gives it the time of grace to clean up.
    private func endProgram(_ end: End, recorder: RunRecorder) async throws -> Outcome {
        if case .time(let breach) = end { recorder.add(breach) }
        let grace = limits.duringGrace
        let latest = ContinuousClock.now + limits.grace
        func step(_ function: SessionFunction, _ request: String) async throws -> Outcome {
            let step = Sandbox.Step(
                function: function,
                request: request,
                limits: grace,
                continues: true,
                recorder: recorder
            )
            let outcome = try await sandbox.run(step)
            host.take(outcome)
            return outcome
        }
        var outcome = try await step(.cancel, SessionRequest.cancel(end.message))
        while case .waiting = outcome.status, ContinuousClock.now < latest {
            let due = outcome.wakeAfter.map { ContinuousClock.now + $0 }
            while !host.calls.hasAnswers, ContinuousClock.now < min(due ?? latest, latest) {
                await host.calls.wait(until: min(due ?? latest, latest))
            }
            let request = SessionRequest.resume(host.calls.takeAnswers(), relists: false, limits: limits)
            outcome = try await step(.resume, request)
        }
        guard case .waiting = outcome.status else { return outcome }
        guard case .time(let breach) = end else { throw CancellationError() }
        throw SandboxError(
            .timeLimit,
            "The program ran longer than its time limit of \(breach.allowed), and went on when cancelled.",
            breach: breach
        )
    }

    /// What is left of the limits for a further step.
    private func remainingLimits(since start: ContinuousClock.Instant, _ recorder: RunRecorder) -> Limits {
        var rest = limits
        rest.time = limits.time.map { max(.zero, $0 - (ContinuousClock.now - start)) }
        rest.processorTime = limits.processorTime.map { max(.zero, $0 - recorder.processorTime) }
        return rest
    }

    /// What came of a program that ended.
    func finish(_ outcome: Outcome, recorder: RunRecorder, since start: ContinuousClock.Instant) throws -> Run {
        var run = Run()
        switch outcome.status {
        case .done(let forms):
            run.value = forms?.value
            run.text = forms?.text
            run.display = forms?.display
            if let breach = forms?.breach { recorder.add(breach) }
        case .failed(let error): run.error = error
        case .exited(let code): run.exitCode = code
        case .invalid(let message): throw SandboxError(.tampered, "The guest refused a message: \(message)")
        case .waiting, .idle: throw SandboxError.translating(MalformedMessage("a status"))
        }
        recorder.update { $0.time += ContinuousClock.now - start }
        recorder.finish(&run)
        if let error = run.error, let breach = limits.breach(causing: error, run) { run.breaches.append(breach) }
        return run
    }
}

extension Limits {
    /// The limit that an error speaks of, where it is Python that holds it.
    fileprivate func breach(causing error: PythonError, _ run: Run) -> LimitBreach? {
        let usage = run.usage
        return switch error.type {
        case "MemoryError": LimitBreach(.memory, used: .bytes(usage.memoryBytes), allowed: .bytes(memoryBytes))
        case "RecursionError":
            LimitBreach(.stack, used: .count(recursionDepth), allowed: .count(recursionDepth))
        // Output beyond its limit is refused with the same error.
        case "OSError"
        where error.message.contains("No space left on device") && !run.breaches.contains { $0.limit == .output }:
            usage.fileCount >= fileCount
                ? LimitBreach(.fileCount, used: .count(usage.fileCount), allowed: .count(fileCount))
                : LimitBreach(.files, used: .bytes(usage.fileBytes), allowed: .bytes(fileBytes))
        default: nil
        }
    }

    /// For a program that is to clean up: after the time of grace it is stopped.
    fileprivate var duringGrace: Limits {
        var limits = self
        limits.time = grace
        limits.grace = .zero
        return limits
    }
}
