// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The Python type of a Swift type, for signatures and schemas.
indirect enum PythonType: Sendable, Hashable {
    case any, none, bool, int, float, string, bytes, array, dateTime, date, time, timeDelta, decimal, uuid
    case optional(PythonType)
    case list(PythonType)
    case dict(PythonType)
    /// One of some texts.
    case literal([String])
    /// A `TypedDict` with that name.
    case record(String)
    /// An annotation that the application wrote.
    case annotated(String)

    /// A structure's fields.
    struct Record: Sendable, Hashable {
        struct Field: Sendable, Hashable {
            let name: String
            let type: PythonType
            let isOptional: Bool
        }

        let name: String
        var fields: [Field] = []
    }

    /// Finds types, and collects the structures that they mention.
    final class Registry {
        private(set) var records: [Record] = []
        private var names: [ObjectIdentifier: String] = [:]

        init() {}

        /// The Python type of a Swift type; `any` where nothing is known.
        func type(of type: Any.Type) -> PythonType {
            if let known = Self.known[ObjectIdentifier(type)] { return known }
            if type is any BinaryInteger.Type { return .int }
            if let composite = type as? any CompositeType.Type { return composite.pythonType(self) }
            if let choice = type as? any (CaseIterable & Encodable).Type, let texts = Self.texts(choice) {
                return .literal(texts)
            }
            if let raw = type as? any RawRepresentable.Type { return self.type(rawValueOf: raw) }
            guard let record = type as? any PythonRecord.Type else { return .any }
            return self.record(record)
        }

        private func type<Type: RawRepresentable>(rawValueOf type: Type.Type) -> PythonType {
            self.type(of: Type.RawValue.self)
        }

        private func record<Record: PythonRecord>(_ type: Record.Type) -> PythonType {
            let id = ObjectIdentifier(type)
            if let name = names[id] { return .record(name) }
            let text = String(
                String(describing: type).filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            )
            var name = text.isEmpty || text.first?.isNumber == true ? "Record" : text
            while names.values.contains(name) { name += "_" }
            names[id] = name
            let fields = FieldEncoder.Fields()
            let isEncoded = (try? type.example.encode(to: FieldEncoder(registry: self, fields: fields))) != nil
            guard isEncoded, !fields.list.isEmpty else {
                names[id] = nil
                return .any
            }
            records.append(PythonType.Record(name: name, fields: fields.list))
            return .record(name)
        }

        /// The texts of all cases, if that is what they encode to.
        private static func texts<Choice: CaseIterable & Encodable>(_ type: Choice.Type) -> [String]? {
            var texts: [String] = []
            for choice in Choice.allCases {
                guard case .string(let text)? = try? PythonValue(encoding: choice) else { return nil }
                texts.append(text.text)
            }
            return texts.isEmpty ? nil : texts
        }

        private static let known: [ObjectIdentifier: PythonType] = [
            ObjectIdentifier(Bool.self): .bool, ObjectIdentifier(Double.self): .float,
            ObjectIdentifier(Float.self): .float, ObjectIdentifier(String.self): .string,
            ObjectIdentifier([UInt8].self): .bytes, ObjectIdentifier(Data.self): .bytes,
            ObjectIdentifier(Date.self): .dateTime, ObjectIdentifier(Duration.self): .timeDelta,
            ObjectIdentifier(Decimal.self): .decimal, ObjectIdentifier(UUID.self): .uuid,
            ObjectIdentifier(URL.self): .string, ObjectIdentifier(NumericArray.self): .array,
            ObjectIdentifier(PythonValue.self): .any, ObjectIdentifier(Void.self): .none,
            ObjectIdentifier(PythonInteger.self): .int, ObjectIdentifier(PythonDecimal.self): .decimal,
            ObjectIdentifier(PythonString.self): .string, ObjectIdentifier(PythonDateTime.self): .dateTime,
            ObjectIdentifier(PythonDate.self): .date, ObjectIdentifier(PythonTime.self): .time,
        ]
    }

    /// The type as a Python annotation.
    var annotation: String {
        switch self {
        case .any: "Any"
        case .none: "None"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .array: "array"
        case .dateTime: "datetime"
        case .date: "date"
        case .time: "time"
        case .timeDelta: "timedelta"
        case .decimal: "Decimal"
        case .uuid: "UUID"
        case .optional(let type): type == .any ? "Any" : "\(type.annotation) | None"
        case .list(let type): "list[\(type.annotation)]"
        case .dict(let type): "dict[str, \(type.annotation)]"
        case .literal(let texts):
            "Literal[" + texts.map { PythonValue.string(PythonString($0)).representation }.joined(separator: ", ") + "]"
        case .record(let name), .annotated(let name): name
        }
    }

    /// The type in [JSON Schema](https://json-schema.org/draft/2020-12).
    var schema: PythonValue {
        switch self {
        case .any, .annotated: [:]
        case .none: ["type": "null"]
        case .bool: ["type": "boolean"]
        case .int: ["type": "integer"]
        case .float: ["type": "number"]
        case .string: ["type": "string"]
        case .bytes: ["type": "string", "contentEncoding": "base64"]
        case .array: ["type": "array", "items": ["type": "number"]]
        case .dateTime: ["type": "string", "format": "date-time"]
        case .date: ["type": "string", "format": "date"]
        case .time: ["type": "string", "format": "time"]
        case .timeDelta: ["type": "integer", "description": "microseconds"]
        case .decimal: ["type": "string"]
        case .uuid: ["type": "string", "format": "uuid"]
        case .optional(let type): ["anyOf": [type.schema, ["type": "null"]]]
        case .list(let type): ["type": "array", "items": type.schema]
        case .dict(let type): ["type": "object", "additionalProperties": type.schema]
        case .literal(let texts): ["enum": .list(texts.map { .string(PythonString($0)) })]
        case .record(let name): ["$ref": .string(PythonString("#/$defs/\(name)"))]
        }
    }
}

/// A type that is made of others.
protocol CompositeType {
    static func pythonType(_ registry: PythonType.Registry) -> PythonType
}

/// An `Optional` of any type.
protocol OptionalType {}

extension Optional: OptionalType {}

extension Optional: CompositeType {
    static func pythonType(_ registry: PythonType.Registry) -> PythonType {
        .optional(registry.type(of: Wrapped.self))
    }
}

extension Array: CompositeType {
    static func pythonType(_ registry: PythonType.Registry) -> PythonType { .list(registry.type(of: Element.self)) }
}

extension Set: CompositeType {
    static func pythonType(_ registry: PythonType.Registry) -> PythonType { .list(registry.type(of: Element.self)) }
}

extension Dictionary: CompositeType {
    static func pythonType(_ registry: PythonType.Registry) -> PythonType { .dict(registry.type(of: Value.self)) }
}
