// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import Terrarium

/// `/v1/sessions/{session}/runs`: programs in a session.
struct SessionRunRoutes: Sendable {
    let registry: SessionRegistry
    let runner: SessionRunner
    let idempotency: IdempotencyTable
    let maxBodyBytes: Int

    private static let maxResults = 1_000

    var routes: [Route] {
        [
            Route(.post, "/v1/sessions/{session}/runs", start), Route(.get, "/v1/sessions/{session}/runs", list),
            Route(.get, "/v1/sessions/{session}/runs/{run}", get),
            Route(.delete, "/v1/sessions/{session}/runs/{run}", cancel),
            Route(.post, "/v1/sessions/{session}/runs/{run}/resume", resume),
            Route(.get, "/v1/sessions/{session}/runs/{run}/events", events),
        ]
    }

    // MARK: - Programs

    @Sendable private func start(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let request = RunRequest(&object, bounds: nil)
        try object.end()
        try registry.checkStoredBytes(of: exchange.tenant)
        // Before the run has a number; it is counted when its turn comes.
        try runner.runner.quotas.check(exchange.tenant, counts: false)
        let start = { @Sendable in try runner.start(request, in: session) }
        if EventStream.isWanted(exchange) {
            try refuseKey(exchange)
            let (run, _) = try start()
            return EventStream.response(run.log, run: run.number, after: 0)
        }
        return try await idempotency.once(exchange, body) {
            let (run, task) = try start()
            return try await answer(run, task, in: session, waits: !exchange.respondsAsync)
        }
    }

    @Sendable private func resume(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        let run = try session.run(exchange["run"])
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let answers = results(&object, for: run.calls)
        try object.end()
        let resume = { @Sendable in try runner.resume(run, with: answers, in: session) }
        if EventStream.isWanted(exchange) {
            try refuseKey(exchange)
            let last = await run.log.count
            _ = try resume()
            return EventStream.response(run.log, run: run.number, after: last)
        }
        return try await idempotency.once(exchange, body) {
            try await answer(run, try resume(), in: session, waits: !exchange.respondsAsync)
        }
    }

    private func refuseKey(_ exchange: Exchange) throws {
        guard exchange.header(.idempotencyKey) == nil else {
            throw ProblemDetails.invalidRequest("An Idempotency-Key goes with answers of JSON, not with events.")
        }
    }

    private func results(_ object: inout JSONObject, for calls: [HostCall]) -> [HostCall.Answer] {
        let ids = Set(calls.map(\.id))
        var answers: [HostCall.Answer] = []
        for var result in object.objects("results", maxCount: Self.maxResults) ?? [] {
            let id = result.integer("id", in: 0...Int.max)
            let value = result.take("value")
            let error = result.take("error")
            if let id, ids.isEmpty || ids.contains(id) {
                if let error {
                    let message = error["message"]?.string ?? error.string ?? "The function failed."
                    let type = error["type"]?.string ?? "FunctionError"
                    answers.append(HostCall.Answer(id, error: PythonException(type, message)))
                } else {
                    answers.append(HostCall.Answer(id, value: value ?? .null))
                }
            } else {
                result.fault("id", "It must be that of a call that the run waits for.")
            }
            object.add(result)
        }
        return answers
    }

    /// Waits for a run's end.
    ///
    /// A client that goes away meanwhile interrupts the program; the session keeps what it did.
    private func answer(
        _ run: SessionRun,
        _ task: Task<RunAnswer, any Error>,
        in session: ServerSession,
        waits: Bool
    ) async throws -> Response {
        let location = "/v1/sessions/\(session.id)/runs/\(run.number)"
        guard waits else {
            var response = Response.json(run.value(nil, session: session.id), status: .accepted)
            response.headers[.location] = location
            return response
        }
        let answer = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            run.stop(session.awakeSandbox)
        }
        return .json(run.value(run.calls.isEmpty ? answer : nil, session: session.id))
    }

    // MARK: - Runs

    @Sendable private func list(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        let runs = session.runs.map { run -> PythonValue in
            ["run": PythonValue(run.number), "status": PythonValue(run.status)]
        }
        return .json(["runs": .list(runs)])
    }

    @Sendable private func get(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        let run = try session.run(exchange["run"])
        return .json(run.value(run.answer, session: session.id))
    }

    @Sendable private func cancel(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        try await runner.cancel(try session.run(exchange["run"]), in: session)
        return Response(status: .noContent)
    }

    @Sendable private func events(_ exchange: Exchange) async throws -> Response {
        let run = try registry.session(exchange).run(exchange["run"])
        return EventStream.response(
            run.log,
            run: run.number,
            after: try EventStream.lastEvent(exchange, run: run.number)
        )
    }
}

extension Exchange {
    /// A Boolean value that tells whether the client wants an answer before the work is done, as RFC 7240 has it.
    fileprivate var respondsAsync: Bool {
        header(.prefer)?.lowercased().split(separator: ",").contains { $0.filter { $0 != " " } == "respond-async" }
            ?? false
    }
}
