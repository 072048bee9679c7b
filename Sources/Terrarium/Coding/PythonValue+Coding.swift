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
    /// | `Date`, ``PythonDateTime`` | `datetime`, in UTC |
    /// | ``PythonDate``, ``PythonTime`` | `date`, `time` |
    /// | `Duration` | `timedelta`, rounded to microseconds |
    /// | `UUID` | `UUID` |
    /// | `Decimal`, ``PythonDecimal`` | `Decimal` |
    /// | ``PythonInteger``, ``PythonString`` | `int`, `str` |
    /// | `URL` | `str` |
    /// | `nil` | `None` |
    /// | ``PythonValue`` | what it says |
    ///
    /// - Parameter value: The value; its type decides, and all others encode themselves as for JSON.
    /// - Throws: `EncodingError` for a `Date` or a `Duration` that Python does not have, or what the type's own
    ///   `encode(to:)` throws.
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

    /// The name of the value's type in Python.
    var typeName: String {
        switch self {
        case .null: "None"
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
    static func encode<Value: Encodable>(_ value: Value, at path: [any CodingKey]) throws -> PythonValue? {
        // By its type: an empty array of anything can be cast to an array of bytes.
        if Value.self == [UInt8].self { return (value as? [UInt8]).map { .bytes($0) } }
        switch value {
        case let value as PythonValue: return value
        case let value as String: return PythonValue(value)
        case let value as Int: return PythonValue(value)
        case let value as Double: return .float(value)
        case let value as Bool: return .bool(value)
        case let value as Date:
            guard let dateTime = PythonDateTime(value) else {
                // Not the date: Foundation ends the process when it describes one that is not a number.
                throw failure(
                    value.timeIntervalSince1970,
                    "Python has no datetime outside of the years 1 to 9999",
                    at: path
                )
            }
            return .dateTime(dateTime)
        case let value as Duration:
            guard MessageWriter.timeDeltas.contains(value.roundedMicroseconds) else {
                throw failure(value, "Python has no timedelta of 1,000,000,000 days or more", at: path)
            }
            return .timeDelta(value)
        default: return other(value)
        }
    }

    private static func other(_ value: some Encodable) -> PythonValue? {
        switch value {
        case let value as Data: .bytes(Array(value))
        case let value as UUID: .uuid(value)
        case let value as Decimal: .decimal(PythonDecimal(value))
        case let value as URL: PythonValue(value.absoluteString)
        case let value as NumericArray: .array(value)
        case let value as any BinaryInteger: PythonValue(value)
        case let value as Float: .float(Double(value))
        case let value as PythonInteger: .int(value)
        case let value as PythonDecimal: .decimal(value)
        case let value as PythonString: .string(value)
        case let value as PythonDateTime: .dateTime(value)
        case let value as PythonDate: .date(value)
        case let value as PythonTime: .time(value)
        default: nil
        }
    }

    private static func failure(_ value: Any, _ reason: String, at path: [any CodingKey]) -> EncodingError {
        .invalidValue(value, .init(codingPath: path, debugDescription: reason + place(path)))
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
            case .dateTime(let dateTime): return dateTime.instant as? Value
            case .date(let date): return date.instant as? Value
            default: throw failure()
            }
        }
        if type == Duration.self {
            guard case .timeDelta(let duration) = value else { throw failure() }
            return duration as? Value
        }
        if type == UUID.self {
            if case .uuid(let uuid) = value { return uuid as? Value }
            return try value.plainText.flatMap(UUID.init).orThrow(failure) as? Value
        }
        if type == URL.self {
            return try value.plainText.flatMap { URL(string: $0) }.orThrow(failure) as? Value
        }
        if type == Decimal.self {
            let decimal: Decimal? =
                switch value {
                case .decimal(let number): number.decimal
                // Beyond 166 digits there are none, and making them takes time.
                case .int(let number): number.maxDecimalDigits <= 200 ? PythonDecimal(number).decimal : nil
                case .float(let number): Decimal(string: number.description)
                default: nil
                }
            return try decimal.orThrow(failure) as? Value
        }
        if type == NumericArray.self {
            guard case .array(let array) = value else { throw failure() }
            return array as? Value
        }
        return try own(type, value, failure)
    }

    /// The types of Python's scalars.
    private static func own<Value>(
        _ type: Value.Type,
        _ value: PythonValue,
        _ failure: () -> DecodingError
    ) throws -> Value? {
        let result: Any? =
            switch value {
            case .int(let number) where type == PythonInteger.self: number
            case .int(let number) where type == PythonDecimal.self: PythonDecimal(number)
            case .decimal(let number) where type == PythonDecimal.self: number
            case .string(let string) where type == PythonString.self: string
            case .dateTime(let dateTime) where type == PythonDateTime.self: dateTime
            case .date(let date) where type == PythonDate.self: date
            case .time(let time) where type == PythonTime.self: time
            default: nil
            }
        if let result { return result as? Value }
        let isOwn =
            type == PythonInteger.self || type == PythonDecimal.self || type == PythonString.self
            || type == PythonDateTime.self || type == PythonDate.self || type == PythonTime.self
        if isOwn { throw failure() }
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
        case .int(let number): return try Integer(exactly: number).orThrow(failure)
        case .float(let number): return try Integer(exactly: number).orThrow(failure)
        default: throw failure()
        }
    }

    /// A number; an integer beyond the range of `Double` is none.
    private static func double(_ value: PythonValue) -> Double? {
        switch value {
        case .float(let number): number
        case .int(let number): number.double.isFinite ? number.double : nil
        default: nil
        }
    }

    /// Bytes, `nil` inside if the value is none, `nil` outside if it is to be decoded element by element.
    private static func bytes(_ value: PythonValue) -> [UInt8]?? {
        switch value {
        case .bytes(let bytes): .some(bytes)
        case .array(let array) where array.elementType == .uint8: .some(array.bytes)
        case .list, .tuple, .array, .set: nil
        default: .some(nil)
        }
    }

    static func mismatch<Value>(_ type: Value.Type, _ value: PythonValue, at path: [any CodingKey]) -> DecodingError {
        // Of the right kind, so that what it says is the matter.
        let detail =
            switch value {
            case .int(let number) where number.int != nil || number.maxDecimalDigits <= 100: " \(number)"
            case .int where type is any Numeric.Type: " of many digits"
            case .float(let number) where type is any BinaryInteger.Type: " \(PythonText.representation(of: number))"
            case .decimal(let number): " \(number)"
            default: ""
            }
        return .typeMismatch(
            type,
            .init(
                codingPath: path,
                debugDescription: "expected \(type)\(place(path)), got \(value.typeName)\(detail)"
            )
        )
    }

    /// ` at items.[3].price`.
    private static func place(_ path: [any CodingKey]) -> String {
        path.isEmpty
            ? "" : " at \(path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: "."))"
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
        case .path(let text): text
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .decimal(let number): number.description
        case .dateTime(let dateTime): dateTime.isoFormat
        case .date(let date): date.description
        case .time(let time): time.description
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
