// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Logging
import ServiceLifecycle
import Synchronization
import Terrarium
import Testing

@testable import TerrariumServer

/// A server in this process, on a port of its own.
struct TestServer: Sendable {
    /// What the server logged.
    final class Log: Sendable {
        private let lines = Mutex([String]())

        var all: [String] { lines.withLock { $0 } }
        var text: String { all.joined() }

        func add(_ line: [UInt8]) {
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    let port: Int
    let log: Log
    let application: ServerApplication

    static let image = Task { try await Image.python() }

    /// Starts a server, uses it, and ends it.
    static func with<Result: Sendable>(
        _ change: (inout ServeConfiguration) throws -> Void = { _ in },
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        var configuration = ServeConfiguration()
        configuration.port = 0
        configuration.drainTimeout = .seconds(2)
        try change(&configuration)
        let log = Log()
        let logger = Logger(label: "test") { JSONLogHandler(label: $0, level: .debug) { log.add($0) } }
        let application = try ServerApplication(await image.value, configuration: configuration, logger: logger)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let services = application.services(signals: []) { continuation.yield($0) }
        let running = Task {
            defer { continuation.finish() }
            try await services.run()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else {
            try await running.value
            throw RawConnection.Failure(description: "The server did not start.")
        }
        let result = await Swift.Result { () async throws -> Result in
            try await body(TestServer(port: port, log: log, application: application))
        }
        await services.triggerGracefulShutdown()
        _ = await running.result
        return try result.get()
    }

    // MARK: - Requests

    func connect() throws -> RawConnection { try RawConnection(port: port) }

    /// The text of a request.
    func request(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        json: PythonValue? = nil,
        body: [UInt8]? = nil
    ) throws -> [UInt8] {
        var fields = headers
        func add(_ name: String, _ value: String) {
            if !fields.contains(where: { $0.0.lowercased() == name.lowercased() }) { fields.append((name, value)) }
        }
        add("Host", "127.0.0.1:\(port)")
        let body = try body ?? json.map { try $0.json() }
        if let body {
            add("Content-Length", String(body.count))
            add("Content-Type", "application/json")
        }
        let head = "\(method) \(path) HTTP/1.1\r\n" + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
        return Array(head.utf8) + (body ?? [])
    }

    /// Sends a request over a connection of its own, and reads the answer.
    func send(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        json: PythonValue? = nil,
        body: [UInt8]? = nil
    ) async throws -> HTTPAnswer {
        let connection = try connect()
        try await connection.send(try request(method, path, headers: headers, json: json, body: body))
        var reader = AnswerReader(connection)
        return try await reader.next(hasBody: method != "HEAD")
    }

    func run(_ code: String, _ members: [PythonValue.Item] = []) async throws -> HTTPAnswer {
        try await send("POST", "/v1/runs", json: .dict([.init(key: "code", value: PythonValue(code))] + members))
    }
}

extension Swift.Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
