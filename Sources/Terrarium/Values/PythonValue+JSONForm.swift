// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension PythonValue {
    /// Reads a value from JSON, in which objects such as `{"$bytes": "aGk="}` stand for what JSON does not have.
    ///
    /// It reads what ``json()`` writes, and JSON of any other program as RFC 8259 has it. Of two equal keys the later value
    /// counts.
    ///
    /// - Parameters:
    ///   - text: The text in UTF-8.
    ///   - maxDepth: The deepest nesting that is read; at most 1,000.
    /// - Throws: `DecodingError` if the text is not JSON or nested deeper, or if a tag such as `$bytes` has no such content.
    public init(json text: [UInt8], maxDepth: Int = 100) throws {
        func corrupted(_ reason: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: [], debugDescription: reason))
        }
        do {
            let tree = try PythonValue(strictJSON: text, maxDepth: maxDepth)
            var reader = MessageValueReader(memory: nil, maxBytes: .max)
            self = try reader.value(tree)
        } catch let error as MalformedJSON {
            throw corrupted("\(error)")
        } catch let error as MalformedMessage {
            throw corrupted("malformed Python value: \(error.reason)")
        }
    }

    /// Returns the value as JSON, in which objects such as `{"$bytes": "aGk="}` stand for what JSON does not have.
    ///
    /// The forms are those of the guest's protocol. They are also those of the `Codable` form, but that JSON text keeps the
    /// order of keys and tells floats from integers by itself: `{"b": 1.0, "a": 2}`.
    ///
    /// - Returns: The text in UTF-8.
    /// - Throws: `EncodingError` if values are nested more than 1,000 deep.
    public func json() throws -> [UInt8] {
        var writer = MessageWriter(isForReaders: true)
        do {
            try writer.value(self)
        } catch {
            throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: error.reason))
        }
        return writer.utf8
    }
}
