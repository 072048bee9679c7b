// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The host's knowledge of a program that waits.
struct SuspendedProgram {
    /// The calls that are under way.
    var calls: [Int: HostCall] = [:]
    /// A Boolean value that tells whether the calls are not known, because the sandbox is a copy.
    var isRestored = false
    /// The counts of the limits, which go on from step to step.
    var usage = Usage()
    /// The time until its next timer is due.
    var wakeAfter: Duration?
}

extension Sandbox {
    /// The point that a program got to.
    @nonexhaustive
    public enum Step: Sendable {
        /// The program ended.
        case finished(Run)
        /// The program waits for calls, for a time, or for both.
        case suspended(Suspension)
    }

    /// A program that waits.
    public struct Suspension: Sendable {
        /// The calls of async host functions that are under way, in the order in which they were made.
        public var calls: [HostCall]
        /// The time at which the program can go on without an answer, after `asyncio.sleep` for instance.
        public var wakeAt: ContinuousClock.Instant?
        /// The output of the program since it was started or resumed, and the resources that it used; nothing else.
        public var progress: Run

        /// Makes a suspension.
        public init(calls: [HostCall], wakeAt: ContinuousClock.Instant? = nil, progress: Run = Run()) {
            self.calls = calls
            self.wakeAt = wakeAt
            self.progress = progress
        }
    }

    /// Runs a program until it ends or has to wait.
    ///
    /// While it waits, it is data: the sandbox holds no thread, and ``snapshot()`` and ``fork(sharesRandomness:)`` copy
    /// it in the middle of its `await`. The caller answers the calls that it awaits; ``perform(_:)`` runs a function of
    /// the sandbox.
    ///
    ///     var step = try await sandbox.start("price = await fetch_price('A')\nprice * 2")
    ///     if case .suspended(let suspension) = step {
    ///         let answers = try suspension.calls.map { try $0.answered(with: 42) }
    ///         step = try await sandbox.resume(with: answers)
    ///     }
    ///
    /// Each step has the time of ``Limits/time``.
    ///
    /// - Parameter program: The program.
    /// - Returns: The point that it got to.
    /// - Throws: As ``run(_:)``.
    public func start(_ program: Program) async throws -> Step {
        _ = try GuestRequest.start(program, answers: [], limits: limits)
        return try await operation {
            guard suspended == nil else { throw Self.busy }
            let request = try GuestRequest.start(program, answers: context.host.calls.takeAnswers(), limits: limits)
            return try await advance(.start, request, SuspendedProgram(), standardInput: program.standardInput)
        }
    }

    /// Continues a suspended program, once calls are answered or its time has come; too early does no harm.
    ///
    /// - Parameter answers: The outcomes of calls; those that the program no longer awaits are ignored.
    /// - Returns: The point that it got to.
    /// - Throws: `SandboxError` with the code `.notSuspended` if there is no program; else as ``start(_:)``. The program
    ///   is then suspended as before.
    public func resume(with answers: [HostCall.Answer] = []) async throws -> Step {
        try await operation {
            guard var program = suspended else { throw Self.notSuspended }
            for answer in answers { program.calls[answer.id] = nil }
            let request = GuestRequest.resume(answers, relists: program.isRestored, limits: limits)
            return try await advance(.resume, request, program, hasNoAnswers: answers.isEmpty)
        }
    }

    /// Raises `CancelledError` at the pending `await` of a suspended program, which may catch it and continue.
    ///
    /// - Parameter message: The text of the exception.
    /// - Returns: The point that it got to.
    /// - Throws: As ``resume(with:)``.
    public func cancel(_ message: String = "the host cancelled the program") async throws -> Step {
        try await operation {
            guard let program = suspended else { throw Self.notSuspended }
            return try await advance(.cancel, GuestRequest.cancel(message), program)
        }
    }

    /// Discards a suspended program.
    ///
    /// No more of its code runs, not even `finally` blocks.
    ///
    /// - Throws: `SandboxError` with the code `.notSuspended` if there is no program.
    public func abandon() async throws {
        try await operation {
            guard suspended != nil else { throw Self.notSuspended }
            let run = ProgramRun(interpreter, limits: limits)
            await context.host.gate.beginStep()
            _ = try run.step(.cancel, GuestRequest.abandon, limits: limits)
            suspended = nil
        }
    }

    /// A Boolean value that tells whether a program is suspended.
    public var isSuspended: Bool { suspended != nil }

    /// Runs the sandbox's function that a suspended program called.
    ///
    /// - Parameter call: One of ``Suspension/calls``.
    /// - Returns: Its outcome, for ``resume(with:)``.
    public nonisolated func perform(_ call: HostCall) async -> HostCall.Answer {
        guard let body = context.host.functions.body(of: call) else {
            return HostCall.Answer(call.id, error: FunctionTable.unknown)
        }
        do {
            return HostCall.Answer(call.id, value: try await body())
        } catch {
            return HostCall.Answer(call.id, error: .hiding(error, of: call.function))
        }
    }

    private static let notSuspended = SandboxError(.notSuspended, "No program of the sandbox is suspended.")

    /// Runs a step, and as many more as it takes to refuse calls beyond the limits.
    private func advance(
        _ function: GuestFunction,
        _ request: String,
        _ program: SuspendedProgram,
        standardInput: StandardInput? = nil,
        hasNoAnswers: Bool = false
    ) async throws -> Step {
        var (function, request, program) = (function, request, program)
        let run = ProgramRun(interpreter, limits: limits)
        run.recorder.update { $0.hostCalls = program.usage.hostCalls }
        // Its calls are the caller's to answer, so none of them is under way while it runs.
        let host = context.host
        host.begin(run.recorder, scope: HostCallScope(self), standardInput: standardInput)
        defer { host.end() }
        // In a deterministic sandbox, a program is resumed without an answer because its time has come.
        var delay = context.clock.isDeterministic && function == .resume && hasNoAnswers ? program.wakeAfter : nil
        while true {
            let outcome: Outcome
            do {
                await host.gate.beginStep()
                outcome = try run.suspendingStep(function, request, configuration: configuration(), delay: delay)
            } catch {
                throw context.deadline.isCancelled ? CancellationError() : error
            }
            delay = nil
            guard outcome.isWaiting else {
                do {
                    let result = try run.finish(outcome)
                    if outcome.endsInterpreter { interpreter.revert() }
                    suspended = nil
                    return .finished(result)
                } catch {
                    interpreter.revert()
                    throw error
                }
            }
            let refused = outcome.calls.refused + admit(outcome.calls.calls, to: &program, run.recorder)
            for id in outcome.dropped { program.calls[id] = nil }
            program.isRestored = false
            program.wakeAfter = outcome.wakeAfter
            suspended = program
            guard !refused.isEmpty else {
                let progress = run.progress()
                program.usage = progress.usage
                suspended = program
                return .suspended(
                    Suspension(
                        calls: program.calls.values.sorted { $0.id < $1.id },
                        wakeAt: outcome.wakeAfter.map { ContinuousClock.now + $0 },
                        progress: progress
                    )
                )
            }
            (function, request) = (.resume, GuestRequest.resume(refused, relists: false, limits: limits))
        }
    }

    /// Notes new calls; answers those that are too many.
    private func admit(
        _ calls: [HostCall],
        to program: inout SuspendedProgram,
        _ recorder: RunRecorder
    ) -> [HostCall.Answer] {
        var refused: [HostCall.Answer] = []
        for call in calls {
            if let refusal = recorder.countCall(running: program.calls.count) {
                refused.append(HostCall.Answer(call.id, error: refusal))
            } else {
                program.calls[call.id] = call
            }
        }
        return refused
    }
}
