// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension PythonValue {
    /// The Python form of a Swift value.
    ///
    /// | Swift | Python |
    /// |---|---|
    /// | integers, `Double`, `Float`, `Bool`, `String` | `int`, `float`, `bool`, `str` |
    /// | `[UInt8]`, `Data` | `bytes` |
    /// | `Array`, `Set` | `list` |
    /// | `Dictionary`, structures | `dict` |
    /// | ``NumericArray`` | a NumPy array, `array.array` or `list` |
    /// | `Date` | `datetime`, in UTC |
    /// | `Duration` | `timedelta`, in whole microseconds |
    /// | `UUID`, `Decimal` | `UUID`, `Decimal` |
    /// | `URL` | `str` |
    /// | `nil` | `None` |
    /// | ``PythonValue`` | what it says |
    ///
    /// - Parameter value: The value; its type decides, and all others encode themselves as for JSON.
    /// - Throws: `EncodingError`, or what the type's own `encode(to:)` throws.
    public init<Value: Encodable>(encoding value: Value) throws {
        self = try PythonEncoder.encode(value, at: [])
    }

    /// The value as a Swift type; the reverse of ``init(encoding:)``, and more lenient.
    ///
    /// A tuple, set or array of numbers will do for an array, an object with fields for a structure, a `date` for a
    /// `Date`, the members of an `enum` for their values. A time without a zone counts as UTC.
    ///
    /// - Parameter type: The type.
    /// - Returns: A value of it.
    /// - Throws: `DecodingError` that names the place and what is there instead.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try PythonDecoder.decode(type, from: self, at: [])
    }

    /// What kind of value it is, in Python's words.
    var typeName: String {
        switch self {
        case .none: "None"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .complex: "complex"
        case .string: "str"
        case .bytes: "bytes"
        case .array: "array"
        case .list: "list"
        case .tuple: "tuple"
        case .set(_, let isFrozen): isFrozen ? "frozenset" : "set"
        case .dict, .mapping: "dict"
        case .dateTime: "datetime"
        case .date: "date"
        case .time: "time"
        case .timeDelta: "timedelta"
        case .decimal: "Decimal"
        case .uuid: "UUID"
        case .path: "PurePath"
        case .enumeration(let type, _, _), .record(let type, _): type
        case .other: "object"
        }
    }
}

/// Swift types with a Python form of their own, between them and ``PythonValue``.
enum KnownTypes {
    /// The Python form of a value of a known type, else `nil`.
    static func encode<Value: Encodable>(_ value: Value) -> PythonValue? {
        // By its type: an empty array of anything can be cast to an array of bytes.
        if Value.self == [UInt8].self { return (value as? [UInt8]).map { .bytes($0) } }
        return switch value {
        case let value as PythonValue: value
        case let value as String: .string(PythonString(value))
        case let value as Int: .int(digits: String(value))
        case let value as Double: .float(value)
        case let value as Bool: .bool(value)
        case let value as Data: .bytes(Array(value))
        case let value as Date: .dateTime(ISODate.text(of: value))
        case let value as UUID: .uuid(value.uuidString.lowercased())
        case let value as Decimal: .decimal(value.description)
        case let value as URL: .string(PythonString(value.absoluteString))
        case let value as Duration: .timeDelta(microseconds: value.wholeMicroseconds)
        case let value as NumericArray: .array(value)
        case let value as any BinaryInteger: .int(digits: String(value))
        case let value as Float: .float(Double(value))
        default: nil
        }
    }

    /// The value of a known type, else `nil`.
    static func decode<Value>(_ type: Value.Type, from value: PythonValue, at path: [any CodingKey]) throws -> Value? {
        let failure = { mismatch(type, value, at: path) }
        let value = value.unwrappingEnumeration
        if type == PythonValue.self { return value as? Value }
        if type == Int.self { return try integer(Int.self, value, failure) as? Value }
        if type == String.self { return try value.plainText.orThrow(failure) as? Value }
        if type == Double.self { return try double(value).orThrow(failure) as? Value }
        if type == Float.self { return try double(value).map { Float($0) }.orThrow(failure) as? Value }
        if type == Bool.self {
            guard case .bool(let value) = value else { throw failure() }
            return value as? Value
        }
        if type == [UInt8].self { return try bytes(value)?.orThrow(failure) as? Value }
        if type == Data.self { return try bytes(value)?.map { Data($0) }.orThrow(failure) as? Value }
        if let integers = type as? any FixedWidthInteger.Type { return try integer(integers, value, failure) as? Value }
        return try foundation(type, value, failure) ?? numbers(type, value)
    }

    private static func foundation<Value>(
        _ type: Value.Type,
        _ value: PythonValue,
        _ failure: () -> DecodingError
    ) throws -> Value? {
        if type == Date.self {
            switch value {
            case .dateTime(let iso), .date(let iso): return try ISODate.date(iso).orThrow(failure) as? Value
            default: throw failure()
            }
        }
        if type == Duration.self {
            guard case .timeDelta(let microseconds) = value else { throw failure() }
            return Duration.microseconds(microseconds) as? Value
        }
        if type == UUID.self { return try value.plainText.flatMap(UUID.init).orThrow(failure) as? Value }
        if type == URL.self {
            return try value.plainText.flatMap { URL(string: $0) }.orThrow(failure) as? Value
        }
        if type == Decimal.self {
            let text: String? =
                switch value {
                case .decimal(let digits), .int(let digits): digits
                case .float(let number): number.description
                default: nil
                }
            return try text.flatMap { Decimal(string: $0) }.orThrow(failure) as? Value
        }
        if type == NumericArray.self {
            guard case .array(let array) = value else { throw failure() }
            return array as? Value
        }
        return nil
    }

    /// Arrays of numbers straight from the bytes of one.
    private static func numbers<Value>(_ type: Value.Type, _ value: PythonValue) -> Value? {
        guard case .array(let array) = value, array.shape.count == 1 else { return nil }
        if type == [Double].self { return array.elements(of: Double.self) as? Value }
        if type == [Float].self { return array.elements(of: Float.self) as? Value }
        if type == [Int].self { return array.elements(of: Int.self) as? Value }
        if type == [Int32].self { return array.elements(of: Int32.self) as? Value }
        return nil
    }

    private static func integer<Integer: FixedWidthInteger>(
        _ type: Integer.Type,
        _ value: PythonValue,
        _ failure: () -> DecodingError
    ) throws -> Integer {
        switch value {
        case .int(let digits): return try Integer(digits).orThrow(failure)
        case .float(let number): return try Integer(exactly: number).orThrow(failure)
        default: throw failure()
        }
    }

    private static func double(_ value: PythonValue) -> Double? {
        switch value {
        case .float(let number): number
        case .int(let digits): Double(digits)
        default: nil
        }
    }

    /// Bytes, `nil` inside if the value is none, `nil` outside if it is to be decoded element by element.
    private static func bytes(_ value: PythonValue) -> [UInt8]?? {
        switch value {
        case .bytes(let bytes): .some(bytes)
        case .array(let array) where array.elementType == "u1": .some(array.bytes)
        case .list, .tuple, .array, .set: nil
        default: .some(nil)
        }
    }

    static func mismatch<Value>(_ type: Value.Type, _ value: PythonValue, at path: [any CodingKey]) -> DecodingError {
        let place =
            path.isEmpty
            ? "" : " at \(path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: "."))"
        return .typeMismatch(
            type,
            .init(codingPath: path, debugDescription: "expected \(type)\(place), got \(value.typeName)")
        )
    }
}

extension PythonValue {
    /// The value of an `enum` member, as `member.value` is in Python.
    fileprivate var unwrappingEnumeration: PythonValue {
        var value = self
        while case .enumeration(_, _, let inner) = value { value = inner }
        return value
    }

    /// The text of kinds that are one.
    fileprivate var plainText: String? {
        switch self {
        case .string(let string): string.text
        case .path(let text), .uuid(let text), .decimal(let text), .dateTime(let text), .date(let text),
            .time(let text):
            text
        default: nil
        }
    }
}

extension Optional {
    fileprivate func orThrow(_ failure: () -> DecodingError) throws -> Wrapped {
        guard let self else { throw failure() }
        return self
    }
}

extension Duration {
    /// The duration in microseconds, rounded towards zero and clamped.
    fileprivate var wholeMicroseconds: Int {
        let (seconds, attoseconds) = components
        let (whole, overflows) = Int(seconds).multipliedReportingOverflow(by: 1_000_000)
        guard !overflows else { return seconds < 0 ? .min : .max }
        let (sum, overflowsAgain) = whole.addingReportingOverflow(Int(attoseconds / 1_000_000_000_000))
        return overflowsAgain ? (seconds < 0 ? .min : .max) : sum
    }
}
