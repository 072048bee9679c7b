// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import Testing

@testable import TerrariumCommands

/// The JSON of `--json`, and the files of its large arrays.
struct JSONTextTests {
    @Test(
        "Values with a JSON form are that form",
        arguments: [
            (nil, "null"), (true, "true"), (-5, "-5"), (2.5, "2.5"), (.float(.nan), "null"),
            ("a\"\\\n\u{1}é", #""a\"\\\n\u0001é""#),
            ([1, ["a": .tuple([nil])]], #"[1, {"a": [null]}]"#),
            (.array(NumericArray([1, 2, 3, 4] as [Int32], shape: [2, 2])!), "[[1, 2], [3, 4]]"),
            (.array(NumericArray([Float](), shape: [2, 0])!), "[[], []]"),
            (.array(NumericArray([0.5], shape: [])!), "0.5"),
        ] as [(PythonValue, String)]
    )
    func values(value: PythonValue, text: String) {
        #expect(JSONText.value(value) == text)
    }

    @Test(
        "A value is null as a whole if a part of it has no JSON form",
        arguments: [
            .bytes([1]), [1, .bytes([])], ["a": .set([1], isFrozen: false)], .mapping([.init(key: 1, value: 2)]),
            .complex(real: 1, imaginary: 2), .other(representation: "<x>"),
            .array(NumericArray(elementType: .complex64, shape: [1], bytes: [UInt8](repeating: 0, count: 8))!),
        ] as [PythonValue]
    )
    func others(value: PythonValue) {
        #expect(JSONText.value(value) == nil)
    }

    @Test("Numbers of 16 bits are read as IEEE 754 has them")
    func halves() throws {
        let bits: [UInt16] = [0x0000, 0x8000, 0x3C00, 0xC000, 0x0001, 0x03FF, 0x0400, 0x7BFF, 0x7C00, 0xFC00, 0x7E00]
        let bytes = bits.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let array = try #require(NumericArray(elementType: .float16, shape: [bits.count], bytes: bytes))
        let expected = """
            [0.0, -0.0, 1.0, -2.0, 5.960464477539063e-08, 6.097555160522461e-05, 6.103515625e-05, 65504.0, null, null, null]
            """
        #expect(JSONText.value(.array(array)) == expected)
    }

    @Test("The header of an array's file ends at a multiple of 64 and says type and shape")
    func arrayFile() throws {
        for (shape, text) in [([], "()"), ([4], "(4,)"), ([2, 2], "(2, 2,)"), ([1, 1, 1, 4], "(1, 1, 1, 4,)")] {
            let count = shape.reduce(1, *)
            let bytes = [UInt8](repeating: 7, count: count)
            let contents = try #require(NumericArray(elementType: .uint8, shape: shape, bytes: bytes)).fileContents
            #expect(contents.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0]))
            let length = Int(contents[8]) | Int(contents[9]) << 8
            #expect((10 + length) % 64 == 0)
            let header = String(decoding: contents[10..<(10 + length)], as: UTF8.self)
            #expect(header.hasPrefix("{'descr': '|u1', 'fortran_order': False, 'shape': \(text), }"))
            #expect(header.hasSuffix("\n") && contents.suffix(count) == bytes[...])
        }
    }
}
