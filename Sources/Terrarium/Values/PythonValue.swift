// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A value of a Python program, outside of it.
///
/// Integers keep all their digits, dictionaries their order, strings even lone surrogates, floats `nan` and `inf`.
/// ``Sandbox/eval(_:)`` answers the kinds that JSON can say, as `json.loads` would make them, else the `repr`; a
/// session knows all kinds. Values of Swift types are made with ``init(encoding:)`` and ``decode(_:)``.
public enum PythonValue: Sendable, Hashable {
    /// `None`.
    case none
    /// `True` or `False`.
    case bool(Bool)
    /// An `int` of any size, as decimal digits with `-` before a negative one.
    case int(digits: String)
    /// A `float`.
    case float(Double)
    /// A `complex`.
    case complex(real: Double, imaginary: Double)
    /// A `str`.
    case string(PythonString)
    /// `bytes`, `bytearray` or a `memoryview` of bytes.
    case bytes([UInt8])
    /// Numbers of one type: a NumPy array or an `array.array`.
    case array(NumericArray)
    /// A `list`, or another sequence; a `tuple` too, unless tuples were asked for.
    case list([PythonValue])
    /// A `tuple`, where it is told from a list.
    case tuple([PythonValue])
    /// A `set` or `frozenset`.
    case set([PythonValue], isFrozen: Bool)
    /// A `dict` whose keys are strings, in insertion order; no key stands twice.
    case dict([Item])
    /// A `dict` with other keys, in insertion order.
    case mapping([Pair])
    /// A `datetime.datetime` in [ISO
    /// 8601](https://docs.python.org/3/library/datetime.html#datetime.datetime.isoformat).
    case dateTime(String)
    /// A `datetime.date` in ISO 8601.
    case date(String)
    /// A `datetime.time` in ISO 8601.
    case time(String)
    /// A `datetime.timedelta`.
    case timeDelta(microseconds: Int)
    /// A `decimal.Decimal`, as `str` writes it.
    case decimal(String)
    /// A `uuid.UUID`, as `str` writes it.
    case uuid(String)
    /// A `pathlib` path.
    case path(String)
    /// A member of an `enum.Enum`.
    indirect case enumeration(type: String, name: String, value: PythonValue)
    /// A dataclass or named tuple, with its fields in order.
    case record(type: String, fields: [Item])
    /// A value that has none of these forms, as its `repr`.
    case other(representation: String)

    /// A key of a dictionary with its value.
    public struct Item: Sendable, Hashable {
        /// The key.
        public let key: PythonString
        /// The value.
        public let value: PythonValue

        /// A key with its value.
        public init(key: PythonString, value: PythonValue) {
            self.key = key
            self.value = value
        }
    }

    /// A key of any kind with its value.
    public struct Pair: Sendable, Hashable {
        /// The key.
        public let key: PythonValue
        /// The value.
        public let value: PythonValue

        /// A key with its value.
        public init(key: PythonValue, value: PythonValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a key, if this is a dictionary or record that has it.
    public subscript(key: String) -> PythonValue? {
        let key = PythonString(key)
        return switch self {
        case .dict(let items), .record(_, let items): items.first { $0.key == key }?.value
        case .mapping(let pairs): pairs.first { $0.key == .string(key) }?.value
        default: nil
        }
    }
}

extension PythonValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `None`.
    public init(nilLiteral: ()) { self = .none }

    /// `True` or `False`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// An `int`.
    public init(integerLiteral value: Int) { self = .int(digits: String(value)) }

    /// A `float`.
    public init(floatLiteral value: Double) { self = .float(value) }

    /// A `str`.
    public init(stringLiteral value: String) { self = .string(PythonString(value)) }

    /// A `list`.
    public init(arrayLiteral elements: PythonValue...) { self = .list(elements) }

    /// A `dict`; of equal keys the last counts.
    public init(dictionaryLiteral elements: (String, PythonValue)...) {
        var items: [Item] = []
        for (key, value) in elements {
            let item = Item(key: PythonString(key), value: value)
            if let index = items.firstIndex(where: { $0.key == item.key }) {
                items[index] = item
            } else {
                items.append(item)
            }
        }
        self = .dict(items)
    }
}
