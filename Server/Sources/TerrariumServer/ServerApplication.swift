// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Terrarium
import UnixSignals

/// A server: everything that it answers with, and its life from the first connection to the last.
struct ServerApplication: Sendable {
    let configuration: ServeConfiguration
    let operation = OperationState()
    private let runner: ProgramRunner
    let registry: SessionRegistry
    let table: RouteTable
    private let logger: Logger

    /// Makes a server, with the sessions of the one before.
    init(_ image: Image, configuration: ServeConfiguration, logger: Logger) async throws {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        let quotas = QuotaTable(configuration.quotas)
        runner = ProgramRunner(
            image,
            bounds: configuration.limits,
            quotas: quotas,
            configuration: configuration.pool
        )
        let environment = ServerSession.Environment(
            store: try SessionStore(path: configuration.store),
            image: image,
            limits: configuration.limits.standard
        )
        registry = SessionRegistry(bounds: configuration.sessions, quotas: quotas)
        try await registry.load(environment)
        let idempotency = IdempotencyTable()
        let maxBodyBytes = configuration.connection.bodyBytes
        let sessions = SessionRoutes(
            registry: registry,
            runner: runner,
            environment: environment,
            idempotency: idempotency,
            maxBodyBytes: maxBodyBytes
        )
        let sessionRuns = SessionRunRoutes(
            registry: registry,
            runner: SessionRunner(runner: runner),
            idempotency: idempotency,
            maxBodyBytes: maxBodyBytes
        )
        let mcp = MCPRoutes(
            services: MCPServices(
                image,
                limits: configuration.limits.standard,
                maxSessions: max(1, configuration.sessions.maxSessionsPerTenant)
            ),
            runner: runner,
            maxBodyBytes: maxBodyBytes
        )
        let sandboxes = E2BSandboxes(registry: registry, runner: runner, environment: environment)
        let e2b =
            E2BControlRoutes(sandboxes: sandboxes, idempotency: idempotency, maxBodyBytes: maxBodyBytes).routes
            + E2BCodeRoutes(
                sandboxes: sandboxes,
                runner: SessionRunner(runner: runner),
                maxBodyBytes: maxBodyBytes
            ).routes + E2BFileRoutes(sandboxes: sandboxes, maxBodyBytes: maxBodyBytes).routes
        let files = SessionFileRoutes(registry: registry, runner: runner, maxBodyBytes: maxBodyBytes)
        table = RouteTable(
            routes: HealthRoutes(operation: operation).routes + OpenAPIRoutes().routes
                + RunRoutes(runner: runner, idempotency: idempotency, maxBodyBytes: maxBodyBytes).routes
                + sessions.routes + sessionRuns.routes + files.routes + mcp.routes,
            foreignRoutes: e2b
        )
    }

    /// The programs that run and wait at the moment.
    var statistics: SandboxPool.Statistics { runner.statistics }

    /// Serves until the process gets SIGTERM or SIGINT.
    func run() async throws {
        try await services(signals: [.sigterm, .sigint]).run()
        logger.notice("ended")
    }

    /// The services of the server, which end when they are told to, and not by cancelling their task: connections that were just
    /// accepted do not stand that.
    ///
    /// - Parameters:
    ///   - signals: The signals that tell them so.
    ///   - onListening: Is told the port when clients can connect.
    /// - Returns: The group of the services, which is to be run.
    func services(
        signals: [UnixSignal],
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> ServiceGroup {
        let drain = DrainService(state: operation, delay: configuration.drainDelay)
        var group = ServiceGroupConfiguration(
            // The last one is told first that the server ends.
            services: [
                .init(service: SessionSweeper(registry: registry), successTerminationBehavior: .ignore),
                .init(service: application(onListening)),
                .init(service: drain, successTerminationBehavior: .ignore),
            ],
            gracefulShutdownSignals: signals,
            logger: logger
        )
        group.maximumGracefulShutdownDuration = configuration.drainDelay + configuration.drainTimeout
        return ServiceGroup(configuration: group)
    }

    private func application(_ onListening: @escaping @Sendable (Int) async -> Void) -> Application<ServerResponder> {
        let responder = ServerResponder(
            table: table,
            hosts: HostPolicy(
                hosts: configuration.hosts,
                origins: configuration.origins,
                address: configuration.host
            ),
            tokens: configuration.tokens,
            operation: operation,
            logger: logger
        )
        let limits = configuration.connection
        return Application(
            responder: responder,
            server: HTTPServerBuilder { ConnectionChannel(responder: $0, limits: limits) },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: "terrarium",
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maxConnections, logger: logger)
            ),
            onServerRunning: { [logger, configuration] channel in
                let port = channel.localAddress?.port ?? 0
                logger.notice("listening", metadata: ["host": "\(configuration.host)", "port": "\(port)"])
                await onListening(port)
            },
            logger: logger
        )
    }
}
