// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension PythonValue {
    /// The deepest nesting of values that are read, written or printed, since each level takes stack, here and in a guest.
    static let maxDepth = 1_000

    /// An `int`.
    public init(_ value: some BinaryInteger) { self = .int(PythonInteger(value)) }

    /// A `str`.
    public init(_ text: String) { self = .string(PythonString(text)) }

    /// The number, if this is an `int` that fits into an `Int`.
    public var int: Int? {
        guard case .int(let number) = self else { return nil }
        return number.int
    }

    /// The number, if this is a `float`, or the nearest to it, if this is an `int`.
    public var double: Double? {
        switch self {
        case .float(let number): number
        case .int(let number): number.double
        default: nil
        }
    }

    /// The truth value, if this is a `bool`.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The text, if this is a `str`; lone surrogates, which a Swift string cannot hold, are U+FFFD.
    public var string: String? {
        guard case .string(let string) = self else { return nil }
        return string.text
    }

    /// The bytes, if this is `bytes`.
    public var bytes: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    /// The elements, if this is a `list` or a `tuple`.
    public var array: [PythonValue]? {
        switch self {
        case .list(let elements), .tuple(let elements): elements
        default: nil
        }
    }

    /// The element at an index, counted from 0, if this is a `list` or a `tuple` that has it.
    public subscript(index: Int) -> PythonValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The value of a key, if this is a dictionary or a record that has it.
    ///
    /// Keys are compared as in Python, by code points.
    public subscript(key: String) -> PythonValue? {
        switch self {
        case .dict(let items), .record(_, let items):
            return items.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
        case .mapping(let pairs):
            let key = PythonValue(key)
            return pairs.first { $0.key == key }?.value
        default: return nil
        }
    }
}
