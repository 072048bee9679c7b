// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Hummingbird
import Terrarium

/// `/v1/sessions`: sandboxes with names.
struct SessionRoutes: Sendable {
    let registry: SessionRegistry
    let runner: ProgramRunner
    let environment: ServerSession.Environment
    let idempotency: IdempotencyTable
    let maxBodyBytes: Int

    private static let maxForks = 16
    private static let maxMetadata = 32
    private static let maxMetadataBytes = 512

    var routes: [Route] {
        [
            Route(.post, "/v1/sessions", create), Route(.get, "/v1/sessions", list),
            Route(.get, "/v1/sessions/{session}", get), Route(.patch, "/v1/sessions/{session}", change),
            Route(.delete, "/v1/sessions/{session}", delete), Route(.post, "/v1/sessions/{session}/fork", fork),
            Route(.post, "/v1/sessions/{session}/rollback", rollBack),
            Route(.post, "/v1/sessions/{session}/interrupt", interrupt),
            Route(.post, "/v1/sessions/{session}/check", check),
            Route(.post, "/v1/sessions/{session}/complete", complete),
            Route(.post, "/v1/sessions/{session}/inspect", inspect),
        ]
    }

    // MARK: - Sessions

    @Sendable private func create(_ exchange: Exchange) async throws -> Response {
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        var settings = ServerSession.Settings()
        readSettings(&object, into: &settings)
        settings.functions = DeclaredFunction.list(&object)
        let files = RunRequest.files(&object)
        let limits = runner.bounds.limits(in: &object) ?? runner.bounds.standard
        try object.end()
        let (made, tenant) = (settings, exchange.tenant)
        return try await idempotency.once(exchange, body) {
            let session = try await registry.add(1, of: tenant) { id, serial in
                let sandbox = Sandbox(environment.image, limits: limits)
                if !files.isEmpty || !made.functions.isEmpty {
                    try await runner.turn(of: tenant) { _ in
                        try await ProgramRunner.write(files, in: sandbox)
                        try await DeclaredFunction.declare(made.functions, in: sandbox)
                    }
                }
                let session = ServerSession(
                    id: id,
                    tenant: tenant,
                    serial: serial,
                    sandbox: sandbox,
                    settings: made,
                    environment: environment
                )
                try await session.store()
                return session
            }[0]
            var response = Response.json(session.value, status: .created)
            response.headers[.location] = "/v1/sessions/\(session.id)"
            return response
        }
    }

    /// Reads the settings that can be changed later, too.
    private func readSettings(_ object: inout JSONObject, into settings: inout ServerSession.Settings) {
        if let seconds = object.seconds("ttl_seconds", upTo: registry.bounds.maxSecondsToLive) {
            settings.timeToLive = .seconds(seconds)
        }
        guard let members = object.members("metadata", maxCount: Self.maxMetadata) else { return }
        settings.metadata = members.compactMap { name, value in value.string.map { (name, $0) } }
        let isShort = settings.metadata.allSatisfy { $0.name.utf8.count + $0.value.utf8.count <= Self.maxMetadataBytes }
        if settings.metadata.count != members.count || !isShort {
            object.fault(
                "metadata",
                "It must have strings, with their names at most \(Self.maxMetadataBytes) bytes each."
            )
        }
    }

    @Sendable private func list(_ exchange: Exchange) async throws -> Response {
        let limit = try exchange.number("limit", in: 1...100) ?? 20
        let cursor = try exchange.query["cursor"].map { text in
            guard text.hasPrefix("c"), let serial = Int(text.dropFirst(), radix: 36), serial >= 0 else {
                throw ProblemDetails.invalidRequest("The cursor is none of this server.")
            }
            return serial
        }
        let page = registry.page(of: exchange.tenant, after: cursor, limit: limit)
        let next = page.next.map { PythonValue("c" + String($0, radix: 36)) }
        return .json(["sessions": .list(page.sessions.map(\.value)), "next": next ?? .null])
    }

    @Sendable private func get(_ exchange: Exchange) async throws -> Response {
        .json(try registry.session(exchange).value)
    }

    @Sendable private func change(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        var object = try await exchange.object(maxBytes: maxBodyBytes)
        var settings = session.settings
        readSettings(&object, into: &settings)
        try object.end()
        let changed = settings
        try await session.change { settings in
            settings.timeToLive = changed.timeToLive
            settings.metadata = changed.metadata
        }
        return .json(session.value)
    }

    @Sendable private func delete(_ exchange: Exchange) async throws -> Response {
        try await registry.remove(try registry.session(exchange))
        return Response(status: .noContent)
    }

    // MARK: - States

    @Sendable private func fork(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let count = object.integer("count", in: 1...Self.maxForks) ?? 1
        try object.end()
        return try await idempotency.once(exchange, body) {
            let copies = try await session.queue.run {
                try await registry.add(count, of: session.tenant) { try await session.fork(id: $0, serial: $1) }
            }
            return .json(["sessions": .list(copies.map(\.value))], status: .created)
        }
    }

    @Sendable private func rollBack(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let run = object.integer("to_run", in: 0...Int(Int32.max))
        try object.end()
        return try await idempotency.once(exchange, body) {
            try await session.queue.run { try await session.rollBack(to: run) }
            return .json(session.value)
        }
    }

    @Sendable private func interrupt(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        if let sandbox = session.awakeSandbox { for run in session.openRuns { run.interrupt(sandbox) } }
        return Response(status: .noContent)
    }

    // MARK: - Code

    private func code(_ exchange: Exchange, hasCursor: Bool) async throws -> (code: String, cursor: Int?) {
        var object = try await exchange.object(maxBytes: maxBodyBytes)
        let code = object.text("code", maxBytes: 1 << 20)
        if code == nil, object.faults.isEmpty { object.fault("code", "It is missing.") }
        let length = code?.unicodeScalars.count ?? 0
        let cursor = hasCursor ? object.integer("cursor", in: 0...length) : nil
        try object.end()
        return (code ?? "", cursor)
    }

    @Sendable private func check(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        let (code, _) = try await code(exchange, hasCursor: false)
        let problems = try await session.inTurn(runner) { try await $0.check(code) }
        let values = problems.map { problem -> PythonValue in
            [
                "severity": PythonValue(problem.severity.name), "kind": PythonValue(problem.kind.name),
                "message": PythonValue(problem.message), "line": problem.line.map { PythonValue($0) } ?? .null,
                "column": problem.column.map { PythonValue($0) } ?? .null,
            ]
        }
        return .json(["problems": .list(values)])
    }

    @Sendable private func complete(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        let (code, cursor) = try await code(exchange, hasCursor: true)
        let completions = try await session.inTurn(runner) { try await $0.complete(code, cursor: cursor) }
        let matches = completions.matches.map { match -> PythonValue in
            ["text": PythonValue(match.text), "kind": PythonValue(match.kind.name)]
        }
        return .json(["start": PythonValue(completions.start), "matches": .list(matches)])
    }

    @Sendable private func inspect(_ exchange: Exchange) async throws -> Response {
        let session = try registry.session(exchange)
        let (code, cursor) = try await code(exchange, hasCursor: true)
        let found = try await session.inTurn(runner) { try await $0.inspect(code, cursor: cursor) }
        guard let found else { throw ProblemDetails.notFound }
        return .json([
            "name": PythonValue(found.name), "type": PythonValue(found.type),
            "signature": found.signature.map { PythonValue($0) } ?? .null,
            "documentation": found.documentation.map { PythonValue($0) } ?? .null,
            "text": PythonValue(found.text),
        ])
    }
}
