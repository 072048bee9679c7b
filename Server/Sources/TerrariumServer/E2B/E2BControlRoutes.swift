// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import Terrarium

/// The part of E2B's protocol that makes sandboxes and ends them, with the owner's token as `X-API-KEY`.
struct E2BControlRoutes: Sendable {
    let sandboxes: E2BSandboxes
    let idempotency: IdempotencyTable
    let maxBodyBytes: Int

    /// The time after which a sandbox ends that asks for none, in seconds, as E2B has it.
    private static let standardSeconds = 300.0
    private static let maxForks = 16
    private static let maxMembers = 64

    var routes: [Route] {
        [
            route(.post, "/v2/sandboxes", create), route(.post, "/sandboxes", create),
            route(.get, "/v2/sandboxes", list), route(.get, "/sandboxes", list), route(.get, "/sandboxes/{id}", get),
            route(.delete, "/sandboxes/{id}", kill), route(.post, "/v2/sandboxes/{id}/connect", connect),
            route(.post, "/sandboxes/{id}/connect", connect), route(.post, "/sandboxes/{id}/resume", connect),
            route(.post, "/sandboxes/{id}/pause", pause), route(.post, "/sandboxes/{id}/timeout", setTimeout),
            route(.post, "/sandboxes/{id}/refreshes", setTimeout), route(.post, "/sandboxes/{id}/fork", fork),
            route(.get, "/sandboxes/{id}/metrics") { exchange in
                _ = try sandboxes.named(exchange)
                return .json(.list([]))
            },
        ]
    }

    private func route(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Route.Handler) -> Route {
        E2BProblem.route(method, path, access: .tenants, handler)
    }

    // MARK: - Sandboxes

    /// Makes a sandbox; members that clouds have and this server has not are passed over.
    @Sendable private func create(_ exchange: Exchange) async throws -> Response {
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        var settings = ServerSession.Settings()
        settings.timeToLive = try timeToLive(&object) ?? .seconds(Self.standardSeconds)
        settings.accessToken = RandomDigits.hexadecimal(bits: 256)
        let template = object.text("templateID", maxBytes: 256) ?? "base"
        settings.metadata =
            (object.textMembers("metadata", maxCount: Self.maxMembers) ?? []) + [(E2BSandboxes.templateKey, template)]
        let variables = object.textMembers("envVars", maxCount: Self.maxMembers) ?? []
        guard object.faults.isEmpty else { throw ProblemDetails.invalidRequest(faults: object.faults) }
        if let volumes = object.take("volumeMounts"), volumes.array?.isEmpty == false {
            throw E2BProblem.unsupported("Volumes cannot be mounted here: write files into the sandbox.")
        }
        let made = settings
        return try await idempotency.once(exchange, body) {
            let session = try await sandboxes.make(made, variables, of: exchange.tenant)
            return .json(E2BSandboxes.access(to: session), status: .created)
        }
    }

    /// Reads the member `timeout`, in seconds, at most the server's longest time to live.
    private func timeToLive(_ object: inout JSONObject) throws -> Duration? {
        let seconds =
            object.seconds("timeout", upTo: .greatestFiniteMagnitude)
            ?? object.seconds("duration", upTo: .greatestFiniteMagnitude)
        if !object.faults.isEmpty { throw ProblemDetails.invalidRequest(faults: object.faults) }
        return seconds.map { .seconds(min($0, sandboxes.registry.bounds.maxSecondsToLive)) }
    }

    @Sendable private func list(_ exchange: Exchange) async throws -> Response {
        let limit = try exchange.number("limit", in: 1...100) ?? 100
        let start = try exchange.number("nextToken", in: 0...Int(Int32.max)) ?? 0
        let states = exchange.query["state"]?.split(separator: ",").map(String.init)
        // The filter is itself a query, encoded once more.
        let wanted = try exchange.query["metadata"].map { text in
            guard let query = RequestTarget("/?\(text)")?.query else {
                throw ProblemDetails.invalidRequest("metadata is no query.")
            }
            return query
        }
        let found = sandboxes.all(of: exchange.tenant).filter { session in
            let settings = session.settings
            guard states?.contains(settings.isPaused ? "paused" : "running") ?? true else { return false }
            return (wanted ?? [:]).allSatisfy { item in
                settings.metadata.contains { $0.name == item.key && $0.value == item.value }
            }
        }
        let page = found.dropFirst(start).prefix(limit)
        var response = Response.json(.list(page.map(E2BSandboxes.information)))
        if start + page.count < found.count { response.headers[.nextToken] = String(start + page.count) }
        return response
    }

    @Sendable private func get(_ exchange: Exchange) async throws -> Response {
        let session = try sandboxes.named(exchange)
        guard case .dict(let facts) = E2BSandboxes.information(on: session),
            let token = session.settings.accessToken
        else { throw ProblemDetails.notFound }
        return .json(.dict(facts + [.init(key: "envdAccessToken", value: PythonValue(token))]))
    }

    @Sendable private func kill(_ exchange: Exchange) async throws -> Response {
        try await sandboxes.registry.remove(try sandboxes.named(exchange))
        return Response(status: .noContent)
    }

    // MARK: - Their time

    @Sendable private func connect(_ exchange: Exchange) async throws -> Response {
        let session = try sandboxes.named(exchange)
        var (object, _) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let time = try timeToLive(&object)
        try await session.change { settings in
            settings.isPaused = false
            // It never shortens what the sandbox has.
            settings.timeToLive = max(settings.timeToLive, time ?? .zero)
        }
        return .json(E2BSandboxes.access(to: session))
    }

    @Sendable private func setTimeout(_ exchange: Exchange) async throws -> Response {
        let session = try sandboxes.named(exchange)
        var (object, _) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        guard let time = try timeToLive(&object) else {
            throw ProblemDetails.invalidRequest(at: "/timeout", "It is missing.")
        }
        try await session.change { $0.timeToLive = time }
        return Response(status: .noContent)
    }

    /// Stores a sandbox until somebody connects to it; its time does not pass meanwhile.
    @Sendable private func pause(_ exchange: Exchange) async throws -> Response {
        let session = try sandboxes.named(exchange)
        guard !session.settings.isPaused else {
            throw ProblemDetails(.conflict, "paused", "The sandbox is paused already.")
        }
        let longest = sandboxes.registry.bounds.maxSecondsToLive
        try await session.queue.run {
            try await session.store()
            try await session.change { settings in
                settings.isPaused = true
                settings.timeToLive = .seconds(longest)
            }
        }
        await session.sleep(after: .zero)
        return Response(status: .noContent)
    }

    @Sendable private func fork(_ exchange: Exchange) async throws -> Response {
        let session = try sandboxes.named(exchange)
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let count = object.integer("count", in: 1...Self.maxForks) ?? 1
        let time = try timeToLive(&object)
        return try await idempotency.once(exchange, body) {
            let copies = try await session.queue.run {
                try await sandboxes.registry.add(count, of: session.tenant) {
                    try await session.fork(id: $0, serial: $1)
                }
            }
            for copy in copies {
                try await copy.change { settings in
                    settings.accessToken = RandomDigits.hexadecimal(bits: 256)
                    if let time { settings.timeToLive = time }
                }
            }
            return .json(.list(copies.map { ["sandbox": E2BSandboxes.access(to: $0)] }), status: .created)
        }
    }
}
