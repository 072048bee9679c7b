// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium
import Testing

@testable import TerrariumMCP

/// A client of a service in this process: lines in, lines out.
final class Client: Sendable {
    private struct State {
        var messages: [PythonValue] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let box: Box
    let connection: MCPConnection

    /// The messages of the server.
    private final class Box: Sendable {
        let state = Mutex(State())

        func add(_ line: [UInt8]) {
            let waiters = state.withLock { state in
                // What is no JSON, or more than one line, is no message.
                let isLine = line.last == UInt8(ascii: "\n") && line.count { $0 == UInt8(ascii: "\n") } == 1
                let message = try? PythonValue(strictJSON: Array(line.dropLast()), maxDepth: 100)
                if let message, isLine {
                    state.messages.append(message)
                } else {
                    Issue.record("No message: \(String(decoding: line, as: UTF8.self))")
                }
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    init(
        limits: Terrarium.Limits = Terrarium.Limits(),
        configuration: MCPService.Configuration = MCPService.Configuration(),
        connection bounds: MCPConnection.Limits = MCPConnection.Limits()
    ) async throws {
        let image = try await Image.python()
        let service = MCPService(base: Sandbox(image, limits: limits), configuration: configuration)
        try await service.prepare()
        let box = Box()
        self.box = box
        connection = MCPConnection(service, limits: bounds) { box.add($0) }
    }

    /// A connection that began with `initialize`.
    static func legacy(
        _ revision: String = "2025-11-25",
        limits: Terrarium.Limits = Terrarium.Limits(),
        configuration: MCPService.Configuration = MCPService.Configuration()
    ) async throws -> Client {
        let client = try await Client(limits: limits, configuration: configuration)
        let parameters =
            #"{"protocolVersion":"\#(revision)","capabilities":{},"clientInfo":{"name":"t","version":"1"}}"#
        let answer = await client.ask(#"{"jsonrpc":"2.0","id":"open","method":"initialize","params":\#(parameters)}"#)
        try #require(answer["result"]?["serverInfo"]?["name"] == "terrarium")
        await client.send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        return client
    }

    func send(_ line: String) async {
        await connection.receive(Array(line.utf8) + [UInt8(ascii: "\n")])
    }

    /// All messages of the server so far.
    var messages: [PythonValue] { box.state.withLock { $0.messages } }

    /// Waits for a message that meets a condition, after as many others.
    func first(after count: Int = 0, where isWanted: @Sendable (PythonValue) -> Bool) async -> PythonValue {
        while true {
            if let message = messages.dropFirst(count).first(where: isWanted) { return message }
            await withCheckedContinuation { continuation in
                let isThere = box.state.withLock { state in
                    if state.messages.dropFirst(count).contains(where: isWanted) { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }

    /// Sends a line and waits for the next message.
    func ask(_ line: String) async -> PythonValue {
        let count = messages.count
        await send(line)
        return await first(after: count) { _ in true }
    }

    private let lastID = Mutex(0)

    func nextID() -> Int {
        lastID.withLock { id in
            id += 1
            return id
        }
    }

    /// Calls a tool in the legacy era; answers the whole response.
    func call(_ tool: String, _ arguments: PythonValue) async -> PythonValue {
        let id = nextID()
        let request: PythonValue = [
            "jsonrpc": "2.0", "id": PythonValue(id), "method": "tools/call",
            "params": ["name": PythonValue(tool), "arguments": arguments],
        ]
        await send(JSONText.value(request) ?? "")
        return await first { $0["id"]?.int == id }
    }

    /// Runs code; answers the structured content.
    func run(_ code: String, session: String? = nil) async throws -> PythonValue {
        let arguments: PythonValue = ["code": PythonValue(code), "session": session.map { PythonValue($0) } ?? nil]
        return try #require(await call("run_python", arguments)["result"]?["structuredContent"])
    }
}

extension PythonValue {
    /// The texts of a list of them.
    var strings: [String]? { array?.compactMap(\.string) }
    /// The code of the error that a response has.
    var errorCode: Int? { self["error"]?["code"]?.int }
    /// The text of the first block of a tool's answer.
    var toolText: String { self["result"]?["content"]?[0]?["text"]?.string ?? "" }
    /// True for a tool's answer which says that the call failed.
    var isToolError: Bool { self["result"]?["isError"] == true }
}
