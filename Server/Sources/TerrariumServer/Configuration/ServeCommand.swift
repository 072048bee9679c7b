// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

public import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Terrarium

/// `terrarium-serve`: sandboxes over HTTP.
public struct ServeCommand: AsyncParsableCommand {
    /// The name and the help of the command.
    public static let configuration = CommandConfiguration(
        commandName: "terrarium-serve",
        abstract: "Serve sandboxes over HTTP.",
        discussion: """
            Each option can be given in the environment, too: --max-runs as TERRARIUM_SERVE_MAX_RUNS. Options count more. \
            Tokens are never options, since other users of the machine see those: TERRARIUM_TOKEN has one, --token-file \
            names a file of them. Without a token the server listens on the loopback interface only.
            """,
        version: TerrariumVersion.current
    )

    @Option(help: ArgumentHelp("The address to listen on (default: 127.0.0.1).", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("The port to listen on, 0 for any (default: 8000).", valueName: "port"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "A file with a tenant's name, a token or its hash, and quotas on each line.",
            valueName: "file"
        )
    )
    var tokenFile: String?

    @Option(help: ArgumentHelp("Print a new token for a tenant, and its line for --token-file.", valueName: "tenant"))
    var newToken: String?

    @Option(help: ArgumentHelp("A name that clients have for this server; may be repeated.", valueName: "name"))
    var allowHost: [String] = []

    @Option(help: ArgumentHelp("An origin whose pages may use this server; may be repeated.", valueName: "origin"))
    var allowOrigin: [String] = []

    @Option(help: ArgumentHelp("The image of sandboxes; Terrarium's own Python if left out.", valueName: "image"))
    var image: String?

    @Option(
        help: ArgumentHelp(
            "Seconds that a program may take if it asks for no others (default: 5).",
            valueName: "seconds"
        )
    )
    var seconds: Double?

    @Option(help: ArgumentHelp("Seconds that a program may ask for (default: 60).", valueName: "seconds"))
    var maxSeconds: Double?

    @Option(help: ArgumentHelp("Megabytes that a program may ask for (default: 256).", valueName: "MiB"))
    var maxMemory: Int?

    @Option(help: ArgumentHelp("Programs that run at once (default: 16).", valueName: "count"))
    var maxRuns: Int?

    @Option(help: ArgumentHelp("Programs of one tenant that run at once (default: all).", valueName: "count"))
    var maxRunsPerTenant: Int?

    @Option(help: ArgumentHelp("Programs that wait for their turn (default: 1000).", valueName: "count"))
    var maxWaiting: Int?

    @Option(
        help: ArgumentHelp(
            "The file that sessions are kept in, or `memory` (default: terrarium/sessions.sqlite in the state folder).",
            valueName: "file"
        )
    )
    var store: String?

    @Option(help: ArgumentHelp("Sessions at once (default: 10000).", valueName: "count"))
    var maxSessions: Int?

    @Option(help: ArgumentHelp("Sessions of one tenant at once (default: 100).", valueName: "count"))
    var maxSessionsPerTenant: Int?

    @Option(
        help: ArgumentHelp(
            "Megabytes that the sessions of one tenant may be stored in (default: 1024).",
            valueName: "MiB"
        )
    )
    var maxStored: Int?

    @Option(help: ArgumentHelp("Connections at once (default: 1000).", valueName: "count"))
    var maxConnections: Int?

    @Option(help: ArgumentHelp("Megabytes that a request may have (default: 16).", valueName: "MiB"))
    var maxBody: Int?

    @Option(
        help: ArgumentHelp(
            "Seconds that requests have to end when the server ends (default: 25).",
            valueName: "seconds"
        )
    )
    var drainTimeout: Double?

    @Option(
        help: ArgumentHelp(
            "Seconds for which /readyz says that the server ends, before it does (default: 0).",
            valueName: "seconds"
        )
    )
    var drainDelay: Double?

    @Option(
        help: ArgumentHelp(
            "The least level of the log: debug, info, warning, error (default: info).",
            valueName: "level"
        )
    )
    var logLevel: String?

    /// Makes a command without options.
    public init() {}

    /// Runs the server until the process is told to end.
    public func run() async throws {
        if let newToken { return try Self.printToken(for: newToken) }
        let environment = ProcessInfo.processInfo.environment
        let configuration: ServeConfiguration
        let level: Logger.Level
        do throws(ServeConfiguration.Invalid) {
            configuration = try settings(environment)
            level = try Self.level(option("log-level", logLevel, environment) ?? "info")
        } catch {
            throw ValidationError(error.description)
        }
        let logger = Logger(label: "terrarium") {
            JSONLogHandler(label: $0, level: level, output: JSONLogHandler.standardError)
        }
        let path = option("image", image, environment)
        let image: Image
        do {
            image = try await Self.image(path)
        } catch let error as SandboxError {
            throw ValidationError(error.message)
        }
        do {
            try await ServerApplication(image, configuration: configuration, logger: logger).run()
        } catch let failure as SessionStore.Failure {
            throw ValidationError(failure.description)
        }
    }

    private static func printToken(for name: String) throws {
        guard Tenant.isName(name) else {
            throw ValidationError("A tenant's name has letters, digits, -, _ and dots, at most 64 of them.")
        }
        let (token, line) = TenantFile.newEntry(for: Tenant(name: name))
        print("The token, for the tenant alone:\n\(token)\nThe line for --token-file:\n\(line)")
    }

    private static func image(_ path: String?) async throws -> Image {
        guard let path else { return try await Image.python() }
        return try await Image(contentsOf: URL(filePath: path))
    }

    private static func level(_ name: String) throws(ServeConfiguration.Invalid) -> Logger.Level {
        guard let level = Logger.Level(rawValue: name) else {
            throw ServeConfiguration.Invalid(description: "There is no level \(name) of the log.")
        }
        return level
    }
}

// MARK: - Settings

extension ServeCommand {
    /// Makes the settings of the options and the environment.
    ///
    /// - Throws: ``ServeConfiguration/Invalid`` with a sentence that says what to change.
    func settings(_ environment: [String: String]) throws(ServeConfiguration.Invalid) -> ServeConfiguration {
        var settings = ServeConfiguration()
        settings.host = option("host", host, environment) ?? settings.host
        settings.port = try number("port", port, environment, 0...65_535) ?? settings.port
        settings.hosts = list("allow-host", allowHost, environment)
        settings.origins = list("allow-origin", allowOrigin, environment)
        if let seconds = try number("seconds", seconds, environment, 0.001...86_400) {
            settings.limits.standard.time = .seconds(seconds)
        }
        settings.limits.maxSeconds =
            try number("max-seconds", maxSeconds, environment, 0.001...86_400) ?? settings.limits.maxSeconds
        if let mebibytes = try number("max-memory", maxMemory, environment, 1...3_000) {
            settings.limits.maxMemoryBytes = mebibytes << 20
            settings.limits.standard.memoryBytes = min(settings.limits.standard.memoryBytes, mebibytes << 20)
        }
        settings.pool.maxSandboxes =
            try number("max-runs", maxRuns, environment, 1...10_000) ?? settings.pool.maxSandboxes
        settings.pool.maxSandboxesPerTenant = try number(
            "max-runs-per-tenant",
            maxRunsPerTenant,
            environment,
            1...10_000
        )
        settings.pool.maxWaiting =
            try number("max-waiting", maxWaiting, environment, 0...1_000_000) ?? settings.pool.maxWaiting
        settings.store = Self.store(option("store", store, environment), environment)
        settings.sessions.maxSessions =
            try number("max-sessions", maxSessions, environment, 0...10_000_000) ?? settings.sessions.maxSessions
        settings.sessions.maxSessionsPerTenant =
            try number("max-sessions-per-tenant", maxSessionsPerTenant, environment, 0...10_000_000)
            ?? settings.sessions.maxSessionsPerTenant
        if let mebibytes = try number("max-stored", maxStored, environment, 1...1_000_000) {
            settings.sessions.maxStoredBytesPerTenant = mebibytes << 20
        }
        settings.maxConnections =
            try number("max-connections", maxConnections, environment, 1...1_000_000) ?? settings.maxConnections
        if let mebibytes = try number("max-body", maxBody, environment, 1...256) {
            settings.connection.bodyBytes = mebibytes << 20
        }
        if let seconds = try number("drain-timeout", drainTimeout, environment, 0...3_600) {
            settings.drainTimeout = .seconds(seconds)
        }
        if let seconds = try number("drain-delay", drainDelay, environment, 0...600) {
            settings.drainDelay = .seconds(seconds)
        }
        try addTokens(to: &settings, environment)
        try settings.validate()
        return settings
    }

    /// The file of sessions: of the user, where no other is given, and none where there is no folder for it.
    private static func store(_ option: String?, _ environment: [String: String]) -> String? {
        if let option { return option == "memory" ? nil : option }
        let folder = environment["XDG_STATE_HOME"] ?? environment["HOME"].map { $0 + "/.local/state" }
        return folder.map { $0 + "/terrarium/sessions.sqlite" }
    }

    private func addTokens(
        to settings: inout ServeConfiguration,
        _ environment: [String: String]
    ) throws(ServeConfiguration.Invalid) {
        if let token = environment["TERRARIUM_TOKEN"] {
            do {
                try settings.tokens.add(token, for: Tenant(name: "default"))
            } catch {
                throw ServeConfiguration.Invalid(description: "TERRARIUM_TOKEN: \(error)")
            }
        }
        if let path = option("token-file", tokenFile, environment) {
            try TenantFile.read(path, into: &settings)
            guard !settings.tokens.isEmpty else {
                throw ServeConfiguration.Invalid(description: "The file of tokens \(path) has none.")
            }
        }
    }

    private func variable(_ name: String, _ environment: [String: String]) -> String? {
        environment["TERRARIUM_SERVE_" + name.uppercased().replacing("-", with: "_")]
    }

    private func option(_ name: String, _ value: String?, _ environment: [String: String]) -> String? {
        value ?? variable(name, environment)
    }

    /// The values of an option that may be repeated; in the environment there are commas between them.
    private func list(_ name: String, _ values: [String], _ environment: [String: String]) -> [String] {
        values.isEmpty ? variable(name, environment)?.split(separator: ",").map(String.init) ?? [] : values
    }

    private func number<Number: LosslessStringConvertible & Comparable>(
        _ name: String,
        _ value: Number?,
        _ environment: [String: String],
        _ range: ClosedRange<Number>
    ) throws(ServeConfiguration.Invalid) -> Number? {
        let text = variable(name, environment)
        guard let number = value ?? text.flatMap(Number.init) else {
            guard let text else { return nil }
            throw ServeConfiguration.Invalid(description: "--\(name): \(text) is no number.")
        }
        guard range.contains(number) else {
            throw ServeConfiguration.Invalid(
                description: "--\(name) takes \(range.lowerBound) to \(range.upperBound), not \(number)."
            )
        }
        return number
    }
}
