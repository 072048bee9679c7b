// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// With other coders than ``PythonValue/init(encoding:)`` and ``PythonValue/decode(_:)``, with JSON's for instance,
/// values are what these have: nothing, truth values, numbers, texts, lists, and dictionaries with texts for keys.
extension PythonValue: Codable {
    /// Writes the value.
    ///
    /// - Throws: `EncodingError` if it is of a kind that only Python has.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .dict(let items):
            var container = encoder.container(keyedBy: IndexKey.self)
            for item in items { try container.encode(item.value, forKey: IndexKey(stringValue: item.key.text)) }
        case .list(let elements), .tuple(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .none: try container.encodeNil()
            case .bool(let value): try container.encode(value)
            case .float(let number): try container.encode(number)
            case .string(let text): try container.encode(text.text)
            case .int(let digits):
                if let number = Int(digits) {
                    try container.encode(number)
                } else if let number = UInt64(digits) {
                    try container.encode(number)
                } else {
                    fallthrough
                }
            default:
                let reason = "a Python \(typeName) of this size or kind has no form here"
                throw EncodingError.invalidValue(
                    self,
                    .init(codingPath: encoder.codingPath, debugDescription: reason)
                )
            }
        }
    }

    /// Reads a value.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: IndexKey.self) {
            self = .dict(
                try container.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
                    Item(key: PythonString(key.stringValue), value: try container.decode(PythonValue.self, forKey: key))
                }
            )
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [PythonValue] = []
            while !container.isAtEnd { elements.append(try container.decode(PythonValue.self)) }
            self = .list(elements)
        } else {
            self = try Self.scalar(in: decoder.singleValueContainer())
        }
    }

    private static func scalar(in container: any SingleValueDecodingContainer) throws -> PythonValue {
        if container.decodeNil() { return .none }
        if let value = try? container.decode(Bool.self) { return .bool(value) }
        if let value = try? container.decode(Int.self) { return .int(digits: String(value)) }
        if let value = try? container.decode(Double.self) { return .float(value) }
        return .string(PythonString(try container.decode(String.self)))
    }
}
