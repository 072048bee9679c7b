// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// An answer of a server, read byte by byte.
struct HTTPAnswer {
    let status: Int
    /// The headers, by their names in small letters.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a value; null for what is no JSON.
    var json: PythonValue { (try? PythonValue(json: body)) ?? .null }

    /// The last part of the type of a problem.
    var problem: String? {
        guard headers["content-type"] == "application/problem+json", json["status"]?.int == status,
            let type = json["type"]?.string, type.hasPrefix("/problems/"), json["title"]?.string != nil
        else { return nil }
        return String(type.dropFirst("/problems/".count))
    }
}

/// Reads the answers that arrive over a connection, one after the other.
struct AnswerReader {
    let connection: RawConnection
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    init(_ connection: RawConnection) {
        self.connection = connection
    }

    private mutating func fill() async throws -> Bool {
        guard !isAtEnd else { return false }
        let bytes = try await connection.receive()
        isAtEnd = bytes.isEmpty
        buffer += bytes
        return !isAtEnd
    }

    private mutating func take(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count {
            guard try await fill() else { throw RawConnection.Failure(description: "The answer ends too early.") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Reads up to the end of a line.
    mutating func line() async throws -> String {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end].filter { $0 != UInt8(ascii: "\r") }
                buffer.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            guard try await fill() else { throw RawConnection.Failure(description: "There is no answer.") }
        }
    }

    /// Returns whether the server closes the connection with nothing more to say.
    mutating func isClosed() async throws -> Bool {
        while try await fill() {}
        return buffer.isEmpty
    }

    /// Reads the status and the headers of an answer.
    mutating func head() async throws -> (status: Int, headers: [String: String]) {
        let words = try await line().split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw RawConnection.Failure(description: "This is no answer: \(words)")
        }
        var headers: [String: String] = [:]
        while case let line = try await line(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        }
        return (status, headers)
    }

    /// Reads a piece of a body that comes in pieces; nothing at its end.
    mutating func chunk() async throws -> [UInt8] {
        let count = Int(try await line(), radix: 16) ?? 0
        let bytes = try await take(count)
        _ = try await line()
        return bytes
    }

    mutating func next(hasBody: Bool = true) async throws -> HTTPAnswer {
        let (status, headers) = try await head()
        var body: [UInt8] = []
        if !hasBody || status == 204 || status < 200 {
            body = []
        } else if headers["transfer-encoding"] == "chunked" {
            while case let bytes = try await chunk(), !bytes.isEmpty { body += bytes }
        } else {
            body = try await take(headers["content-length"].flatMap(Int.init) ?? 0)
        }
        return HTTPAnswer(status: status, headers: headers, body: body)
    }
}
