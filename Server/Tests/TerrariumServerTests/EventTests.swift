// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumServer

/// Runs as streams of events.
@Suite(.timeLimit(.minutes(2)))
struct EventTests {
    private struct Event: Equatable {
        let name: String
        let id: String
        let data: PythonValue
    }

    private static let accept = [("Accept", "text/event-stream")]

    /// Reads the events of an answer up to its end, or as many.
    private func events(_ reader: inout AnswerReader, count: Int = .max) async throws -> [Event] {
        var events: [Event] = []
        var text = ""
        while events.count < count, case let bytes = try await reader.chunk(), !bytes.isEmpty {
            text += String(decoding: bytes, as: UTF8.self)
            while let end = text.firstRange(of: "\n\n") {
                var fields: [String: String] = [:]
                for line in text[..<end.lowerBound].split(separator: "\n") where !line.hasPrefix(":") {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    fields[String(parts[0])] = String(parts[1].dropFirst())
                }
                text.removeSubrange(..<end.upperBound)
                guard let name = fields["event"] else { continue }
                let data = try PythonValue(json: Array((fields["data"] ?? "").utf8))
                events.append(Event(name: name, id: fields["id"] ?? "", data: data))
            }
        }
        return events
    }

    private func stream(
        _ server: TestServer,
        _ method: String,
        _ path: String,
        headers: [(String, String)] = accept,
        json: PythonValue? = nil
    ) async throws -> AnswerReader {
        let connection = try server.connect()
        try await connection.send(try server.request(method, path, headers: headers, json: json))
        var reader = AnswerReader(connection)
        let (status, headers) = try await reader.head()
        #expect(status == 200)
        #expect(headers["content-type"] == "text/event-stream")
        #expect(headers["x-accel-buffering"] == "no")
        return reader
    }

    @Test("Output, displays and progress come as they happen, the outcome last")
    func events() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            let code = """
                import sys, terrarium
                print('one\\ntwo')
                print('error', file=sys.stderr)
                display('shown')
                for i in terrarium.progress(range(2)): pass
                6 * 7
                """
            var reader = try await stream(server, "POST", "/v1/sessions/\(id)/runs", json: ["code": PythonValue(code)])
            let events = try await events(&reader)
            #expect(events.map(\.id) == (1...events.count).map { "1.\($0)" })
            let output = events.filter { $0.name == "output" }
            #expect(
                output.filter { $0.data["stream"] == "stdout" }.compactMap { $0.data["text"]?.string }.joined()
                    == "one\ntwo\n"
            )
            #expect(
                output.filter { $0.data["stream"] == "stderr" }.compactMap { $0.data["text"]?.string }.joined()
                    == "error\n"
            )
            #expect(events.contains { $0.name == "display" })
            #expect(events.contains { $0.name == "progress" })
            let last = try #require(events.last)
            #expect(last.name == "finished" && last.data["value"] == 42 && last.data["status"] == "ok")
        }
    }

    @Test("A reader that comes again goes on after the last event that it had")
    func resume() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            let path = "/v1/sessions/\(id)/runs"
            let code: PythonValue = ["code": "for i in range(5): print(i, flush=True)"]
            var first = try await stream(server, "POST", path, json: code)
            let all = try await events(&first)
            #expect(all.count >= 2)
            for (index, event) in all.enumerated() {
                var again = try await stream(
                    server,
                    "GET",
                    "\(path)/1/events",
                    headers: [("Last-Event-ID", event.id)]
                )
                #expect(try await events(&again) == Array(all[(index + 1)...]))
            }
            var whole = try await stream(server, "GET", "\(path)/1/events", headers: [])
            #expect(try await events(&whole) == all)
            for wrong in ["2.1", "x", "1.-1"] {
                let answer = try await server.send("GET", "\(path)/1/events", headers: [("Last-Event-ID", wrong)])
                #expect(answer.problem == "invalid-request", "\(wrong)")
            }
        }
    }

    @Test("A program goes on while no reader is there, and one that comes late is told of the gap")
    func gap() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            let path = "/v1/sessions/\(id)/runs"
            let code = "for i in range(100): print('x' * 40_000, flush=True)"
            #expect(try await server.run(code, in: id).json["status"] == "ok")
            var reader = try await stream(server, "GET", "\(path)/1/events", headers: [])
            let events = try await events(&reader)
            #expect(events.first?.name == "gap")
            #expect(events.last?.name == "finished")
            let first = events.first?.data["first"]?.int
            #expect(first.map { "1.\($0)" } == events.dropFirst().first?.id)
        }
    }

    @Test("A program waits for a reader that is slow")
    func backPressure() async throws {
        let log = RunLog(maxBytes: 100)
        let reader = await log.attach(after: 0)
        let writing = Task {
            for index in 0..<50 {
                await log.add("output", ["number": PythonValue(index), "text": "12345678901234567890"])
            }
            await log.end()
        }
        var seen: [Int] = []
        loop: while true {
            switch await log.next(reader) {
            case .event(let event):
                seen.append(event.number)
                // Others wait for the reader: never more than fit.
                #expect(await log.count - event.number <= 3)
            case .gap: Issue.record("An event was dropped.")
            case .nothing: continue
            case .end: break loop
            }
        }
        await writing.value
        #expect(seen == Array(1...50))
    }

    @Test("A writer that waits for a reader goes on when the reader leaves")
    func readerLeaves() async throws {
        let log = RunLog(maxBytes: 100)
        let reader = await log.attach(after: 0)
        let writing = Task {
            for _ in 0..<50 { await log.add("output", "12345678901234567890") }
        }
        while await log.count < 3 { await Task.yield() }
        await log.detach(reader)
        await writing.value
        #expect(await log.count == 50)
    }

    @Test("A program that awaits a function of its client says so in its events, and goes on in them")
    func suspension() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession(["functions": [["name": "ask"]]])
            let path = "/v1/sessions/\(id)/runs"
            var reader = try await stream(server, "POST", path, json: ["code": "print('a')\nprint(await ask())\n1"])
            let before = try await events(&reader, count: 2)
            #expect(before.map(\.name) == ["output", "needs_results"])
            let call = try #require(before.last?.data["calls"]?[0]?["id"])
            let answer = try await server.send(
                "POST",
                "\(path)/1/resume",
                json: ["results": [["id": call, "value": "b"]]]
            )
            #expect(answer.json["value"] == 1)
            #expect(try await events(&reader).map(\.name) == ["output", "finished"])
        }
    }
}
