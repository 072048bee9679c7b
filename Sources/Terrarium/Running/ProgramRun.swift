// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// One run of a program: its steps in the guest, and the waits for the host between them.
///
/// A run has one limit of time and one record of what it used, however many steps it takes. Only the sandbox's actor
/// uses it.
final class ProgramRun {
    /// The reason for which a program that waits is to end.
    private enum End {
        case cancellation
        case time(LimitBreach)

        /// The text of the `CancelledError` in the program.
        var message: String {
            switch self {
            case .cancellation: "the host cancelled the program"
            case .time(let breach): "the program ran longer than its time limit of \(breach.allowed)"
            }
        }
    }

    /// The way in which a program that waits goes on.
    private enum Continuation {
        /// A step, before which the clocks of a deterministic sandbox skip a time.
        case step(GuestFunction, String, skip: Duration? = nil)
        case end(End)
    }

    let recorder: RunRecorder
    private let interpreter: Interpreter
    private let limits: Limits
    private let start = ContinuousClock.now
    /// A Boolean value that tells whether guest code ran, so that a failure has something to take back.
    private var hasBegun = false

    private var context: SandboxContext { interpreter.context }
    private var host: ProgramHost { interpreter.context.host }

    init(_ interpreter: Interpreter, limits: Limits, events: RunEventBuffer? = nil) {
        self.interpreter = interpreter
        self.limits = limits
        recorder = RunRecorder(limits: limits, events: events)
    }

    // MARK: - A whole run

    /// Runs a program to its end, with all the host functions that it calls.
    ///
    /// If it has to be stopped, the sandbox is as if the program had never run.
    func run(_ request: String, configuration: Configuration) async throws -> Run {
        defer { host.calls.stopAlarm() }
        do {
            await host.gate.beginStep()
            var outcome = try step(.start, request, limits: limits, configuration: configuration)
            while case .waiting = outcome.status {
                recorder.update { $0.suspensions += 1 }
                switch try await next(after: outcome) {
                case .end(let end): outcome = try await cleanUp(end)
                case .step(let function, let request, let delay):
                    await host.gate.beginStep()
                    outcome = try step(function, request, limits: remainingLimits, continues: true, delay: delay)
                }
            }
            let run = try finish(outcome)
            if outcome.endsInterpreter { takeBack() }
            if context.deadline.isCancelled {
                // The program was told so where it waited, and has ended in its own way: its state is kept.
                hasBegun = false
                throw CancellationError()
            }
            return run
        } catch {
            if hasBegun { takeBack() }
            throw context.deadline.isCancelled ? CancellationError() : error
        }
    }

    /// Puts the sandbox back to its state before the run, which knows of none of the calls.
    private func takeBack() {
        interpreter.revert()
        host.calls.dropAll()
    }

    /// Waits until a program can go on, and answers how.
    private func next(after outcome: Outcome) async throws -> Continuation {
        let (calls, deadline) = (host.calls, context.deadline)
        if context.clock.isDeterministic, let wakeAfter = outcome.wakeAfter, calls.runningCount == 0, !calls.hasAnswers,
            !deadline.isCancelled
        {
            return .step(.resume, GuestRequest.resume([], relists: false, limits: limits), skip: wakeAfter)
        }
        let due = outcome.wakeAfter.map { ContinuousClock.now + $0 }
        guard due != nil || calls.runningCount > 0 || calls.hasAnswers else {
            throw SandboxError(.tampered, "The program waits for nothing: it tampered with what speaks with the host.")
        }
        let end = limits.time.map { start + $0 }
        while true {
            if deadline.isCancelled { return .end(.cancellation) }
            if deadline.takeKeyboardInterrupt() { return .step(.cancel, GuestRequest.interrupt) }
            let now = ContinuousClock.now
            if let end, let limit = limits.time, now >= end {
                return .end(.time(LimitBreach(.time, used: .time(now - start), allowed: .time(limit))))
            }
            if calls.hasAnswers || due.map({ now >= $0 }) ?? false { break }
            await calls.wait(until: [due, end].compactMap(\.self).min())
        }
        // The answers wait for the reader as well, so that a slow one slows the program.
        await recorder.events?.waitForRoom(until: end)
        return .step(.resume, GuestRequest.resume(calls.takeAnswers(), relists: false, limits: limits))
    }

    /// Cancels a program that waits, and gives it the time of grace to clean up.
    private func cleanUp(_ end: End) async throws -> Outcome {
        context.deadline.beginCleanUp()
        if case .time(let breach) = end { recorder.add(breach) }
        let grace = limits.duringGrace
        let latest = ContinuousClock.now + limits.grace
        await host.gate.beginStep()
        var outcome = try step(.cancel, GuestRequest.cancel(end.message), limits: grace, continues: true)
        while case .waiting = outcome.status, ContinuousClock.now < latest {
            let due = outcome.wakeAfter.map { ContinuousClock.now + $0 }
            while !host.calls.hasAnswers, ContinuousClock.now < min(due ?? latest, latest) {
                await host.calls.wait(until: min(due ?? latest, latest))
            }
            let request = GuestRequest.resume(host.calls.takeAnswers(), relists: false, limits: limits)
            await host.gate.beginStep()
            outcome = try step(.resume, request, limits: grace, continues: true)
        }
        guard case .waiting = outcome.status else {
            // A program that was cancelled has ended in its own way, and its state is kept.
            if case .cancellation = end {
                hasBegun = false
                throw CancellationError()
            }
            return outcome
        }
        guard case .time(let breach) = end else { throw CancellationError() }
        throw SandboxError(
            .timeLimit,
            "The program ran longer than its time limit of \(breach.allowed), and went on when it was cancelled.",
            breach: breach
        )
    }

    /// The limits that are left for a further step.
    private var remainingLimits: Limits {
        var rest = limits
        rest.time = limits.time.map { max(.zero, $0 - (ContinuousClock.now - start)) }
        rest.processorTime = limits.processorTime.map { max(.zero, $0 - recorder.processorTime) }
        return rest
    }

    // MARK: - Steps

    /// The message that tells the guest about functions and limits, and its quotas, if it does not know them yet.
    struct Configuration {
        var request: String?
        var quotas: Limits?

        static let known = Configuration()
    }

    /// Runs a step: sends the guest a message, and takes the calls that it makes.
    ///
    /// The gate is closed before.
    func step(
        _ function: GuestFunction,
        _ request: String,
        limits: Limits,
        continues: Bool = false,
        configuration: Configuration = .known,
        delay: Duration? = nil
    ) throws -> Outcome {
        let outcome = try suspendingStep(
            function,
            request,
            limits: limits,
            continues: continues,
            configuration: configuration,
            delay: delay
        )
        host.take(outcome)
        return outcome
    }

    /// Runs a step as ``step(_:_:limits:continues:configuration:delay:)`` does, whose calls are the caller's to answer.
    func suspendingStep(
        _ function: GuestFunction,
        _ request: String,
        limits: Limits? = nil,
        continues: Bool = false,
        configuration: Configuration = .known,
        delay: Duration? = nil
    ) throws -> Outcome {
        defer { host.gate.endStep() }
        let limits = limits ?? self.limits
        return try interpreter.call(limits: limits, continues: continues) { guest in
            hasBegun = true
            try interpreter.configure(configuration, guest)
            if let delay { _ = context.clock.skip(nanoseconds: UInt64(max(0, delay / .nanoseconds(1)))) }
            let startTime = HostClock.threadProcessorNanoseconds()
            let outcome: Outcome
            do {
                outcome = try Outcome(guest.ask(function, request), memory: guest.memory, limits: limits)
            } catch let exit as GuestExit {
                outcome = Outcome(exitCode: recorder.exitCode ?? Int(exit.status))
            }
            try record(guest, outcome, startTime)
            return outcome
        }
    }

    private func record(_ guest: GuestInstance, _ outcome: Outcome, _ startTime: UInt64) throws {
        let nanoseconds = HostClock.threadProcessorNanoseconds() &- startTime
        var files: (bytes: Int, count: Int)?
        if !outcome.isWaiting, !outcome.endsInterpreter { files = try GuestFiles(guest).usage() }
        recorder.update { usage in
            usage.processorTime += .nanoseconds(Int64(clamping: nanoseconds))
            usage.memoryBytes = max(0, guest.memory.size - interpreter.image.initialMemoryBytes)
            if let files { (usage.fileBytes, usage.fileCount) = files }
        }
        if let breach = context.deadline.breach { recorder.add(breach.ofRun(under: limits)) }
    }

    /// Makes the result of a program that ended.
    func finish(_ outcome: Outcome) throws -> Run {
        var run = Run()
        switch outcome.status {
        case .done(let forms):
            run.value = forms?.value
            run.text = forms?.text
            run.display = forms?.display
            if let breach = forms?.breach { recorder.add(breach) }
        case .failed(let error, let isShown): (run.error, run.isErrorShown) = (error, isShown)
        case .exited(let code): run.exitCode = code
        case .invalid(let message): throw SandboxError(.tampered, "The guest refused a message: \(message)")
        case .waiting, .idle: throw SandboxError.translating(MalformedMessage("a status"))
        }
        recorder.update { $0.time += ContinuousClock.now - start }
        recorder.finish(&run)
        if let error = run.error, let breach = limits.breach(causing: error, run) { run.breaches.append(breach) }
        return run
    }

    /// Makes a record of a program that waits.
    func progress() -> Run {
        var run = Run()
        recorder.update { $0.time += ContinuousClock.now - start }
        recorder.finish(&run)
        return run
    }
}

extension Interpreter {
    /// Tells the guest the quotas, functions and limits that it does not know yet.
    ///
    /// - Throws: `SandboxError` with the code `.invalidFunction` if Python does not allow a name or a signature.
    func configure(_ configuration: ProgramRun.Configuration, _ guest: GuestInstance) throws {
        if let limits = configuration.quotas {
            try GuestFiles(guest).setQuotas(bytes: limits.fileBytes, count: limits.fileCount)
            facts.hasQuotas = true
            facts.isAsInImage = false
        }
        guard let request = configuration.request else { return }
        let answer = try MessageReader(guest.ask(.configure, request), maxBytes: 1 << 20)
        if let breach = context.deadline.breach {
            throw SandboxError(.timeLimit, "The sandbox's limit was reached: \(breach).", breach: breach)
        }
        guard try answer.text("status") == "idle" else {
            let reason = try answer.optionalText("message") ?? ""
            throw SandboxError(.invalidFunction, "Python does not allow the host functions: \(reason)")
        }
        facts.isConfigured = true
        facts.isAsInImage = false
    }
}

extension LimitBreach {
    /// The same breach for the whole run, where a step had the rest of its time.
    fileprivate func ofRun(under limits: Limits) -> LimitBreach {
        let whole = limit == .time ? limits.time : limit == .processorTime ? limits.processorTime : nil
        return whole.map { LimitBreach(limit, used: .time($0), allowed: .time($0)) } ?? self
    }
}

extension Limits {
    /// The limit that an error speaks of, where it is Python that holds it.
    fileprivate func breach(causing error: PythonError, _ run: Run) -> LimitBreach? {
        let usage = run.usage
        return switch error.type {
        // The parser's stack is one of a fixed depth, as in every CPython.
        case "MemoryError" where error.message.hasPrefix("Parser stack overflowed"): nil
        case "MemoryError": LimitBreach(.memory, used: .bytes(usage.memoryBytes), allowed: .bytes(memoryBytes))
        case "RecursionError":
            LimitBreach(.stack, used: .count(recursionDepth), allowed: .count(recursionDepth))
        // Output beyond its limit is refused with the same error.
        case "OSError"
        where error.message.contains("No space left on device") && !run.breaches.contains { $0.limit == .output }:
            exhaustedSpace(usage)
        default: nil
        }
    }

    /// The limit for which there was no space left: files count to the memory as well, which is often the smaller limit.
    private func exhaustedSpace(_ usage: Usage) -> LimitBreach {
        if usage.fileCount >= fileCount {
            return LimitBreach(.fileCount, used: .count(usage.fileCount), allowed: .count(fileCount))
        }
        // Files grow page by page, so little is left of the limit that they ran into.
        return usage.memoryBytes > memoryBytes - (1 << 20)
            ? LimitBreach(.memory, used: .bytes(usage.memoryBytes), allowed: .bytes(memoryBytes))
            : LimitBreach(.files, used: .bytes(usage.fileBytes), allowed: .bytes(fileBytes))
    }

    /// The limits of a program that is to clean up: after the time of grace it is stopped.
    fileprivate var duringGrace: Limits {
        var limits = self
        limits.time = grace
        limits.grace = .zero
        return limits
    }
}
