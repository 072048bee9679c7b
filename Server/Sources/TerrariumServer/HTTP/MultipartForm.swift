// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A body of the media type `multipart/form-data`, as RFC 7578 has it.
enum MultipartForm {
    /// A part that is a file, or the value of a field.
    struct Part: Sendable, Hashable {
        var name: String?
        var filename: String?
        var contents: [UInt8]
    }

    /// The bounds of one body, whatever it says.
    private static let maxParts = 1_000
    private static let maxHeaderBytes = 8_192
    private static let maxBoundaryBytes = 70

    /// The boundary that a media type names; `nil` if the type is another one.
    static func boundary(of contentType: String) -> [UInt8]? {
        let parts = contentType.split(separator: ";").map { $0.drop { $0 == " " || $0 == "\t" } }
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        for part in parts.dropFirst() where part.lowercased().hasPrefix("boundary=") {
            let text = part.dropFirst("boundary=".count).filter { $0 != "\"" }
            guard (1...maxBoundaryBytes).contains(text.utf8.count) else { return nil }
            return Array(text.utf8)
        }
        return nil
    }

    /// Takes a body apart.
    ///
    /// - Throws: ``ProblemDetails`` if it does not end as it should, or has too many parts.
    static func parts(of body: [UInt8], boundary: [UInt8]) throws -> [Part] {
        let delimiter = Array("--".utf8) + boundary
        guard body.starts(with: delimiter) else { throw malformed }
        var parts: [Part] = []
        var position = delimiter.count
        while true {
            if body[position...].starts(with: "--".utf8) { return parts }
            guard body[position...].starts(with: "\r\n".utf8) else { throw malformed }
            position += 2
            guard let headEnd = find(Array("\r\n\r\n".utf8), in: body, from: position, upTo: position + maxHeaderBytes),
                let end = find(Array("\r\n".utf8) + delimiter, in: body, from: headEnd + 4, upTo: body.count),
                let head = String(validating: body[position..<headEnd], as: UTF8.self), parts.count < maxParts
            else { throw malformed }
            parts.append(part(head, Array(body[headEnd + 4..<end])))
            position = end + 2 + delimiter.count
        }
    }

    private static let malformed = ProblemDetails.invalidRequest("The body is no multipart form.")

    /// The place where bytes begin, looked for by their first byte.
    private static func find(_ bytes: [UInt8], in body: [UInt8], from start: Int, upTo end: Int) -> Int? {
        let end = min(end, body.count)
        guard start <= end else { return nil }
        var position = start
        while let index = body[position..<end].firstIndex(of: bytes[0]) {
            if body[index...].starts(with: bytes) { return index }
            position = index + 1
        }
        return nil
    }

    private static func part(_ head: String, _ contents: [UInt8]) -> Part {
        var part = Part(contents: contents)
        for line in head.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "content-disposition" else {
                continue
            }
            part.name = parameter("name", of: line)
            part.filename = parameter("filename", of: line)
        }
        return part
    }

    /// The quoted value of a parameter; browsers and clients write quotes in it as `%22`, or with a backslash.
    private static func parameter(_ name: String, of line: Substring) -> String? {
        guard let start = line.firstRange(of: "; \(name)=\"") else { return nil }
        var value = ""
        var isEscaped = false
        for character in line[start.upperBound...] {
            if isEscaped {
                value.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return value.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
            } else {
                value.append(character)
            }
        }
        return nil
    }
}
