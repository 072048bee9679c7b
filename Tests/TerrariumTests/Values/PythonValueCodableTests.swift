// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import Terrarium

/// Values through coders that know nothing of Python.
@Suite(.timeLimit(.minutes(5)))
struct PythonValueCodableTests {
    private func throughJSON(_ value: PythonValue) throws -> PythonValue {
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(PythonValue.self, from: encoder.encode(value))
    }

    private func throughPropertyList(_ value: PythonValue, _ format: PropertyListSerialization.PropertyListFormat)
        throws
        -> PythonValue
    {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = format
        // The outermost value of a property list must be a list or a dictionary.
        let data = try encoder.encode(["value": value])
        return try #require(try PropertyListDecoder().decode([String: PythonValue].self, from: data)["value"])
    }

    /// The bytes of an "é" of two characters, as `exactText` has them.
    private static let decomposed = Array("e\u{301}".utf8).description.dropFirst().dropLast()

    @Test("Values of all kinds are read as they were written, by the coders of JSON and property lists")
    func roundTrips() throws {
        for _ in 0..<3_000 {
            let value = RandomValues.value()
            #expect(try throughJSON(value).exactText == value.exactText, "\(value.exactText)")
            // Foundation's binary property lists take texts that look the same for one, whatever their bytes.
            if value.exactText.contains(Self.decomposed) { continue }
            #expect(try throughPropertyList(value, .binary).exactText == value.exactText, "\(value.exactText)")
        }
    }

    @Test("Texts that property lists have for nothing are kept, wherever they stand")
    func nothingInPropertyLists() throws {
        let name = "$null"
        let values: [PythonValue] = [
            PythonValue(name), .path(name), .other(representation: name),
            .enumeration(type: name, name: name, value: nil),
            .record(type: name, fields: [.init(key: "$null", value: PythonValue(name))]),
            .dict([.init(key: "$null", value: nil)]),
            .mapping([.init(key: PythonValue(name), value: PythonValue(name)), .init(key: 1, value: nil)]),
        ]
        for value in values {
            #expect(try throughPropertyList(value, .binary) == value, "\(value.exactText)")
            #expect(try throughPropertyList(value, .xml) == value, "\(value.exactText)")
        }
    }

    @Test("Durations finer than Python's, and as long as any, are kept")
    func attoseconds() throws {
        let value = PythonValue.timeDelta(Duration(secondsComponent: -3, attosecondsComponent: -5))
        #expect(try throughJSON(value) == value)
        for longest in [Duration.seconds(86_399_999_999_999), .seconds(-86_399_999_913_600), .seconds(Int64.max)] {
            #expect(try throughJSON(.timeDelta(longest)) == .timeDelta(longest))
        }
    }

    @Test("JSON says plainly what it can say, with the order of keys beside them")
    func plainForms() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func json(_ value: PythonValue) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
        #expect(try json([nil, true, -5, 2.5, "é", [], [:]]) == #"[null,true,-5,2.5,"é",[],{}]"#)
        #expect(try json(["a": 1, "b": [2]]) == #"{"a":1,"b":[2]}"#)
        #expect(try json(["b": 1, "a": 2]) == #"{"$order":["b","a"],"a":2,"b":1}"#)
        #expect(try json(["$a": 1]) == #"{"$dict":[["$a",1]]}"#)
        #expect(try json(2.0) == #"{"$float":"2.0"}"#)
        #expect(try json(.bytes([0x68, 0x69])) == #"{"$bytes":"aGk="}"#)
        #expect(try json(.tuple([1])) == #"{"$tuple":[1]}"#)
        let day = try #require(PythonDate("2024-05-06"))
        #expect(try json(.date(day)) == #"{"$date":"2024-05-06"}"#)
        #expect(try json(.array(NumericArray([UInt8(7)]))) == #"{"$array":{"data":"Bw==","shape":[1],"type":"u1"}}"#)
    }

    @Test("Keys that look the same and are none in Python stay apart")
    func canonicalEquivalence() throws {
        let value: PythonValue = .dict([.init(key: "\u{E9}", value: 1), .init(key: "e\u{301}", value: 2)])
        #expect(try throughJSON(value) == value)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(try PythonValue(json: "{\"\u{E9}\": 1, \"e\u{301}\": 2}") == value)
    }

    @Test(
        "Hostile JSON is an error or a value, and never ends the process",
        arguments: [
            #"{"$bytes": "?"}"#, #"{"$bytes": {"address": 0, "count": 1}}"#, #"{"$int": 5}"#, #"{"$tuple": 1}"#,
            #"{"$array": {"type": "f8", "shape": [-1], "data": ""}}"#,
            #"{"$array": {"type": "x", "shape": [], "data": ""}}"#,
            #"{"$array": {"type": "f8", "shape": [4611686018427387904, 4], "data": ""}}"#, #"{"$complex": [1]}"#,
            #"{"$codepoints": [1114112]}"#, #"{"$codepoints": [-1]}"#, #"{"$dict": [[1]]}"#, #"{"$float": "x"}"#,
            #"{"$object": {}}"#, #"{"$enum": 1}"#, #"{"$timedelta": "x"}"#, #"{"$path": 1}"#,
        ]
    )
    func hostileTags(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(PythonValue.self, from: Data(json.utf8)) }
    }

    @Test("Unknown tags are ordinary dictionaries, texts that Python's classes would not write are kept as such")
    func lenientTags() throws {
        func value(_ json: String) throws -> PythonValue {
            try JSONDecoder().decode(PythonValue.self, from: Data(json.utf8))
        }
        #expect(try value(#"{"$x": 1}"#) == .dict([.init(key: "$x", value: 1)]))
        #expect(try value(#"{"$date": "tomorrow"}"#) == .other(representation: "tomorrow"))
        #expect(try value(#"{"$int": "0xzz"}"#) == .other(representation: "0xzz"))
    }

    @Test("Values nested deeper than the stack allows are not written, and what is written can be read")
    func deepValues() throws {
        func nested(_ depth: Int, _ wrap: (PythonValue) -> PythonValue) -> PythonValue {
            (0..<depth).reduce(.null) { value, _ in wrap(value) }
        }
        let wraps: [(PythonValue) -> PythonValue] = [
            { .list([$0]) }, { .tuple([$0]) }, { .dict([.init(key: "a", value: $0)]) },
            { .mapping([.init(key: 1, value: $0)]) }, { .enumeration(type: "E", name: "A", value: $0) },
        ]
        for wrap in wraps {
            #expect(throws: EncodingError.self) { try JSONEncoder().encode(nested(5_000, wrap)) }
            let value = nested(100, wrap)
            #expect(try throughJSON(value).exactText == value.exactText)
        }
    }

    @Test("JSON nested deeper than the stack allows is an error")
    func depth() {
        let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: (any Error).self) { try JSONDecoder().decode(PythonValue.self, from: Data(text.utf8)) }
    }

    @Test("The types of single values are Codable, too")
    func scalars() throws {
        struct Scalars: Codable, Equatable {
            var integer = PythonInteger("123456789012345678901234567890")
            var small: PythonInteger = -5
            var decimal = PythonDecimal("-0E+5")
            var dateTime = PythonDateTime("2024-05-06 07:08:09.5+01:00:01")
            var folded = PythonDateTime(year: 2024, month: 10, day: 27, hour: 2, isFold: true)
            var date = PythonDate("0001-01-01")
            var time = PythonTime("01:02:03")
            var text = PythonString(codePoints: [0xD800])
            var array = NumericArray([Int32(1), 2])
        }
        let data = try JSONEncoder().encode(Scalars())
        #expect(try JSONDecoder().decode(Scalars.self, from: data) == Scalars())
        let value = try PythonValue(encoding: Scalars())
        #expect(value["integer"] == .int(try #require(PythonInteger("123456789012345678901234567890"))))
        #expect(try value.decode(Scalars.self) == Scalars())
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                NumericArray.self,
                from: Data(#"{"elementType":"f8","shape":[9],"bytes":[]}"#.utf8)
            )
        }
    }
}
