// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Decodes types from a ``PythonValue``, which may come from a hostile program.
struct PythonDecoder: Decoder {
    /// The depth to which a type may nest, since each level takes stack and a program decides how deep its value is.
    private static let maxDepth = 200

    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let value: PythonValue

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from value: PythonValue,
        at path: [any CodingKey]
    ) throws -> Value {
        if let known = try KnownTypes.decode(type, from: value, at: path) { return known }
        guard path.count <= maxDepth else {
            let context = DecodingError.Context(codingPath: [], debugDescription: "nested more than \(maxDepth) deep")
            throw DecodingError.dataCorrupted(context)
        }
        return try type.init(from: PythonDecoder(codingPath: path, value: value))
    }

    private init(codingPath: [any CodingKey], value: PythonValue) {
        self.codingPath = codingPath
        self.value = value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        var values: [String: PythonValue] = [:]
        var keys: [String] = []
        func add(_ key: String, _ value: PythonValue) {
            if values.updateValue(value, forKey: key) == nil { keys.append(key) }
        }
        switch value {
        case .dict(let items), .record(_, let items):
            for item in items { add(item.key.text, item.value) }
        case .mapping(let pairs):
            // Swift's dictionaries with keys like `Int` are keyed by their texts.
            for pair in pairs { add(pair.key.description, pair.value) }
        default: throw KnownTypes.mismatch([String: PythonValue].self, value, at: codingPath)
        }
        return KeyedDecodingContainer(Keyed(codingPath: codingPath, values: values, keys: keys))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch value {
        case .list(let elements), .tuple(let elements), .set(let elements, _):
            return Unkeyed(codingPath: codingPath, elements: elements)
        case .array(let array):
            guard case .list(let elements)? = array.nested else { break }
            return Unkeyed(codingPath: codingPath, elements: elements)
        case .bytes(let bytes):
            return Unkeyed(codingPath: codingPath, elements: bytes.map { PythonValue($0) })
        case .complex(let real, let imaginary):
            return Unkeyed(codingPath: codingPath, elements: [.float(real), .float(imaginary)])
        case .mapping(let pairs):
            // How Swift encodes dictionaries with other keys than texts and integers.
            return Unkeyed(codingPath: codingPath, elements: pairs.flatMap { [$0.key, $0.value] })
        default: break
        }
        throw KnownTypes.mismatch([PythonValue].self, value, at: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        Single(codingPath: codingPath, value: value)
    }

    private struct Single: SingleValueDecodingContainer {
        let codingPath: [any CodingKey]
        let value: PythonValue

        func decodeNil() -> Bool { value == .null }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try PythonDecoder.decode(type, from: value, at: codingPath)
        }

        // The standard library has defaults for these two, which refuse and would be chosen before the method above.
        func decode(_ type: Int128.Type) throws -> Int128 { try known(type) }
        func decode(_ type: UInt128.Type) throws -> UInt128 { try known(type) }

        private func known<Value: Decodable>(_ type: Value.Type) throws -> Value { try decode(type) }
    }

    private struct Unkeyed: UnkeyedDecodingContainer {
        let codingPath: [any CodingKey]
        let elements: [PythonValue]
        private(set) var currentIndex = 0
        var count: Int? { elements.count }
        var isAtEnd: Bool { currentIndex == elements.count }

        init(codingPath: [any CodingKey], elements: [PythonValue]) {
            self.codingPath = codingPath
            self.elements = elements
        }

        private var path: [any CodingKey] { codingPath + [IndexKey(currentIndex)] }

        private func next<Value>(_ type: Value.Type) throws -> PythonValue {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    type,
                    .init(codingPath: path, debugDescription: "expected \(type), but the list ends here")
                )
            }
            return elements[currentIndex]
        }

        mutating func decodeNil() throws -> Bool {
            guard try next(Never?.self) == .null else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let value = try PythonDecoder.decode(type, from: next(type), at: path)
            currentIndex += 1
            return value
        }

        // The standard library has defaults for these two, which refuse and would be chosen before the method above.
        mutating func decode(_ type: Int128.Type) throws -> Int128 { try known(type) }
        mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try known(type) }

        private mutating func known<Value: Decodable>(_ type: Value.Type) throws -> Value { try decode(type) }

        mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
            try nested().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try nested().unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder { try nested() }

        private mutating func nested() throws -> PythonDecoder {
            let decoder = PythonDecoder(codingPath: path, value: try next(PythonValue.self))
            currentIndex += 1
            return decoder
        }
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let codingPath: [any CodingKey]
        let values: [String: PythonValue]
        let keys: [String]
        var allKeys: [Key] { keys.compactMap { Key(stringValue: $0) } }

        func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }

        private func value(_ key: any CodingKey) throws -> PythonValue {
            guard let value = values[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key,
                    .init(codingPath: codingPath, debugDescription: "there is no \(key.stringValue)")
                )
            }
            return value
        }

        func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .null }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try PythonDecoder.decode(type, from: value(key), at: codingPath + [key])
        }

        // The standard library has defaults for these two, which refuse and would be chosen before the method above.
        func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try known(type, key) }
        func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try known(type, key) }

        private func known<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
            try decode(type, forKey: key)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try nested(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try nested(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { try nested(IndexKey.super) }

        func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }

        private func nested(_ key: any CodingKey) throws -> PythonDecoder {
            PythonDecoder(codingPath: codingPath + [key], value: try value(key))
        }
    }
}
