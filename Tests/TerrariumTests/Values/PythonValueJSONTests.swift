// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import Terrarium

/// Values as JSON text, for other programs to read and from other programs.
@Suite(.timeLimit(.minutes(5)))
struct PythonValueJSONTests {
    private func text(_ value: PythonValue) throws -> String { String(decoding: try value.json(), as: UTF8.self) }

    private func value(_ text: String, maxDepth: Int = 100) throws -> PythonValue {
        try PythonValue(json: Array(text.utf8), maxDepth: maxDepth)
    }

    @Test("Values of all kinds are read as they were written")
    func roundTrips() throws {
        for _ in 0..<3_000 {
            let value = RandomValues.value()
            #expect(try PythonValue(json: value.json()).exactText == value.exactText, "\(value.exactText)")
        }
    }

    @Test("JSON says plainly what it can say, keeps the order of keys, and tells floats from integers")
    func plainForms() throws {
        #expect(try text([nil, true, -5, 2.0, "é\n", [], [:]]) == #"[null,true,-5,2.0,"é\n",[],{}]"#)
        #expect(try text(["b": 1, "a": 2]) == #"{"b":1,"a":2}"#)
        #expect(try text(["$a": 1]) == #"{"$dict":[["$a",1]]}"#)
        #expect(try text(.tuple([1])) == #"{"$tuple":[1]}"#)
        #expect(try text(.float(.infinity)) == #"{"$float":"inf"}"#)
        #expect(try text(.bytes([0x68, 0x69])) == #"{"$bytes":"aGk="}"#)
    }

    @Test("What only stands for something in a sandbox is written for readers, though no sandbox takes it")
    func standIns() throws {
        let other = PythonValue.other(representation: "<object>")
        #expect(try text(other) == #"{"$repr":{"text":"<object>"}}"#)
        #expect(throws: MessageWriter.NoForm.self) { try MessageWriter.text { try $0.value(other) } }
        let fine = PythonValue.timeDelta(Duration(secondsComponent: -3, attosecondsComponent: -5))
        #expect(try value(text(fine)) == fine)
    }

    @Test(
        "Hostile text is an error",
        arguments: [
            "", "nul", "[1,]", #"{"a" 1}"#, "NaN", "\"\u{1}\"", "01", #"{"$bytes": "?"}"#, #"{"$int": 5}"#,
            #"{"$bytes": {"address": 0, "count": 1}}"#, #"{"$tuple": 1}"#, #"{"$object": {}}"#, #"{"$enum": 1}"#,
            #"{"$array": {"type": "f8", "shape": [4611686018427387904, 4], "data": ""}}"#, "[] []",
        ]
    )
    func hostile(json: String) {
        #expect(throws: DecodingError.self) { try value(json) }
        #expect(throws: DecodingError.self) { try PythonValue(json: [0x22, 0xFF, 0x22]) }
    }

    @Test("What is nested too deep is neither read nor written")
    func depth() throws {
        #expect(throws: DecodingError.self) { try value(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: DecodingError.self) { try value("[[[]]]", maxDepth: 2) }
        #expect(try value("[[]]", maxDepth: 2) == [[]])
        let deep = (0..<5_000).reduce(PythonValue.null) { value, _ in
            .record(type: "T", fields: [.init(key: "a", value: value)])
        }
        #expect(throws: EncodingError.self) { try deep.json() }
    }
}
