// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import NIOCore
import Terrarium

/// The part of E2B's protocol that works on files: whole files over HTTP, and the rest as remote calls in JSON.
struct E2BFileRoutes: Sendable {
    let sandboxes: E2BSandboxes
    let maxBodyBytes: Int

    private static let maxReadBytes = 256 << 20
    private static let maxDepth = 16

    var routes: [Route] {
        [
            sandboxes.route(.get, "/health") { _, _ in Response(status: .noContent) },
            sandboxes.route(.get, "/files", read), sandboxes.route(.post, "/files", write),
            call("filesystem.Filesystem/Stat", stat),
            call("filesystem.Filesystem/ListDir", list), call("filesystem.Filesystem/MakeDir", makeDirectory),
            call("filesystem.Filesystem/Move", move), call("filesystem.Filesystem/Remove", remove),
        ]
            + ["filesystem.Filesystem/{method}", "process.Process/{method}"].map { path in
                call(path) { exchange, _, _ in throw Self.unsupported(exchange["method"]) }
            }
    }

    /// A remote call of the [Connect protocol](https://connectrpc.com/docs/protocol), whose request is one JSON object.
    private func call(
        _ name: String,
        _ body: @escaping @Sendable (Exchange, ServerSession, inout JSONObject) async throws -> PythonValue
    ) -> Route {
        sandboxes.route(.post, "/" + name, isRemoteCall: true) { exchange, session in
            // Streams of messages have another media type, and none of them is supported.
            guard exchange.hasJSON else { throw Self.unsupported(name) }
            var object = try await exchange.object(maxBytes: maxBodyBytes)
            return .json(try await body(exchange, session, &object))
        }
    }

    private static func unsupported(_ name: String) -> ProblemDetails {
        E2BProblem.unsupported("This server has no \(name.prefix(64)): run Python with run_code.")
    }

    // MARK: - Whole files

    @Sendable private func read(_ exchange: Exchange, _ session: ServerSession) async throws -> Response {
        let path = try path(exchange.query["path"])
        let contents = try await session.inTurn(sandboxes.runner) {
            try await $0.read(path, maxBytes: Self.maxReadBytes)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/octet-stream", .contentLength: String(contents.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: contents))
        )
    }

    @Sendable private func write(_ exchange: Exchange, _ session: ServerSession) async throws -> Response {
        guard exchange.header(.contentEncoding) ?? "identity" == "identity" else {
            throw ProblemDetails.unsupportedMediaType("application/octet-stream, without a Content-Encoding")
        }
        let type = exchange.header(.contentType) ?? ""
        let body = try await exchange.body(maxBytes: maxBodyBytes)
        var files: [(path: String, contents: [UInt8])] = []
        if let boundary = MultipartForm.boundary(of: type) {
            let parts = try MultipartForm.parts(of: body, boundary: boundary)
            for part in parts {
                let isOnly = parts.count == 1
                files.append(
                    (try path(isOnly ? exchange.query["path"] ?? part.filename : part.filename), part.contents)
                )
            }
        } else {
            files.append((try path(exchange.query["path"]), body))
        }
        let written = files
        try await session.inTurn(sandboxes.runner, isChange: true) { sandbox in
            for file in written { try await sandbox.write(file.path, file.contents) }
        }
        return .json(
            .list(
                files.map {
                    ["path": PythonValue($0.path), "name": PythonValue(Self.name(of: $0.path)), "type": "file"]
                }
            )
        )
    }

    // MARK: - Remote calls

    @Sendable private func stat(
        _ exchange: Exchange,
        _ session: ServerSession,
        _ object: inout JSONObject
    ) async throws -> PythonValue {
        let path = try path(object.text("path"))
        return ["entry": try await session.inTurn(sandboxes.runner) { try await Self.entry(path, in: $0) }]
    }

    @Sendable private func list(
        _ exchange: Exchange,
        _ session: ServerSession,
        _ object: inout JSONObject
    ) async throws -> PythonValue {
        let path = try path(object.text("path"))
        let depth = min(max(1, object.take("depth")?.int ?? 1), Self.maxDepth)
        let entries = try await session.inTurn(sandboxes.runner) { sandbox in
            var entries: [PythonValue] = []
            var rest = [(path: path, depth: 1)]
            while let (folder, level) = rest.popLast() {
                for entry in try await sandbox.list(folder).sorted(by: { $0.name < $1.name }) {
                    let place = (folder == "/" ? "" : folder) + "/" + entry.name
                    entries.append(Self.value(entry, at: place))
                    if entry.kind == .directory, level < depth { rest.append((place, level + 1)) }
                }
            }
            return entries
        }
        return ["entries": .list(entries)]
    }

    @Sendable private func makeDirectory(
        _ exchange: Exchange,
        _ session: ServerSession,
        _ object: inout JSONObject
    ) async throws -> PythonValue {
        let path = try path(object.text("path"))
        let entry = try await session.inTurn(sandboxes.runner, isChange: true) { sandbox in
            if (try? await Self.entry(path, in: sandbox)) != nil {
                throw ProblemDetails(.conflict, "exists", "It is there already.", detail: "\(path) is there already.")
            }
            try await sandbox.makeDirectory(path)
            return try await Self.entry(path, in: sandbox)
        }
        return ["entry": entry]
    }

    @Sendable private func move(
        _ exchange: Exchange,
        _ session: ServerSession,
        _ object: inout JSONObject
    ) async throws -> PythonValue {
        let source = try path(object.text("source"))
        let destination = try path(object.text("destination"))
        let entry = try await session.inTurn(sandboxes.runner, isChange: true) { sandbox in
            let arguments = [source, destination].map { PythonValue($0).representation }.joined(separator: ", ")
            try await SandboxEnvironment.evaluate("os.replace(\(arguments))", in: sandbox)
            return try await Self.entry(destination, in: sandbox)
        }
        return ["entry": entry]
    }

    @Sendable private func remove(
        _ exchange: Exchange,
        _ session: ServerSession,
        _ object: inout JSONObject
    ) async throws -> PythonValue {
        let path = try path(object.text("path"))
        try await session.inTurn(sandboxes.runner, isChange: true) { try await $0.remove(path) }
        return .dict([])
    }

    // MARK: - Parts

    /// An absolute path; relative ones begin at the home directory.
    private func path(_ text: String?) throws -> String {
        guard let text, !text.isEmpty else { throw ProblemDetails.invalidRequest("A path is missing.") }
        if text == "/" { return text }
        guard let path = RunRequest.path(text.hasPrefix("/") ? text : "\(E2BSandboxes.home)/\(text)") else {
            throw ProblemDetails.invalidRequest("The path is none of a file.")
        }
        return path
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "/" }

    private static func entry(_ path: String, in sandbox: Sandbox) async throws -> PythonValue {
        guard path != "/" else { return value(.init(name: "/", kind: .directory, byteCount: 0), at: "/") }
        let name = name(of: path)
        let folder = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
        guard let entry = try await sandbox.list(folder).first(where: { $0.name == name }) else {
            throw ProblemDetails(
                .notFound,
                "no-such-file",
                "There is no such file.",
                detail: "There is no file \(path)."
            )
        }
        return value(entry, at: path)
    }

    private static func value(_ entry: Sandbox.Entry, at path: String) -> PythonValue {
        let isFolder = entry.kind == .directory
        let type =
            isFolder ? "FILE_TYPE_DIRECTORY" : entry.kind == .symbolicLink ? "FILE_TYPE_SYMLINK" : "FILE_TYPE_FILE"
        return [
            "name": PythonValue(entry.name), "type": PythonValue(type), "path": PythonValue(path),
            // A number of 64 bits is a string in the JSON form of Protocol Buffers.
            "size": PythonValue(String(entry.byteCount)), "mode": isFolder ? 0o755 : 0o644,
            "permissions": isFolder ? "drwxr-xr-x" : "-rw-r--r--", "owner": "user", "group": "user",
        ]
    }
}
