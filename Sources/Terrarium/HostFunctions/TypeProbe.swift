// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A decoder that learns which fields a type decodes, by handing out stand-ins: zeros, empty texts and lists.
struct TypeProbe: Decoder {
    /// What was asked for.
    final class Fields {
        var fields: [PythonType.Record.Field] = []
        /// The type that was decoded as the only value.
        var single: PythonType?

        func add(_ name: String, _ type: PythonType, isOptional: Bool) {
            guard !fields.contains(where: { $0.name == name }) else { return }
            fields.append(.init(name: name, type: type, isOptional: isOptional))
        }
    }

    private struct NoStandIn: Error {}

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    let registry: PythonType.Registry
    let fields = Fields()

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Keyed(probe: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Unkeyed() }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(probe: self) }

    /// Some value of a type.
    private func standIn<Value: Decodable>(_ type: Value.Type) throws -> Value {
        for value in [
            .int(digits: "0"), "", .list([]), .dict([]), false, .dateTime("2000-01-01"),
            .timeDelta(microseconds: 0), .uuid("00000000-0000-0000-0000-000000000000"), .none,
        ] as [PythonValue] {
            if let value = try? value.decode(type) { return value }
        }
        if let choice = type as? any CaseIterable.Type, let value = Self.first(choice) as? Value { return value }
        return try type.init(from: TypeProbe(registry: registry))
    }

    private static func first<Choice: CaseIterable>(_ type: Choice.Type) -> Choice? { type.allCases.first }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let probe: TypeProbe
        let codingPath: [any CodingKey] = []
        let allKeys: [Key] = []

        func contains(_ key: Key) -> Bool { true }

        func decodeNil(forKey key: Key) -> Bool { true }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            probe.fields.add(key.stringValue, probe.registry.type(of: type), isOptional: false)
            return try probe.standIn(type)
        }

        func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
            probe.fields.add(key.stringValue, .optional(probe.registry.type(of: type)), isOptional: true)
            return nil
        }

        func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { optional(type, key) }
        func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { optional(type, key) }
        func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { optional(type, key) }
        func decodeIfPresent(_ type: Float.Type, forKey key: Key) -> Float? { optional(type, key) }
        func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { optional(type, key) }
        func decodeIfPresent(_ type: Int8.Type, forKey key: Key) -> Int8? { optional(type, key) }
        func decodeIfPresent(_ type: Int16.Type, forKey key: Key) -> Int16? { optional(type, key) }
        func decodeIfPresent(_ type: Int32.Type, forKey key: Key) -> Int32? { optional(type, key) }
        func decodeIfPresent(_ type: Int64.Type, forKey key: Key) -> Int64? { optional(type, key) }
        func decodeIfPresent(_ type: UInt.Type, forKey key: Key) -> UInt? { optional(type, key) }
        func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) -> UInt8? { optional(type, key) }
        func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) -> UInt16? { optional(type, key) }
        func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) -> UInt32? { optional(type, key) }
        func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) -> UInt64? { optional(type, key) }

        private func optional<Value>(_ type: Value.Type, _ key: Key) -> Value? {
            probe.fields.add(key.stringValue, .optional(probe.registry.type(of: type)), isOptional: true)
            return nil
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedDecodingContainer<Nested> {
            probe.fields.add(key.stringValue, .any, isOptional: false)
            return TypeProbe(registry: probe.registry).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
            probe.fields.add(key.stringValue, .list(.any), isOptional: false)
            return Unkeyed()
        }

        func superDecoder() -> any Decoder { TypeProbe(registry: probe.registry) }

        func superDecoder(forKey key: Key) -> any Decoder { TypeProbe(registry: probe.registry) }
    }

    private struct Single: SingleValueDecodingContainer {
        let probe: TypeProbe
        let codingPath: [any CodingKey] = []

        func decodeNil() -> Bool { false }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            probe.fields.single = probe.registry.type(of: type)
            return try probe.standIn(type)
        }
    }

    /// A list without elements.
    private struct Unkeyed: UnkeyedDecodingContainer {
        let codingPath: [any CodingKey] = []
        let count: Int? = 0
        let isAtEnd = true
        let currentIndex = 0

        func decodeNil() throws -> Bool { throw NoStandIn() }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { throw NoStandIn() }

        func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
            throw NoStandIn()
        }

        func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NoStandIn() }

        func superDecoder() throws -> any Decoder { throw NoStandIn() }
    }
}
