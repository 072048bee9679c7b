// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The files of sessions as resources of the protocol.
enum SessionFiles {
    /// A file that a client can read.
    struct File: Sendable, Hashable {
        let session: String
        let path: String
        let byteCount: UInt64

        var uri: String { SessionFiles.uri(session: session, path: path) }
        var name: String { String(path.split(separator: "/").last ?? "file") }

        /// The file in the answer of a tool.
        var object: PythonValue {
            ["path": PythonValue(path), "bytes": PythonValue(byteCount), "uri": PythonValue(uri)]
        }

        /// The file as a block of an answer.
        var link: PythonValue {
            var items = resourceItems
            items.insert(.init(key: "type", value: "resource_link"), at: 0)
            return .dict(items)
        }

        /// The file in a list of resources.
        var resource: PythonValue { .dict(resourceItems) }

        private var resourceItems: [PythonValue.Item] {
            [
                .init(key: "uri", value: PythonValue(uri)),
                .init(key: "name", value: PythonValue(PlainText.name(name))),
                .init(key: "mimeType", value: PythonValue(SessionFiles.mediaType(of: path))),
                .init(key: "size", value: PythonValue(byteCount)),
            ]
        }
    }

    /// The folder whose files answers tell of.
    static let outputFolder = "/out"

    static let template = "terrarium://sessions/{session}/files/{+path}"

    private static let prefix = "terrarium://sessions/"
    private static let maxFiles = 100
    private static let maxDepth = 8

    /// The files below ``outputFolder``, and those that the client wrote; a bounded number of them.
    static func list(_ session: MCPSession) async throws -> [File] {
        var files: [File] = []
        try await add(outputFolder, of: session, depth: 0, to: &files)
        for path in session.current.writtenPaths where !files.contains(where: { $0.path == path }) {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            let name = path.split(separator: "/").last.map(String.init)
            let entries = (try? await session.sandbox.list("/" + folder)) ?? []
            guard files.count < maxFiles, let entry = entries.first(where: { $0.name == name && $0.kind == .file })
            else { continue }
            files.append(File(session: session.handle, path: path, byteCount: entry.byteCount))
        }
        return files
    }

    /// The files that answers have told of.
    static func known(_ session: MCPSession) -> [File] {
        session.current.knownFiles.sorted { $0.key < $1.key }.map { path, byteCount in
            File(session: session.handle, path: path, byteCount: byteCount)
        }
    }

    private static func add(_ folder: String, of session: MCPSession, depth: Int, to files: inout [File]) async throws {
        let entries: [Sandbox.Entry]
        do {
            entries = try await session.sandbox.list(folder)
        } catch let error as SandboxError where error.code == .file {
            return
        }
        for entry in entries.sorted(by: { $0.name < $1.name }) where files.count < maxFiles {
            let path = "\(folder)/\(entry.name)"
            if entry.kind == .file {
                files.append(File(session: session.handle, path: path, byteCount: entry.byteCount))
            } else if entry.kind == .directory, depth < maxDepth {
                try await add(path, of: session, depth: depth + 1, to: &files)
            }
        }
    }

    /// The path as the sandbox has it: absolute, without `.` and `..`.
    static func normalized(_ path: String) throws -> String {
        guard !path.isEmpty, path.utf8.count <= 4_096, !path.utf8.contains(0) else {
            throw ToolFailure("The argument `path` is no path.")
        }
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        guard !parts.isEmpty else { throw ToolFailure("The argument `path` is the root folder, which is no file.") }
        return "/" + parts.joined(separator: "/")
    }

    // MARK: - URIs

    static func uri(session: String, path: String) -> String {
        var uri = prefix + session + "/files"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                uri += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return uri
    }

    /// Takes a URI apart; `nil` if it is none of a file.
    static func parse(_ uri: String) -> (session: String, path: String)? {
        guard uri.hasPrefix(prefix) else { return nil }
        let rest = uri.dropFirst(prefix.count)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        let (session, tail) = (String(rest[..<slash]), rest[slash...])
        guard tail.hasPrefix("/files/"), let path = decoded(tail.dropFirst("/files".count)),
            let normalized = try? normalized(path)
        else { return nil }
        return (session, normalized)
    }

    /// The text that percent signs and digits stand for; `nil` if it is none.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    // MARK: - Contents

    /// The type of a file by the end of its name.
    static func mediaType(of path: String) -> String {
        let ending = path.split(separator: "/").last?.split(separator: ".").last?.lowercased() ?? ""
        return mediaTypes[ending] ?? "application/octet-stream"
    }

    private static let mediaTypes = [
        "csv": "text/csv", "gif": "image/gif", "html": "text/html", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "json": "application/json", "md": "text/markdown", "npy": "application/octet-stream", "pdf": "application/pdf",
        "png": "image/png", "py": "text/x-python", "svg": "image/svg+xml", "txt": "text/plain", "webp": "image/webp",
        "xml": "application/xml", "zip": "application/zip",
    ]

    /// The text of bytes that are one.
    static func text(of bytes: [UInt8]) -> String? {
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
