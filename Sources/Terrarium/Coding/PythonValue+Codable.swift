// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// With any coder, JSON's for instance, a value is read as it was written.
///
/// `None`, truth values, integers of up to 64 bits, floats with a fraction, texts, lists and dictionaries with texts for
/// keys are what the coder has for these. All else is a dictionary whose only key begins with `$`, in the forms that
/// the guest's protocol has: `{"$bytes": "aGk="}`, `{"$tuple": [1, 2]}`, `{"$datetime": "2024-05-06T07:08:09"}`. A float
/// without a fraction is `{"$float": "1.0"}`, since coders do not tell it from an integer. Coders do not keep the order
/// of keys either: `$order` lists them beside their values, unless it is that of their UTF-8 bytes. Foundation's binary
/// property lists are an exception: of texts in one list that look the same they keep the first.
extension PythonValue: Codable {
    /// Writes the value.
    ///
    /// - Throws: `EncodingError` if values are nested more than 1,000 deep, each tag counted as a level.
    public func encode(to encoder: any Encoder) throws {
        guard !isDeeper(than: Self.maxDepth) else { throw CodableTree.tooDeep(self) }
        try CodableTree(tree: codableTree).encode(to: encoder)
    }

    /// Returns whether values are nested deeper, found out without taking stack for each level.
    private func isDeeper(than maxDepth: Int) -> Bool {
        var level = [self]
        for _ in 0..<maxDepth {
            level = level.flatMap(\.elements)
            if level.isEmpty { return false }
        }
        return true
    }

    /// The values that this one holds.
    private var elements: [PythonValue] {
        switch self {
        case .list(let elements), .tuple(let elements), .set(let elements, _): elements
        case .dict(let items), .record(_, let items): items.map(\.value)
        case .mapping(let pairs): pairs.flatMap { [$0.key, $0.value] }
        case .enumeration(_, _, let value): [value]
        default: []
        }
    }

    /// Reads a value.
    ///
    /// - Throws: `DecodingError` if a tag has no such content, or values are nested more than 1,000 deep.
    public init(from decoder: any Decoder) throws {
        let tree = try CodableTree(from: decoder).tree
        var reader = MessageValueReader(memory: nil, maxBytes: .max)
        do {
            self = try reader.value(tree)
        } catch let malformed as MalformedMessage {
            let reason = "malformed Python value: \(malformed.reason)"
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: reason))
        }
    }

    /// The value in what all coders know, with tags for the rest.
    private var codableTree: PythonValue {
        func tag(_ tag: String, _ content: PythonValue) -> PythonValue {
            .dict([Item(key: PythonString(tag), value: content)])
        }
        switch self {
        case .list(let elements): return .list(elements.map(\.codableTree))
        case .tuple(let elements): return tag("$tuple", .list(elements.map(\.codableTree)))
        case .set(let elements, let isFrozen):
            return tag(isFrozen ? "$frozenset" : "$set", .list(elements.map(\.codableTree)))
        case .dict(let items): return Self.codableTree(of: items)
        case .mapping(let pairs): return Self.codableTree(of: pairs)
        case .enumeration(let type, let name, let value):
            let members = [
                Item(key: "name", value: Self(name).codableTree), Item(key: "type", value: Self(type).codableTree),
                Item(key: "value", value: value.codableTree),
            ]
            return tag("$enum", .dict(members))
        case .record(let type, let fields):
            // A name in Python may be the same as another one for Swift, so that fields are pairs, too, if need be.
            let members = [
                Item(key: "fields", value: Self.codableTree(of: fields)),
                Item(key: "type", value: Self(type).codableTree),
            ]
            return tag("$object", .dict(members))
        case .other(let representation):
            return tag("$repr", .dict([Item(key: "text", value: Self(representation).codableTree)]))
        default: return codableScalar(tag)
        }
    }

    private func codableScalar(_ tag: (String, PythonValue) -> PythonValue) -> PythonValue {
        switch self {
        case .int(let number):
            if Int64(exactly: number) != nil || UInt64(exactly: number) != nil { return self }
            var text: [UInt8] = []
            number.appendHexadecimal(to: &text)
            return tag("$int", .string(PythonString(utf8: text)))
        case .float(let number):
            if number.isFinite, number != number.rounded() { return self }
            return tag("$float", Self(PythonText.representation(of: number)))
        case .string(let string):
            // Property lists have `$null` for nothing, and no text is the same.
            if string.isTransportable, string != "$null" { return self }
            return tag("$codepoints", .list(string.codePoints.map { Self($0) }))
        case .timeDelta(let duration):
            if let microseconds = duration.exactMicroseconds {
                return tag("$timedelta", Self(microseconds).codableTree)
            }
            let (seconds, attoseconds) = duration.components
            let parts = [
                Item(key: "attoseconds", value: Self(attoseconds)), Item(key: "seconds", value: Self(seconds)),
            ]
            return tag("$timedelta", .dict(parts))
        case .null, .bool: return self
        default: return codableForm(tag)
        }
    }

    /// The form in a message, which has the tag already.
    private func codableForm(_ tag: (String, PythonValue) -> PythonValue) -> PythonValue {
        switch self {
        case .complex(let real, let imaginary):
            return tag("$complex", .list([Self.float(real).codableTree, Self.float(imaginary).codableTree]))
        case .path(let path): return tag("$path", Self(path).codableTree)
        default:
            let text = try? MessageWriter.text { try $0.value(self) }
            return text.flatMap { try? PythonValue(json: $0) } ?? .null
        }
    }

    private static func codableTree(of pairs: [Pair]) -> PythonValue {
        let pairs = pairs.map { PythonValue.list([$0.key.codableTree, $0.value.codableTree]) }
        return .dict([Item(key: "$dict", value: .list(pairs))])
    }

    /// A dictionary as such, unless its keys look like tags or are the same for Swift, which compares what one sees.
    private static func codableTree(of items: [Item]) -> PythonValue {
        let isPlain =
            items.allSatisfy { $0.key.isTransportable && $0.key.utf8.first != UInt8(ascii: "$") }
            && Set(items.map(\.key.text)).count == items.count
        guard isPlain else { return codableTree(of: items.map { Pair(key: .string($0.key), value: $0.value) }) }
        var members = items.map { Item(key: $0.key, value: $0.value.codableTree) }
        if !zip(items, items.dropFirst()).allSatisfy({ $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            members.append(Item(key: "$order", value: .list(items.map { .string($0.key) })))
        }
        return .dict(members)
    }
}

/// A tree of what all coders know: nothing, truth values, numbers, texts, lists and dictionaries.
private struct CodableTree: Codable {
    let tree: PythonValue

    init(tree: PythonValue) {
        self.tree = tree
    }

    static func tooDeep(_ value: PythonValue) -> EncodingError {
        .invalidValue(value, .init(codingPath: [], debugDescription: "nested more than \(PythonValue.maxDepth) deep"))
    }

    func encode(to encoder: any Encoder) throws {
        guard encoder.codingPath.count <= PythonValue.maxDepth else { throw Self.tooDeep(tree) }
        var container = encoder.singleValueContainer()
        switch tree {
        case .list(let elements): try container.encode(elements.map { CodableTree(tree: $0) })
        case .dict(let items):
            // A dictionary, not a container with keys: coders leave the keys of dictionaries as they are.
            let members = items.map { ($0.key.text, CodableTree(tree: $0.value)) }
            try container.encode(Dictionary(members, uniquingKeysWith: { $1 }))
        case .bool(let value): try container.encode(value)
        case .float(let number): try container.encode(number)
        case .string(let text): try container.encode(text.text)
        case .int(let number):
            if let number = number.int {
                try container.encode(number)
            } else {
                try container.encode(UInt64(exactly: number))
            }
        default: try container.encodeNil()
        }
    }

    init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= PythonValue.maxDepth else {
            let reason = "nested more than \(PythonValue.maxDepth) deep"
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: reason))
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            tree = .null
        } else if (try? decoder.unkeyedContainer()) != nil {
            tree = .list(try container.decode([CodableTree].self).map(\.tree))
        } else if (try? decoder.container(keyedBy: IndexKey.self)) != nil {
            tree = Self.dictionary(try container.decode([String: CodableTree].self))
        } else if let value = try? container.decode(Bool.self) {
            tree = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            tree = PythonValue(value)
        } else if let value = try? container.decode(UInt64.self) {
            tree = PythonValue(value)
        } else if let value = try? container.decode(Double.self) {
            tree = .float(value)
        } else {
            tree = PythonValue(try container.decode(String.self))
        }
    }

    private static func dictionary(_ members: [String: CodableTree]) -> PythonValue {
        var items: [PythonString: PythonValue] = [:]
        for (key, value) in members { items[PythonString(key)] = value.tree }
        var ordered: [PythonValue.Item] = []
        if items.count > 2, case .list(let keys)? = items["$order"] {
            items["$order"] = nil
            for case .string(let key) in keys {
                guard let value = items.removeValue(forKey: key) else { continue }
                ordered.append(.init(key: key, value: value))
            }
        }
        // What no order names comes last.
        let rest = items.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .dict(ordered + rest.map { .init(key: $0.key, value: $0.value) })
    }
}
