// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Does what the tools promise.
struct Tools: Sendable {
    private static let maxTools = 100
    private static let maxFileBytes = 64 << 20

    let sessions: SessionStore

    /// Calls a tool.
    ///
    /// - Returns: The answer, also if the call failed; `nil` if there is no such tool.
    /// - Throws: `CancellationError` if the task is cancelled.
    func call(_ name: String, _ arguments: ToolArguments, _ progress: ProgressReporter) async throws -> ToolResult? {
        do {
            switch name {
            case "run_python": return try await runPython(arguments, progress)
            case "write_file": return try await writeFile(arguments)
            case "read_file": return try await readFile(arguments)
            case "fork_session": return try await forkSession(arguments)
            case "undo_run": return try await undoRun(arguments)
            case "resume_python": return try await resumePython(arguments, progress)
            default: return nil
            }
        } catch let failure as ToolFailure {
            return ToolResult(text: failure.message, isError: true)
        } catch let error as SandboxError {
            return ToolResult(text: PlainText.clean(error.message), isError: true)
        }
    }

    // MARK: - Programs

    private func runPython(_ arguments: ToolArguments, _ progress: ProgressReporter) async throws -> ToolResult {
        let code = try arguments.requiredText("code")
        let timeout = try arguments.seconds("timeout_seconds")
        let functions = try arguments.list("tools", maxCount: Self.maxTools)?.map { try ClientFunction($0) }
        let session = try await sessions.session(arguments.session)
        return try await session.exclusively {
            guard await !session.sandbox.isSuspended else {
                throw ToolFailure(
                    "A program of session \(session.handle) waits for results: call resume_python, or undo_run to "
                        + "drop it."
                )
            }
            let number = try await session.beginRun()
            if let functions, !functions.isEmpty { try await declare(functions, in: session) }
            let run = SessionRun(session, timeout: timeout, progress: progress)
            let outcome = try await run.start(Program(code, forms: [.value, .text, .display]))
            return try await report(outcome, number, session)
        }
    }

    private func resumePython(_ arguments: ToolArguments, _ progress: ProgressReporter) async throws -> ToolResult {
        let timeout = try arguments.seconds("timeout_seconds")
        let results = try arguments.requiredList("results", maxCount: 1_000)
        let session = try await sessions.session(arguments.session)
        return try await session.exclusively {
            guard await session.sandbox.isSuspended else {
                throw ToolFailure("No program of session \(session.handle) waits for results.")
            }
            let pending = session.current.pendingCalls
            let answers = try results.map { try answer($0, pending) }
            let run = SessionRun(session, timeout: timeout, progress: progress)
            let outcome = try await run.resume(with: answers)
            return try await report(outcome, session.current.run, session)
        }
    }

    private func answer(_ result: PythonValue, _ pending: Set<Int>) throws -> HostCall.Answer {
        guard let id = result["id"]?.int, pending.contains(id) else {
            let ids = pending.sorted().map(String.init).joined(separator: ", ")
            throw ToolFailure("Each result has the `id` of a call that the program waits for; those are: \(ids).")
        }
        if let error = result["error"], error != .null {
            return HostCall.Answer(id, error: PythonException("ToolError", error.string ?? error.representation))
        }
        return HostCall.Answer(id, value: result["value"] ?? .null)
    }

    /// Makes functions of the client names of the programs.
    private func declare(_ functions: [ClientFunction], in session: MCPSession) async throws {
        try await session.sandbox.define([ClientFunction.host])
        let run = try await session.sandbox.run(ClientFunction.program(declaring: functions))
        if let error = run.error { throw ToolFailure("The tools cannot be declared: \(PlainText.clean("\(error)"))") }
        session.update { state in
            state.functions.removeAll { known in functions.contains { $0.pythonName == known.pythonName } }
            state.functions += functions
        }
    }

    private func report(
        _ outcome: SessionRun.Outcome,
        _ number: Int,
        _ session: MCPSession
    ) async throws -> ToolResult {
        let files: [SessionFiles.File]
        do {
            files = try await SessionFiles.list(session)
        } catch is SandboxError {
            // A program can break what lists files, which is no reason to lose its output.
            files = []
        }
        let known = session.update { state in
            let known = state.knownFiles
            state.knownFiles = Dictionary(files.map { ($0.path, $0.byteCount) }, uniquingKeysWith: { $1 })
            // What the sandbox reverted from leaves it waiting as before.
            if !outcome.isReverted { state.pendingCalls = Set(outcome.calls.map(\.id)) }
            return known
        }
        let report = RunReport(
            session: session.handle,
            number: number,
            outcome: outcome,
            files: files,
            newFiles: files.filter { known[$0.path] != $0.byteCount },
            namesSession: !sessions.sharesDefault
        )
        return report.result
    }

    // MARK: - Files

    private func writeFile(_ arguments: ToolArguments) async throws -> ToolResult {
        let path = try SessionFiles.normalized(arguments.requiredText("path"))
        let contents: [UInt8]
        switch (try arguments.text("text"), try arguments.text("base64")) {
        case (let text?, nil): contents = Array(text.utf8)
        case (nil, let base64?):
            guard let data = Data(base64Encoded: base64, options: .ignoreUnknownCharacters) else {
                throw ToolFailure("The argument `base64` is not in base64.")
            }
            contents = Array(data)
        default: throw ToolFailure("Give either `text` or `base64`.")
        }
        let session = try await sessions.session(arguments.session)
        return try await session.exclusively {
            try await session.sandbox.write(path, contents)
            session.update { state in
                state.writtenPaths.removeAll { $0 == path }
                state.writtenPaths.append(path)
                if state.writtenPaths.count > 100 { state.writtenPaths.removeFirst() }
                state.knownFiles[path] = UInt64(contents.count)
            }
            let file = SessionFiles.File(session: session.handle, path: path, byteCount: UInt64(contents.count))
            return ToolResult(
                text: "Wrote \(contents.count) bytes to \(PlainText.clean(path)).",
                structured: [
                    "session": PythonValue(session.handle), "path": PythonValue(path),
                    "bytes": PythonValue(contents.count), "uri": PythonValue(file.uri),
                ]
            )
        }
    }

    private func readFile(_ arguments: ToolArguments) async throws -> ToolResult {
        let path = try SessionFiles.normalized(arguments.requiredText("path"))
        let offset = try arguments.integer("offset", 0...Self.maxFileBytes) ?? 0
        let maxBytes = try arguments.integer("max_bytes", 1...10_000_000) ?? 100_000
        let session = try await sessions.session(arguments.session)
        let whole = try await session.exclusively {
            try await session.sandbox.read(path, maxBytes: Self.maxFileBytes)
        }
        var items: [PythonValue.Item] = [
            .init(key: "session", value: PythonValue(session.handle)), .init(key: "path", value: PythonValue(path)),
            .init(key: "bytes", value: PythonValue(whole.count)), .init(key: "offset", value: PythonValue(offset)),
        ]
        var part = Array(whole.dropFirst(offset).prefix(maxBytes))
        let isText = SessionFiles.text(of: whole) != nil
        // A character that is cut in two belongs to the next part.
        if isText, offset + part.count < whole.count {
            var shorter = part
            while shorter.count > max(0, part.count - 3), SessionFiles.text(of: shorter) == nil { shorter.removeLast() }
            if !shorter.isEmpty { part = shorter }
        }
        let isTruncated = offset + part.count < whole.count
        items.append(.init(key: "truncated", value: .bool(isTruncated)))
        let mediaType = SessionFiles.mediaType(of: path)
        if isText {
            let text = String(decoding: part, as: UTF8.self)
            items.append(.init(key: "text", value: PythonValue(text)))
            return ToolResult(text: PlainText.clean(text), structured: .dict(items))
        }
        let base64 = PythonValue(Data(part).base64EncodedString())
        items.append(.init(key: "base64", value: base64))
        if !isTruncated, offset == 0, ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(mediaType) {
            let picture: PythonValue = ["type": "image", "data": base64, "mimeType": PythonValue(mediaType)]
            return ToolResult(content: [picture], structured: .dict(items))
        }
        let resource: PythonValue = [
            "uri": PythonValue(SessionFiles.uri(session: session.handle, path: path)),
            "mimeType": PythonValue(mediaType), "blob": base64,
        ]
        return ToolResult(content: [["type": "resource", "resource": resource]], structured: .dict(items))
    }

    // MARK: - Sessions

    private func forkSession(_ arguments: ToolArguments) async throws -> ToolResult {
        let count = try arguments.integer("count", 1...16) ?? 1
        guard count < sessions.maxSessions else {
            throw ToolFailure("There can be \(sessions.maxSessions) sessions, so that many copies are too many.")
        }
        let session = try await sessions.session(arguments.session)
        let handles = try await session.exclusively {
            var handles: [String] = []
            for _ in 0..<count { handles.append(try await sessions.fork(session).handle) }
            return handles
        }
        return ToolResult(
            text: "Made \(handles.joined(separator: ", ")). Give one as `session`.",
            structured: [
                "session": PythonValue(session.handle), "sessions": .list(handles.map { PythonValue($0) }),
            ]
        )
    }

    private func undoRun(_ arguments: ToolArguments) async throws -> ToolResult {
        let target = try arguments.integer("to_run", 0...Int(Int32.max))
        let session = try await sessions.session(arguments.session)
        let run = try await session.exclusively { try await session.undo(to: target) }
        return ToolResult(
            text: run == 0
                ? "The session is as it was at its beginning." : "The session is as it was after run \(run).",
            structured: ["session": PythonValue(session.handle), "run": PythonValue(run)]
        )
    }
}
