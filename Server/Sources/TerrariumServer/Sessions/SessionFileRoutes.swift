// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Hummingbird
import NIOCore
import Terrarium

/// `/v1/sessions/{session}/files`: the files of a session.
struct SessionFileRoutes: Sendable {
    let registry: SessionRegistry
    let runner: ProgramRunner
    let maxBodyBytes: Int

    private static let maxReadBytes = 256 << 20

    var routes: [Route] {
        [
            Route(.get, "/v1/sessions/{session}/files", listRoot),
            Route(.get, "/v1/sessions/{session}/files/{+path}", read),
            Route(.put, "/v1/sessions/{session}/files/{+path}", write),
            Route(.delete, "/v1/sessions/{session}/files/{+path}", remove),
        ]
    }

    private func path(_ exchange: Exchange) throws -> String {
        guard let path = RunRequest.path("/" + exchange["path"]) else {
            throw ProblemDetails.invalidRequest("The path is none of a file.")
        }
        return path
    }

    @Sendable private func listRoot(_ exchange: Exchange) async throws -> Response {
        let entries = try await inTurn(exchange) { try await $0.list("/") }
        return Self.listing(entries)
    }

    @Sendable private func read(_ exchange: Exchange) async throws -> Response {
        let path = try path(exchange)
        return try await inTurn(exchange) { sandbox in
            if let entries = try? await sandbox.list(path) { return Self.listing(entries) }
            let contents: [UInt8]
            do {
                contents = try await sandbox.read(path, maxBytes: Self.maxReadBytes)
            } catch let error as SandboxError where error.code == .file {
                throw ProblemDetails.noFile(error)
            }
            return Response(
                status: .ok,
                // Whatever the file is, no browser is to show it as a part of this server.
                headers: [.contentType: "application/octet-stream", .contentDisposition: "attachment"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: contents))
            )
        }
    }

    @Sendable private func write(_ exchange: Exchange) async throws -> Response {
        let path = try path(exchange)
        _ = try registry.session(exchange["session"], of: exchange.tenant)
        try registry.checkStoredBytes(of: exchange.tenant)
        let contents = try await exchange.body(maxBytes: maxBodyBytes)
        return try await inTurn(exchange, isChange: true) { sandbox in
            do {
                try await sandbox.write(path, contents)
            } catch let error as SandboxError where error.code == .file {
                throw ProblemDetails(.conflict, "file", "The file cannot be written.", detail: error.message)
            }
            return Response(status: .noContent)
        }
    }

    @Sendable private func remove(_ exchange: Exchange) async throws -> Response {
        let path = try path(exchange)
        return try await inTurn(exchange, isChange: true) { sandbox in
            do {
                try await sandbox.remove(path)
            } catch let error as SandboxError where error.code == .file {
                throw ProblemDetails.noFile(error)
            }
            return Response(status: .noContent)
        }
    }

    private static func listing(_ entries: [Sandbox.Entry]) -> Response {
        let values = entries.sorted { $0.name < $1.name }.map { entry -> PythonValue in
            [
                "name": PythonValue(entry.name), "kind": PythonValue(entry.kind.name),
                "bytes": PythonValue(entry.byteCount),
            ]
        }
        return .json(["entries": .list(values)])
    }

    /// Does something with the files when nothing else happens in the session, and it is the tenant's turn.
    private func inTurn<Result: Sendable>(
        _ exchange: Exchange,
        isChange: Bool = false,
        _ body: @escaping @Sendable (Sandbox) async throws -> Result
    ) async throws -> Result {
        try await registry.session(exchange).inTurn(runner, isChange: isChange, body)
    }
}

extension ProblemDetails {
    fileprivate static func noFile(_ error: SandboxError) -> ProblemDetails {
        ProblemDetails(.notFound, "no-such-file", "There is no such file.", detail: error.message)
    }
}
