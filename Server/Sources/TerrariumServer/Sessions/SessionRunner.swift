// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Terrarium

/// Runs programs in sessions.
struct SessionRunner: Sendable {
    let runner: ProgramRunner

    /// Has a program run when the session's earlier requests are done.
    ///
    /// - Returns: The run, which is under way or waits for its turn, and the task that answers when it ended or waits for its
    ///   client.
    /// - Throws: ``ProblemDetails`` if too many wait, or a program waits for its client.
    func start(
        _ request: RunRequest,
        in session: ServerSession
    ) throws -> (run: SessionRun, task: Task<RunAnswer, any Error>) {
        if let suspended = session.suspendedRun { throw ProblemDetails.suspended(suspended.number) }
        let (run, task) = try session.queue.add(prepare: { session.makeRun() }) { run in
            try await perform(run, request, in: session)
        }
        run.setTask(task)
        return (run, task)
    }

    /// Goes on with a program that waits for its client.
    func resume(
        _ run: SessionRun,
        with answers: [HostCall.Answer],
        in session: ServerSession
    ) throws -> Task<RunAnswer, any Error> {
        guard !run.calls.isEmpty else { throw ProblemDetails.notSuspended }
        let (_, task) = try session.queue.add(prepare: {}) {
            guard !run.calls.isEmpty else { throw ProblemDetails.notSuspended }
            return try await ending(run, in: session) {
                try await advance(run, in: session, try await session.sandbox().resume(with: answers))
            }
        }
        run.setTask(task)
        return task
    }

    /// Ends a run: one that waits for its client is dropped, one that runs is stopped, which takes it back.
    func cancel(_ run: SessionRun, in session: ServerSession) async throws {
        guard !run.calls.isEmpty else { return run.stop(session.awakeSandbox, isFinal: true) }
        try await session.queue.run {
            guard !run.calls.isEmpty else { return }
            try await session.sandbox().abandon()
            var answer = RunAnswer()
            answer.isCancelled = true
            _ = await run.finish(answer)
            try await session.store()
        }
    }

    // MARK: - Steps

    private func perform(
        _ run: SessionRun,
        _ request: RunRequest,
        in session: ServerSession
    ) async throws -> RunAnswer {
        try await ending(run, in: session) {
            let sandbox = try await session.sandbox()
            try await ProgramRunner.write(request.files, in: sandbox)
            guard session.functionNames.isEmpty else {
                return try await advance(run, in: session, try await sandbox.start(request.program))
            }
            var answer = RunAnswer()
            try await ProgramRunner.with(request.variables, in: sandbox) {
                for try await event in sandbox.stream(request.program) {
                    if case .finished(let result) = event { answer.run = result } else { await run.take(event) }
                }
            }
            answer.files = try await ProgramRunner.files(request.returnedPaths, of: sandbox)
            return answer
        }
    }

    /// Does a part of a run when it is the tenant's turn, and notes its end unless the program waits for its client.
    private func ending(
        _ run: SessionRun,
        in session: ServerSession,
        _ body: () async throws -> RunAnswer
    ) async throws -> RunAnswer {
        defer { session.touch() }
        do {
            let answer = try await runner.turn(of: session.tenant) { _ in
                run.begin()
                defer { run.pause() }
                let answer = try await ProgramRunner.answer { try await body() }
                // Before the answer, so that nothing that was answered is lost.
                try await session.store(after: run.number)
                return answer
            }
            guard run.calls.isEmpty else { return answer }
            return await run.finish(answer)
        } catch {
            if let problem = error as? ProblemDetails { await run.log.add("problem", problem.body) }
            var answer = RunAnswer()
            answer.isCancelled = true
            // In a task of its own, since this one may be cancelled.
            let ended = await Task {
                let ended = await run.finish(answer)
                try? await session.store(after: run.number)
                return ended
            }.value
            guard error is CancellationError else { throw error }
            return ended
        }
    }

    /// Goes on until the program ended, or waits for calls that the client has to answer.
    private func advance(
        _ run: SessionRun,
        in session: ServerSession,
        _ first: Sandbox.Step
    ) async throws -> RunAnswer {
        var step = first
        let sandbox = try await session.sandbox()
        let names = session.functionNames
        let end = sandbox.limits.time.map { ContinuousClock.now + $0 }
        while true {
            guard case .suspended(let suspension) = step else {
                guard case .finished(let result) = step else { throw SandboxError(.engine, "The program got nowhere.") }
                await run.take(result)
                return RunAnswer(run: result)
            }
            await run.take(suspension.progress)
            // A program can call the function behind the declared ones itself, with any name.
            let refused = suspension.calls.filter { $0.call(ofOneOf: names) == nil }
            if !refused.isEmpty {
                let error = PythonException("FunctionError", "There is no such function.")
                step = try await sandbox.resume(with: refused.map { $0.failed(with: error) })
                continue
            }
            guard suspension.calls.isEmpty else {
                await run.wait(for: suspension.calls)
                return RunAnswer(run: suspension.progress)
            }
            if let wakeAt = suspension.wakeAt { try await sleep(until: wakeAt, end, in: sandbox) }
            step = try await sandbox.resume()
        }
    }

    /// Waits for a program's timer; a program that would wait longer than it may run is dropped.
    private func sleep(
        until time: ContinuousClock.Instant,
        _ end: ContinuousClock.Instant?,
        in sandbox: Sandbox
    ) async throws {
        do {
            try await Task.sleep(until: min(time, end ?? time), clock: .continuous)
            if let end, end < time {
                throw SandboxError(.timeLimit, "The program waited for longer than it may take.")
            }
        } catch {
            try await Task { try await sandbox.abandon() }.value
            throw error
        }
    }
}

extension ProblemDetails {
    static let notSuspended = ProblemDetails(.conflict, "not-suspended", "The run does not wait for results.")

    static func suspended(_ run: Int) -> ProblemDetails {
        var problem = ProblemDetails(.conflict, "suspended", "A program of the session waits for results.")
        problem.detail = "Answer the calls of run \(run) with resume, or delete the run."
        problem.members = [("run", PythonValue(run))]
        return problem
    }
}
