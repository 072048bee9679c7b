// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A structure that host functions take or return, and that Python shows with its fields, as a `TypedDict`.
///
///     struct Quote: PythonRecord {
///         var symbol: String
///         var bid: Double
///         static let example = Quote(symbol: "AAPL", bid: 191.5)
///     }
///
/// Any other `Codable` type will do as well; its annotation is `Any`. Only a type itself knows its coding keys, so the
/// fields are those that the example encodes.
public protocol PythonRecord: Codable, Sendable {
    /// Any value; it is encoded once when a host function is made, to find the fields.
    static var example: Self { get }
}

/// An encoder that learns which fields a value has, and forgets what is in them.
struct FieldEncoder: Encoder {
    final class Fields {
        private(set) var list: [PythonType.Record.Field] = []

        func add(_ name: String, _ type: PythonType, isOptional: Bool) {
            guard !list.contains(where: { $0.name == name }) else { return }
            list.append(.init(name: name, type: type, isOptional: isOptional))
        }
    }

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    let registry: PythonType.Registry
    let fields: Fields

    /// An encoder for what is inside of a field.
    private var inner: FieldEncoder { FieldEncoder(registry: registry, fields: Fields()) }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Keyed(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { Nameless(encoder: inner) }

    func singleValueContainer() -> any SingleValueEncodingContainer { Nameless(encoder: inner) }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let encoder: FieldEncoder
        let codingPath: [any CodingKey] = []

        private func add(_ key: Key, _ type: PythonType, isOptional: Bool = false) {
            encoder.fields.add(key.stringValue, type, isOptional: isOptional)
        }

        func encodeNil(forKey key: Key) { add(key, .any) }

        func encode<Value: Encodable>(_ value: Value, forKey key: Key) {
            add(key, encoder.registry.type(of: Value.self))
        }

        // The standard library has defaults for these two, which refuse and would be chosen before the method above.
        func encode(_ value: Int128, forKey key: Key) { add(key, encoder.registry.type(of: Int128.self)) }
        func encode(_ value: UInt128, forKey key: Key) { add(key, encoder.registry.type(of: UInt128.self)) }

        func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Bool?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: String?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Double?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Float?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Int?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Int8?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Int16?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Int32?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Int64?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: Int128?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: UInt?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: UInt8?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: UInt16?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: UInt32?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: UInt64?, forKey key: Key) { optional(value, key) }
        func encodeIfPresent(_ value: UInt128?, forKey key: Key) { optional(value, key) }

        private func optional<Value>(_ value: Value?, _ key: Key) {
            add(key, .optional(encoder.registry.type(of: Value.self)), isOptional: true)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            add(key, .any)
            return encoder.inner.container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            add(key, .list(.any))
            return encoder.inner.unkeyedContainer()
        }

        func superEncoder() -> any Encoder { encoder.inner }

        func superEncoder(forKey key: Key) -> any Encoder {
            add(key, .any)
            return encoder.inner
        }
    }

    /// A container of values without field names.
    private struct Nameless: UnkeyedEncodingContainer, SingleValueEncodingContainer {
        let encoder: FieldEncoder
        let codingPath: [any CodingKey] = []
        private(set) var count = 0

        init(encoder: FieldEncoder) {
            self.encoder = encoder
        }

        mutating func encodeNil() { count += 1 }

        mutating func encode(_ value: some Encodable) { count += 1 }
        mutating func encode(_ value: Int128) { count += 1 }
        mutating func encode(_ value: UInt128) { count += 1 }

        mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            encoder.container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }

        mutating func superEncoder() -> any Encoder { encoder }
    }
}
