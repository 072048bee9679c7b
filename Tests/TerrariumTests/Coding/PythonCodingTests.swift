// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import Terrarium

/// Swift values as Python's, and back.
struct PythonCodingTests {
    private enum Side: String, Codable {
        case buy, sell
    }

    private struct Everything: Codable, Equatable {
        struct Part: Codable, Equatable {
            var name: String
            var weights: [Double?]
        }

        var integer = Int.min
        var unsigned = UInt64.max
        var wide = Int128.max
        var wides = [UInt128.max]
        var byte: UInt8 = 255
        var double = -0.5
        var infinite = Double.infinity
        var float: Float = 0.1
        var decimal = Decimal(string: "-12.345") ?? 0
        var date = Date(timeIntervalSince1970: 1_700_000_000.25)
        var uuid = UUID()
        var url = URL(string: "https://example.org/a?b=c")
        var duration = Duration.milliseconds(-1_500)
        var bytes: [UInt8] = [0, 255]
        var data = Data([1, 2])
        var side = Side.sell
        var missing: String?
        var parts = [Part(name: "é", weights: [1, nil])]
        var byName = ["a": 1, "": 2]
        var byNumber = [1: "one"]
        var set: Set<Int> = [1, 2]
        var value: PythonValue = ["x": .tuple([1])]
    }

    @Test("Swift types of all kinds encode to values and decode from them")
    func roundTrip() throws {
        let everything = Everything()
        #expect(try PythonValue(encoding: everything).decode(Everything.self) == everything)
        #expect(try PythonValue(encoding: Int128.min).decode(Int128.self) == .min)
        #expect(throws: DecodingError.self) { try PythonValue(encoding: UInt128.max).decode(Int128.self) }
    }

    @Test("A number that does not fit is an error that says path, type and number")
    func overflow() throws {
        struct Order: Codable { var lines: [Int] }
        let big = try #require(PythonInteger("1" + String(repeating: "0", count: 30)))
        let value: PythonValue = ["lines": [1, .int(big)]]
        let error = try #require(throws: DecodingError.self) { try value.decode(Order.self) }
        guard case .typeMismatch(_, let context) = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(context.codingPath.count == 2)
        #expect(context.debugDescription == "expected Int at lines.[1], got int 1000000000000000000000000000000")
        let huge = try #require(PythonInteger("1" + String(repeating: "0", count: 400)))
        #expect(throws: DecodingError.self) { try PythonValue.int(huge).decode(Double.self) }
        #expect(throws: DecodingError.self) { try PythonValue.int(huge).decode(Decimal.self) }
        #expect(throws: DecodingError.self) { try PythonValue(-1).decode(UInt.self) }
        #expect(throws: DecodingError.self) { try PythonValue.float(1e300).decode(Int.self) }
        #expect(throws: DecodingError.self) { try PythonValue.float(.nan).decode(Int.self) }
        #expect(throws: DecodingError.self) { try PythonValue.float(0.5).decode(Int.self) }
        #expect(try PythonValue.float(3).decode(Int.self) == 3)
    }

    @Test(
        "A date that Python does not have is an error",
        arguments: [Double.nan, .infinity, -.infinity, 1e300, -62_135_596_801, 253_402_300_800]
    )
    func dates(seconds: Double) {
        struct Event: Codable { var at: Date }
        let error = #expect(throws: EncodingError.self) {
            try PythonValue(encoding: Event(at: Date(timeIntervalSince1970: seconds)))
        }
        // Whoever logs the error prints what it holds.
        #expect("\(String(reflecting: error))".contains("no datetime"))
    }

    @Test("A duration that Python does not have is an error, a finer one is rounded when it is sent")
    func durations() throws {
        #expect(throws: EncodingError.self) { try PythonValue(encoding: Duration.seconds(86_400_000_000_000)) }
        #expect(throws: MessageWriter.NoForm.self) {
            try MessageWriter.text { try $0.value(.timeDelta(.seconds(Int64.max))) }
        }
        func text(_ duration: Duration) throws -> String {
            try MessageWriter.text { try $0.value(.timeDelta(duration)) }
        }
        #expect(try text(.nanoseconds(1_500)) == #"{"$timedelta":2}"#)
        #expect(try text(.nanoseconds(2_500)) == #"{"$timedelta":2}"#)
        #expect(try text(.nanoseconds(-1_501)) == #"{"$timedelta":-2}"#)
        #expect(try text(.seconds(-86_399_999_913_600)) == #"{"$timedelta":-86399999913600000000}"#)
    }

    @Test("Values of another kind are errors that name what is there")
    func mismatches() {
        func reason<Value: Decodable>(_ type: Value.Type, _ value: PythonValue) -> String? {
            do {
                _ = try value.decode(type)
                return nil
            } catch DecodingError.typeMismatch(_, let context) {
                return context.debugDescription
            } catch {
                return "\(error)"
            }
        }
        #expect(reason(Int.self, "x") == "expected Int, got str")
        #expect(reason(Date.self, 5) == "expected Date, got int 5")
        #expect(reason(UUID.self, "x") == "expected UUID, got str")
        #expect(reason(Bool.self, 1) == "expected Bool, got int 1")
        #expect(reason(PythonInteger.self, 1.5) == "expected PythonInteger, got float")
        #expect(reason([UInt8].self, "x") == "expected Array<UInt8>, got str")
        #expect(reason(Duration.self, 1) == "expected Duration, got int 1")
        #expect(reason(String.self, .null) == "expected String, got None")
    }

    @Test("Contents are at hand without a switch")
    func contents() {
        let value: PythonValue = ["a": [1, 2.5, "x", true, .bytes([1])], "t": .tuple([nil])]
        #expect(value["a"]?[0]?.int == 1)
        #expect(value["a"]?[0]?.double == 1)
        #expect(value["a"]?[1]?.double == 2.5)
        #expect(value["a"]?[1]?.int == nil)
        #expect(value["a"]?[2]?.string == "x")
        #expect(value["a"]?[3]?.bool == true)
        #expect(value["a"]?[4]?.bytes == [1])
        #expect(value["a"]?[5] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["t"]?.array == [PythonValue.null])
        #expect(value["b"] == nil)
        #expect(PythonValue(UInt64.max) == .int(PythonInteger(UInt64.max)))
    }
}
