// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A program that waits, and what the host knows of it.
struct SuspendedProgram {
    /// The calls that are under way.
    var calls: [Int: HostCall] = [:]
    /// Whether the calls are not known, because the session is a copy.
    var isRestored = false
    /// Carries the counts of the limits from step to step.
    var usage = Usage()
}

extension Session {
    /// How far a program got.
    public enum Step: Sendable {
        /// It ended.
        case finished(Run)
        /// It waits for calls, for a time, or for both.
        case suspended(Suspension)
    }

    /// A program that waits.
    public struct Suspension: Sendable {
        /// The calls of async host functions that are under way, in the order in which they were made.
        public let calls: [HostCall]
        /// When the program can go on without an answer, `asyncio.sleep` for instance.
        public let wakeAt: ContinuousClock.Instant?
        /// What the program printed and showed since it was started or resumed, and what it used; nothing else.
        public let progress: Run
    }

    /// Runs a program until it ends or has to wait.
    ///
    /// While it waits, it is data: the session holds no thread, and ``snapshot()`` and ``fork(sharesRandomness:)`` copy
    /// it in the middle of its `await`. What it awaits is the caller's to answer; ``perform(_:)`` runs a function of
    /// the session.
    ///
    ///     var step = try await session.start("price = await fetch_price('A')\nprice * 2")
    ///     if case .suspended(let suspension) = step {
    ///         let answers = try suspension.calls.map { try $0.answered(with: 42) }
    ///         step = try await session.resume(with: answers)
    ///     }
    ///
    /// Each step has the time of ``Limits/time``.
    ///
    /// - Parameters:
    ///   - code: Python source of any length.
    ///   - name: The file name in tracebacks; `<python-input-N>` if `nil`.
    ///   - inputs: Variables to set before.
    ///   - arguments: What `sys.argv` has after the name; as it was if `nil`.
    ///   - forms: Which forms of the value are wanted; default its value only.
    /// - Returns: How far it got.
    /// - Throws: As ``run(_:name:inputs:arguments:standardInput:forms:)``.
    public func start(
        _ code: String,
        name: String? = nil,
        inputs: [String: PythonValue] = [:],
        arguments: [String]? = nil,
        forms: Run.Forms = .value
    ) async throws -> Step {
        let program = Program(code: code, name: name, inputs: inputs, arguments: arguments, forms: forms)
        return try await turnstile.run {
            guard suspended == nil else { throw Self.busy }
            try await configureIfNeeded()
            let request = try SessionRequest.start(program, answers: host.calls.takeAnswers(), limits: limits)
            return try await advance(.start, request, SuspendedProgram())
        }
    }

    /// Goes on with a suspended program, once calls are answered or its time has come; too early does no harm.
    ///
    /// - Parameter answers: What calls came to; those that the program no longer awaits are ignored.
    /// - Returns: How far it got.
    /// - Throws: `SandboxError` with the code `.notSuspended` if there is no program; else as
    ///   ``start(_:name:inputs:arguments:forms:)``, where the program is suspended as before if it had to be stopped.
    public func resume(with answers: [HostCall.Answer] = []) async throws -> Step {
        try await turnstile.run {
            guard var program = suspended else { throw Self.notSuspended }
            for answer in answers { program.calls[answer.id] = nil }
            let request = SessionRequest.resume(answers, relists: program.isRestored, limits: limits)
            return try await advance(.resume, request, program)
        }
    }

    /// Cancels a suspended program: what it awaits raises `CancelledError`, after which it may well go on.
    ///
    /// - Parameter message: What the exception says.
    /// - Returns: How far it got.
    /// - Throws: As ``resume(with:)``.
    public func cancel(_ message: String = "the host cancelled the program") async throws -> Step {
        try await turnstile.run {
            guard let program = suspended else { throw Self.notSuspended }
            return try await advance(.cancel, SessionRequest.cancel(message), program)
        }
    }

    /// Ends a suspended program where it is, without running any more of it, `finally` blocks neither.
    ///
    /// - Throws: `SandboxError` with the code `.notSuspended` if there is no program.
    public func abandon() async throws {
        try await turnstile.run {
            guard suspended != nil else { throw Self.notSuspended }
            _ = try await sandbox.run(
                .init(
                    function: .cancel,
                    request: SessionRequest.abandon,
                    limits: limits,
                    recorder: RunRecorder(limits: limits)
                )
            )
            suspended = nil
        }
    }

    /// Whether a program is suspended.
    public var isSuspended: Bool { suspended != nil }

    /// Runs the session's function that a suspended program called.
    ///
    /// - Parameter call: One of ``Suspension/calls``.
    /// - Returns: What it came to, for ``resume(with:)``.
    public nonisolated func perform(_ call: HostCall) async -> HostCall.Answer {
        guard let body = host.body(of: call) else {
            return HostCall.Answer(call.id, error: PythonException("HostError", "there is no such host function"))
        }
        do {
            return HostCall.Answer(call.id, value: try await body())
        } catch {
            return HostCall.Answer(call.id, error: .hiding(error, of: call.function))
        }
    }

    private static let notSuspended = SandboxError(.notSuspended, "No program of the session is suspended.")

    /// Runs a step, and as many more as it takes to refuse calls beyond the limits.
    private func advance(
        _ function: SessionFunction,
        _ request: String,
        _ program: SuspendedProgram
    ) async throws -> Step {
        var (function, request, program) = (function, request, program)
        let recorder = RunRecorder(limits: limits)
        recorder.update { $0.hostCalls = program.usage.hostCalls }
        let control = RunControl(deadline: sandbox.deadline, calls: host.calls)
        host.begin(recorder, control: control, standardInput: nil)
        defer { host.end() }
        let start = ContinuousClock.now
        while true {
            let step = Sandbox.Step(
                function: function,
                request: request,
                limits: limits,
                control: control,
                recorder: recorder
            )
            let outcome: Outcome
            do {
                let task = Task { try await sandbox.run(step) }
                outcome = try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    control.cancel()
                }
            } catch {
                throw control.isCancelled ? CancellationError() : error
            }
            guard case .waiting = outcome.status else {
                do {
                    let run = try finish(outcome, recorder: recorder, since: start)
                    suspended = nil
                    return .finished(run)
                } catch {
                    await sandbox.revert()
                    throw error
                }
            }
            let refused = outcome.calls.refused + admit(outcome.calls.calls, to: &program, recorder)
            for id in outcome.dropped { program.calls[id] = nil }
            program.isRestored = false
            suspended = program
            guard !refused.isEmpty else {
                return .suspended(suspension(of: &program, outcome, recorder, since: start))
            }
            (function, request) = (.resume, SessionRequest.resume(refused, relists: false, limits: limits))
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

    private func suspension(
        of program: inout SuspendedProgram,
        _ outcome: Outcome,
        _ recorder: RunRecorder,
        since start: ContinuousClock.Instant
    ) -> Suspension {
        var progress = Run()
        recorder.update { $0.time += ContinuousClock.now - start }
        recorder.finish(&progress)
        program.usage = progress.usage
        suspended = program
        return Suspension(
            calls: program.calls.values.sorted { $0.id < $1.id },
            wakeAt: outcome.wakeAfter.map { ContinuousClock.now + $0 },
            progress: progress
        )
    }
}
