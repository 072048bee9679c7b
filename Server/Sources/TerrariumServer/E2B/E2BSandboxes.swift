// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import HTTPTypes
import Hummingbird
import Terrarium

/// The sessions as clients of E2B's protocol see them: sandboxes with a name, a token and an end.
struct E2BSandboxes: Sendable {
    let registry: SessionRegistry
    let runner: ProgramRunner
    let environment: ServerSession.Environment

    /// The version of E2B's daemon whose protocol is spoken.
    static let daemonVersion = "0.6.7"
    /// The working directory of programs, at which relative paths begin.
    static let home = "/home/user"
    private static let prefix = "s_"

    /// The name of a session's sandbox, which can be a part of a host's name.
    static func id(of session: ServerSession) -> String { String(session.id.dropFirst(prefix.count)) }

    // MARK: - Finding

    /// The sandbox that a request of its owner names in the path.
    ///
    /// - Throws: ``ProblemDetails`` if the tenant has none of that name.
    func named(_ exchange: Exchange) throws -> ServerSession {
        let session = try registry.session(Self.prefix + exchange["id"], of: exchange.tenant)
        guard session.settings.accessToken != nil else { throw ProblemDetails.notFound }
        return session
    }

    /// The sandbox that a request names in its headers, with the token that proves that it may use it.
    ///
    /// - Throws: ``ProblemDetails`` if there is none of that name, or the token is another one.
    private func addressed(_ exchange: Exchange) throws -> ServerSession {
        guard let id = exchange.header(.sandboxID), let session = registry.session(Self.prefix + id),
            let expected = session.settings.accessToken
        else { throw ProblemDetails.noSandbox(exchange.header(.sandboxID) ?? "") }
        let tokens = [exchange.header(.accessToken), exchange.header(.trafficAccessToken)].compactMap(\.self)
        guard let token = tokens.first, ConstantTime.areEqual(Array(token.utf8), Array(expected.utf8)) else {
            throw ProblemDetails.unauthenticated
        }
        session.touch()
        return session
    }

    /// Makes a route of requests that name a sandbox in their headers, which are refused before anything of them is read.
    func route(
        _ method: HTTPRequest.Method,
        _ path: String,
        isRemoteCall: Bool = false,
        _ handler: @escaping @Sendable (Exchange, ServerSession) async throws -> Response
    ) -> Route {
        E2BProblem.route(method, path, access: .sessions, isRemoteCall: isRemoteCall) { exchange in
            try await handler(exchange, try addressed(exchange))
        }
    }

    /// All sandboxes of a tenant, those made last first.
    func all(of tenant: Tenant) -> [ServerSession] {
        registry.page(of: tenant, after: nil, limit: .max).sessions.filter { $0.settings.accessToken != nil }
    }

    // MARK: - Making

    /// Makes a sandbox with a home directory and variables.
    func make(_ settings: ServerSession.Settings, _ variables: [(name: String, value: String)], of tenant: Tenant)
        async throws
        -> ServerSession
    {
        var limits = runner.bounds.standard
        // Clients of this protocol bound the time of each run themselves.
        limits.time = .seconds(runner.bounds.maxSeconds)
        let sandboxLimits = limits
        return try await registry.add(1, of: tenant) { id, serial in
            let sandbox = Sandbox(environment.image, limits: sandboxLimits)
            let session = ServerSession(
                id: id,
                tenant: tenant,
                serial: serial,
                sandbox: sandbox,
                settings: settings,
                environment: environment
            )
            let own = [("HOME", Self.home), ("E2B_SANDBOX", "true"), ("E2B_SANDBOX_ID", Self.id(of: session))]
            try await runner.turn(of: tenant) { _ in
                try await sandbox.makeDirectory(Self.home)
                try await SandboxEnvironment.evaluate(
                    "(\(SandboxEnvironment.update(own + variables)), os.chdir('\(Self.home)'))",
                    in: sandbox
                )
            }
            try await session.store()
            return session
        }[0]
    }

    // MARK: - For clients

    /// The answer that tells how to use a sandbox.
    static func access(to session: ServerSession) -> PythonValue {
        let token = session.settings.accessToken.map { PythonValue($0) } ?? .null
        return [
            "sandboxID": PythonValue(id(of: session)), "templateID": PythonValue(template(of: session)),
            "clientID": "terrarium",
            "envdVersion": PythonValue(daemonVersion), "envdAccessToken": token, "trafficAccessToken": token,
        ]
    }

    /// The facts about a sandbox.
    static func information(on session: ServerSession) -> PythonValue {
        let end = Date.now.addingTimeInterval(max(0, session.timeLeft.inSeconds))
        let metadata = session.settings.metadata.filter { $0.name != templateKey }
        return [
            "sandboxID": PythonValue(id(of: session)), "templateID": PythonValue(template(of: session)),
            "clientID": "terrarium",
            "envdVersion": PythonValue(daemonVersion), "startedAt": PythonValue(session.createdAt.ISO8601Format()),
            "endAt": PythonValue(end.ISO8601Format()), "state": session.settings.isPaused ? "paused" : "running",
            "cpuCount": 1, "memoryMB": PythonValue(session.limits.memoryBytes >> 20),
            "diskSizeMB": PythonValue(session.limits.fileBytes >> 20),
            "metadata": .dict(metadata.map { .init(key: PythonString($0.name), value: PythonValue($0.value)) }),
        ]
    }

    /// The metadata that has the template's name, which clients do not see as such.
    static let templateKey = "e2b.template"

    private static func template(of session: ServerSession) -> String {
        session.settings.metadata.first { $0.name == templateKey }?.value ?? "base"
    }
}

extension ProblemDetails {
    /// The words are those by which clients tell that a sandbox is gone from one that cannot be reached.
    static func noSandbox(_ id: String) -> ProblemDetails {
        ProblemDetails(
            .badGateway,
            "no-such-sandbox",
            "The sandbox was not found.",
            detail: "The sandbox \(id.prefix(64)) was not found"
        )
    }
}
