// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A value of a Python program, outside of it.
///
///     let run = try await sandbox.run("{'name': 'Ada', 'born': datetime.date(1815, 12, 10)}")
///     run.value?["name"]?.string            // "Ada"
///     run.value?["born"]                    // .date(1815-12-10)
///     print(run.value ?? nil)               // as Python prints it
///
/// Integers keep all their digits, dictionaries their order, strings even lone surrogates, floats `nan` and `inf`.
/// Values of Swift types are made with ``init(encoding:)`` and ``decode(_:)``; as `Codable`, a value survives any
/// encoder unchanged.
@nonexhaustive
public enum PythonValue: Sendable, Hashable {
    // All payloads that are larger than a word are indirect: a list of many numbers is mostly these bytes.

    /// `None`.
    case null
    /// `True` or `False`.
    case bool(Bool)
    /// An `int` of any size.
    case int(PythonInteger)
    /// A `float`.
    case float(Double)
    /// A `complex`.
    indirect case complex(real: Double, imaginary: Double)
    /// A `str`.
    case string(PythonString)
    /// `bytes`, `bytearray` or a `memoryview` of bytes.
    case bytes([UInt8])
    /// Numbers of one type: a NumPy array or an `array.array`.
    indirect case array(NumericArray)
    /// A `list`, or another sequence; a `tuple` too, unless tuples were asked for.
    case list([PythonValue])
    /// A `tuple`, where it is told from a list.
    case tuple([PythonValue])
    /// A `set` or `frozenset`.
    indirect case set([PythonValue], isFrozen: Bool)
    /// A `dict` whose keys are strings, in insertion order; no key stands twice.
    case dict([Item])
    /// A `dict` with other keys, too, in insertion order.
    case mapping([Pair])
    /// A `datetime.datetime`.
    indirect case dateTime(PythonDateTime)
    /// A `datetime.date`.
    case date(PythonDate)
    /// A `datetime.time`.
    indirect case time(PythonTime)
    /// A `datetime.timedelta`, which has microseconds; finer parts are rounded when they are sent.
    indirect case timeDelta(Duration)
    /// A `decimal.Decimal`.
    indirect case decimal(PythonDecimal)
    /// A `uuid.UUID`.
    indirect case uuid(UUID)
    /// A `pathlib` path.
    indirect case path(String)
    /// A member of an `enum.Enum`.
    indirect case enumeration(type: String, name: String, value: PythonValue)
    /// A dataclass or named tuple, with its fields in order.
    indirect case record(type: String, fields: [Item])
    /// A value that has none of these forms, as its `repr`.
    indirect case other(representation: String)

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
}

extension PythonValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `None`.
    public init(nilLiteral: ()) { self = .null }

    /// `True` or `False`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// An `int`.
    public init(integerLiteral value: Int) { self = .int(PythonInteger(value)) }

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
