// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Encodes values as ``PythonValue``.
struct PythonEncoder: Encoder {
    /// A value that is still being made.
    private final class Node {
        private enum Kind {
            case nothing, value, list, dict
        }

        private var kind = Kind.nothing
        private var value = PythonValue.null
        private var elements: [Node] = []
        private var keys: [String] = []
        private var indices: [String: Int] = [:]

        var result: PythonValue {
            switch kind {
            // As JSON's encoder does for a type that encodes nothing.
            case .nothing: .dict([])
            case .value: value
            case .list: .list(elements.map(\.result))
            case .dict: .dict(zip(keys, elements).map { .init(key: PythonString($0), value: $1.result) })
            }
        }

        func set(_ value: PythonValue) {
            kind = .value
            self.value = value
        }

        func beginList() { if kind == .nothing { kind = .list } }

        func beginDict() { if kind == .nothing { kind = .dict } }

        func append() -> Node {
            kind = .list
            let node = Node()
            elements.append(node)
            return node
        }

        func child(_ key: String) -> Node {
            kind = .dict
            let node = Node()
            if let index = indices[key] {
                elements[index] = node
            } else {
                indices[key] = elements.count
                keys.append(key)
                elements.append(node)
            }
            return node
        }
    }

    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let node: Node

    static func encode(_ value: some Encodable, at path: [any CodingKey]) throws -> PythonValue {
        if let known = try KnownTypes.encode(value, at: path) { return known }
        let encoder = PythonEncoder(codingPath: path, node: Node())
        try value.encode(to: encoder)
        return encoder.node.result
    }

    private init(codingPath: [any CodingKey], node: Node) {
        self.codingPath = codingPath
        self.node = node
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.beginDict()
        return KeyedEncodingContainer(Keyed<Key>(codingPath: codingPath, node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.beginList()
        return Unkeyed(codingPath: codingPath, node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        Single(codingPath: codingPath, node: node)
    }

    private struct Single: SingleValueEncodingContainer {
        let codingPath: [any CodingKey]
        let node: Node

        mutating func encodeNil() { node.set(.null) }

        mutating func encode(_ value: some Encodable) throws {
            node.set(try PythonEncoder.encode(value, at: codingPath))
        }

        // The standard library has defaults for these two, which refuse and would be chosen before the method above.
        mutating func encode(_ value: Int128) { node.set(PythonValue(value)) }
        mutating func encode(_ value: UInt128) { node.set(PythonValue(value)) }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let codingPath: [any CodingKey]
        let node: Node
        private(set) var count = 0

        init(codingPath: [any CodingKey], node: Node) {
            self.codingPath = codingPath
            self.node = node
        }

        private mutating func appended() -> Node {
            count += 1
            return node.append()
        }

        mutating func encodeNil() { appended().set(.null) }

        mutating func encode(_ value: some Encodable) throws {
            let encoded = try PythonEncoder.encode(value, at: codingPath + [IndexKey(count)])
            appended().set(encoded)
        }

        // The standard library has defaults for these two, which refuse and would be chosen before the method above.
        mutating func encode(_ value: Int128) { appended().set(PythonValue(value)) }
        mutating func encode(_ value: UInt128) { appended().set(PythonValue(value)) }

        mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            nested().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

        mutating func superEncoder() -> any Encoder { nested() }

        private mutating func nested() -> PythonEncoder {
            let path = codingPath + [IndexKey(count)]
            return PythonEncoder(codingPath: path, node: appended())
        }
    }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let codingPath: [any CodingKey]
        let node: Node

        mutating func encodeNil(forKey key: Key) { child(key).set(.null) }

        mutating func encode(_ value: some Encodable, forKey key: Key) throws {
            child(key).set(try PythonEncoder.encode(value, at: codingPath + [key]))
        }

        // The standard library has defaults for these two, which refuse and would be chosen before the method above.
        mutating func encode(_ value: Int128, forKey key: Key) { child(key).set(PythonValue(value)) }
        mutating func encode(_ value: UInt128, forKey key: Key) { child(key).set(PythonValue(value)) }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            nested(key).container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            nested(key).unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder { nested(IndexKey.super) }

        mutating func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

        private func nested(_ key: any CodingKey) -> PythonEncoder {
            PythonEncoder(codingPath: codingPath + [key], node: child(key))
        }

        private func child(_ key: any CodingKey) -> Node {
            node.child(key.stringValue)
        }
    }
}
