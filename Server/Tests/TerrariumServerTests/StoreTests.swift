// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import Terrarium
import Testing

@testable import TerrariumServer

/// Sessions that outlive their sandbox, and the server's process.
@Suite(.timeLimit(.minutes(4))) struct StoreTests {
    /// A folder that goes with the value.
    private final class Folder: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "terrarium-test-\(UUID().uuidString)")
        var store: String { url.appending(path: "state/sessions.sqlite").path }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    /// The last count that each session answered.
    private final class Answered: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        var all: [String: Int] { counts.withLock { $0 } }

        func note(_ session: String, _ count: Int) {
            counts.withLock { $0[session] = count }
        }
    }

    private func send(_ port: Int, _ method: String, _ path: String, _ body: PythonValue? = nil) async throws
        -> HTTPAnswer
    {
        let connection = try RawConnection(port: port)
        let bytes = try body.map { try $0.json() } ?? []
        let head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        try await connection.send(Array("\(head)Content-Length: \(bytes.count)\r\n\r\n".utf8) + bytes)
        var reader = AnswerReader(connection)
        return try await reader.next()
    }

    private func run(_ port: Int, _ session: String, _ code: String) async throws -> HTTPAnswer {
        try await send(port, "POST", "/v1/sessions/\(session)/runs", ["code": PythonValue(code)])
    }

    @Test("A session that sleeps is woken by its next request, with variables, files, functions and earlier states")
    func sleep() async throws {
        try await TestServer.with {
            $0.sessions.awakeTime = .zero
        } _: { server in
            let id = try await server.makeSession(["functions": [["name": "ask"]], "limits": ["seconds": 2]])
            _ = try await server.run("x = 1\nopen('/a', 'w').write('text')", in: id)
            _ = try await server.run("x = 2", in: id)
            let session = try server.application.registry.session(id, of: .local)
            func sleep() async { while session.awakeSandbox != nil { await server.application.registry.sleepIdle() } }
            await sleep()
            #expect(try await server.run("x, open('/a').read()", in: id).json["text"] == "(2, 'text')")
            await sleep()
            #expect(try await server.send("GET", "/v1/sessions/\(id)/files/a").text == "text")
            await sleep()
            let waiting = try await server.run("x + await ask()", in: id)
            await sleep()
            let call = try #require(waiting.json["calls"]?[0]?["id"])
            let run = try #require(waiting.json["run"]?.int)
            let path = "/v1/sessions/\(id)/runs/\(run)/resume"
            let resumed = try await server.send("POST", path, json: ["results": [["id": call, "value": 40]]])
            #expect(resumed.json["value"] == 42, "\(resumed.text)")
            await sleep()
            #expect(try await server.run("while True: pass", in: id).json["status"] == "timeout")
            await sleep()
            #expect(try await server.send("POST", "/v1/sessions/\(id)/rollback", json: ["to_run": 1]).status == 200)
            await sleep()
            #expect(try await server.run("x", in: id).json["value"] == 1)
            await sleep()
            let fork = try await server.send("POST", "/v1/sessions/\(id)/fork", json: [:])
            let copy = try #require(fork.json["sessions"]?[0]?["id"]?.string)
            #expect(try await server.run("x", in: copy).json["value"] == 1)
            #expect(try await server.send("POST", "/v1/sessions/\(copy)/rollback", json: ["to_run": 0]).status == 200)
            #expect(try await server.run("x", in: copy).json["error"]?["type"] == "NameError")
        }
    }

    @Test("A restart loses nothing that was answered", arguments: [SIGTERM, SIGKILL]) func restart(signal: Int32)
        async throws
    {
        let folder = Folder()
        let first = try await ServerProcess(["--store", folder.store])
        let made = try await send(
            first.port,
            "POST",
            "/v1/sessions",
            ["functions": [["name": "ask"]], "metadata": ["user": "ada"], "ttl_seconds": 600]
        )
        let id = try #require(made.json["id"]?.string)
        for number in 1...3 { _ = try await run(first.port, id, "x = \(number)") }
        let path = "/v1/sessions/\(id)"
        #expect(try await send(first.port, "PUT", "\(path)/files/data", "kept").status == 204)
        let waiting = try await run(first.port, id, "x + await ask()")
        let call = try #require(waiting.json["calls"]?[0]?["id"])
        let gone = try #require(try await send(first.port, "POST", "/v1/sessions", [:]).json["id"]?.string)
        #expect(try await send(first.port, "DELETE", "/v1/sessions/\(gone)").status == 204)
        first.signal(signal)
        #expect(await first.end().code == (signal == SIGKILL ? -SIGKILL : 0))

        let second = try await ServerProcess(["--store", folder.store])
        let session = try await send(second.port, "GET", path)
        #expect(session.json["metadata"] == ["user": "ada"])
        #expect(session.json["ttl_seconds"] == 600.0)
        #expect(session.json["state"] == "suspended")
        #expect(session.json["created_at"] == made.json["created_at"])
        #expect(try await send(second.port, "GET", "/v1/sessions/\(gone)").status == 404)
        let resumed = try await send(
            second.port,
            "POST",
            "\(path)/runs/4/resume",
            ["results": [["id": call, "value": 39]]]
        )
        #expect(resumed.json["value"] == 42, "\(resumed.text)")
        #expect(try await send(second.port, "GET", "\(path)/files/data").text == #""kept""#)
        #expect(try await send(second.port, "POST", "\(path)/rollback", ["to_run": 2]).status == 200)
        #expect(try await run(second.port, id, "x").json["value"] == 2)
        // New names are new, and come after the old ones in lists.
        let other = try #require(try await send(second.port, "POST", "/v1/sessions", [:]).json["id"]?.string)
        let list = try await send(second.port, "GET", "/v1/sessions")
        #expect(list.json["sessions"]?.array?.compactMap { $0["id"]?.string } == [other, id])
        second.signal(SIGTERM)
        #expect(await second.end().code == 0)
    }

    @Test("SIGKILL in the middle of 200 busy sessions loses no session that had answered, and no run of it")
    func busyRestart() async throws {
        let folder = Folder()
        let options = ["--store", folder.store, "--max-sessions-per-tenant", "200", "--max-waiting", "1000"]
        let first = try await ServerProcess(options)
        let (port, count, clients) = (first.port, 200, 40)
        let answered = Answered()
        await withTaskGroup { group in
            for _ in 0..<clients {
                group.addTask {
                    var ids: [String] = []
                    for _ in 0..<(count / clients) {
                        guard let made = try? await send(port, "POST", "/v1/sessions", [:]).json["id"]?.string else {
                            return
                        }
                        answered.note(made, 0)
                        ids.append(made)
                    }
                    let code = "n = globals().get('n', 0) + 1\nn"
                    while true {
                        for id in ids {
                            guard let value = try? await run(port, id, code).json["value"]?.int else { return }
                            answered.note(id, value)
                        }
                    }
                }
            }
            group.addTask {
                // In the middle: all are there, and many have run.
                while answered.all.count < count || answered.all.values.reduce(0, +) < count { await Task.yield() }
                first.signal(SIGKILL)
            }
        }
        #expect(await first.end().code == -SIGKILL)
        let known = answered.all
        #expect(known.count == count)
        let second = try await ServerProcess(options)
        for (id, value) in known {
            let answer = try await run(second.port, id, "globals().get('n', 0)")
            let found = answer.json["value"]?.int ?? -1
            // One more if the answer was on its way.
            #expect(found == value || found == value + 1, "\(id): \(value) was answered, \(found) is there")
        }
        second.signal(SIGTERM)
        #expect(await second.end().code == 0)
    }

    @Test("A tenant that has used up its bytes stores no more until it ends a session")
    func storedBytes() async throws {
        try await TestServer.with {
            $0.sessions.maxStoredBytesPerTenant = 3 << 20
        } _: { server in
            let (large, small) = (try await server.makeSession(), try await server.makeSession())
            let code = "import os\nx = os.urandom(4 << 20)"
            #expect(try await server.run(code, in: large).json["status"] == "ok")
            for (method, path, body) in [
                ("POST", "/v1/sessions/\(small)/runs", ["code": "1"]), ("POST", "/v1/sessions", [:]),
                ("PUT", "/v1/sessions/\(small)/files/a", [:]), ("POST", "/v1/sessions/\(small)/fork", [:]),
            ] as [(String, String, PythonValue)] {
                let answer = try await server.send(method, path, json: body)
                #expect(answer.status == 429 && answer.json["limit"] == "stored_bytes", "\(method) \(path)")
            }
            #expect(try await server.send("DELETE", "/v1/sessions/\(large)").status == 204)
            #expect(try await server.run("1", in: small).json["value"] == 1)
        }
    }

    @Test("The store is its owner's, and of one server") func exclusive() async throws {
        let folder = Folder()
        let server = try await ServerProcess(["--store", folder.store])
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.store)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let parent = URL(filePath: folder.store).deletingLastPathComponent().path
        let parentAttributes = try FileManager.default.attributesOfItem(atPath: parent)
        #expect((parentAttributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        let other = try await ServerProcess.run(["--port", "0", "--store", folder.store])
        #expect(other.code > 0 && other.log.contains("another server"), "\(other.log)")
        let unusable = try await ServerProcess.run(["--port", "0", "--store", "/proc/none/sessions.sqlite"])
        #expect(unusable.code > 0 && unusable.log.contains("/proc/none"), "\(unusable.log)")
        server.signal(SIGTERM)
        #expect(await server.end().code == 0)
    }

    @Test("A session of another image says so") func otherImage() async throws {
        let folder = Folder()
        let store = folder.store
        let id = try await TestServer.with {
            $0.store = store
        } _: { server in
            let id = try await server.makeSession()
            _ = try await server.run("x = 1", in: id)
            return id
        }
        let derived = try await TestServer.image.value.derived { sandbox in _ = try await sandbox.run("import json") }
        try await TestServer.with(image: derived) {
            $0.store = store
        } _: { server in
            let answer = try await server.run("x", in: id)
            #expect(answer.status == 410 && answer.problem == "image-changed", "\(answer.text)")
            #expect(try await server.send("DELETE", "/v1/sessions/\(id)").status == 204)
        }
    }
}
