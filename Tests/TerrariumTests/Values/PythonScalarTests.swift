// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Decimals, dates and times, outside of Python.
@Suite(.timeLimit(.minutes(5)))
struct PythonScalarTests {
    @Test("Decimals print as Python's do, whatever they were read from")
    func decimals() async throws {
        var texts = [
            "0", "-0", "-0E+5", "0E-10", "1.50", "1e5", "1E+5", "123e-10", "0.000001", "0.0000001", "1.0E-7",
            "00012.30",
            "12e3", ".5", "5.", "NaN", "-nan", "sNaN", "nan0012", "-sNaN7", "inf", "-Infinity", "1E+999999",
            "1e-999999",
            "123456789012345678901234567890.123456789012345678901234567890",
        ]
        for _ in 0..<300 {
            let digits = (0..<Int.random(in: 1...20)).map { _ in String(Int.random(in: 0...9)) }.joined()
            texts.append("\(Bool.random() ? "-" : "")\(digits)e\(Int.random(in: -30...30))")
        }
        let expected = try await HostPython.run(
            "import decimal, sys\nfor line in sys.stdin: print(decimal.Decimal(line.strip()))",
            input: texts.joined(separator: "\n")
        ).split(separator: "\n")
        #expect(expected.count == texts.count)
        for (text, printed) in zip(texts, expected) {
            #expect(PythonDecimal(text)?.description == String(printed), "\(text)")
            #expect(PythonDecimal(String(printed)) == PythonDecimal(text))
        }
    }

    @Test(
        "A text that is no decimal makes none",
        arguments: ["", "-", ".", "e5", "1e", "1e5.0", "1 ", "0x1", "nanx", "1.2.3", "1e99999999999999999999", "١"]
    )
    func malformedDecimal(text: String) {
        #expect(PythonDecimal(text) == nil)
    }

    @Test("Decimals convert to Foundation's exactly or not at all")
    func foundationDecimals() throws {
        for text in ["0", "1.5", "-12345678901234567890123456789012345678", "1E+100", "1E-100", "0.10"] {
            let decimal = try #require(PythonDecimal(text)?.decimal, "\(text)")
            #expect(decimal == Decimal(string: text))
        }
        for text in ["1234567890123456789012345678901234567890.5", "1E+1000", "1E-1000", "Infinity"] {
            #expect(PythonDecimal(text)?.decimal == nil, "\(text)")
        }
        #expect(PythonDecimal("NaN")?.decimal?.isNaN == true)
        #expect(PythonDecimal(Decimal.nan).isNaN)
        #expect(PythonDecimal(Decimal(string: "12.50") ?? 0).description == "12.5")
        #expect(PythonDecimal("-1.25")?.double == -1.25)
        #expect(PythonDecimal("-Infinity")?.double == -.infinity)
        #expect(PythonDecimal("1.0") != PythonDecimal("1.00"))
    }

    @Test("Dates and times read and print as Python's isoformat")
    func isoFormats() throws {
        for text in ["0001-01-01", "9999-12-31", "2000-02-29", "2024-02-29"] {
            #expect(PythonDate(text)?.description == text)
        }
        for text in [
            "2024-05-06 07:08:09", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "2024-05-06 07:08:09.000010",
            "2024-05-06 07:08:09+00:00", "2024-05-06 07:08:09.5-23:59", "1900-01-01 00:00:00+00:53:28",
            "1900-01-01 00:00:00-00:00:00.000001",
        ] {
            let expected = text.replacingOccurrences(of: "09.5-", with: "09.500000-")
            #expect(PythonDateTime(text)?.description == expected)
            #expect(PythonDateTime(text)?.isoFormat == expected.replacingOccurrences(of: " ", with: "T"))
        }
        #expect(PythonTime("01:02")?.description == "01:02:00")
        #expect(PythonDateTime("2024-05-06T07:08:09Z")?.time.utcOffset == .zero)
    }

    @Test(
        "A text that is no date and time makes none",
        arguments: [
            "", "2024-05-06", "2024-05-06T", "2024-02-30T00:00", "2023-02-29T00:00", "0000-01-01T00:00",
            "2024-13-01T00:00", "2024-05-06T24:00", "2024-05-06T00:60", "2024-05-06T00:00:60", "2024-05-06T00:00:00.",
            "2024-05-06T00:00:00.1234567", "2024-05-06T00:00+24:00", "2024-05-06T00:00+", "2024-05-06T00:00 ",
            "-024-05-06T00:00", "2024-05-06T00:00+00:60",
        ]
    )
    func malformedDateTime(text: String) {
        #expect(PythonDateTime(text) == nil)
    }

    @Test("Points in time convert from and to Foundation's, and those that Python does not have are refused")
    func instants() throws {
        for text in ["0001-01-01 00:00:00+00:00", "1969-12-31 23:59:59.500000+00:00", "9999-12-31 23:59:59+00:00"] {
            let dateTime = try #require(PythonDateTime(text))
            #expect(PythonDateTime(dateTime.instant) == dateTime)
        }
        let offset = try #require(PythonDateTime("2024-01-01 02:00:00+02:00"))
        #expect(offset.instant == Date(timeIntervalSince1970: 1_704_067_200))
        for seconds in [
            Double.nan, .infinity, -.infinity, 1e300, -62_135_596_801, 253_402_300_800, 253_402_300_799.9999999,
        ] {
            #expect(PythonDateTime(Date(timeIntervalSince1970: seconds)) == nil, "\(seconds)")
            #expect(PythonDate(Date(timeIntervalSince1970: seconds)) == nil, "\(seconds)")
        }
        #expect(PythonDate(Date(timeIntervalSince1970: -1)) == PythonDate(year: 1969, month: 12, day: 31))
        #expect(offset.components.timeZone?.secondsFromGMT() == 7_200)
        #expect(offset.date.components.year == 2024)
    }

    @Test("Parts out of their range make no date and time")
    func ranges() {
        #expect(PythonTime(hour: 24) == nil)
        #expect(PythonTime(hour: 0, microsecond: 1_000_000) == nil)
        #expect(PythonTime(hour: 0, utcOffset: .seconds(86_400)) == nil)
        #expect(PythonTime(hour: 0, utcOffset: .seconds(-86_400)) == nil)
        #expect(PythonTime(hour: 0, utcOffset: .nanoseconds(1)) == nil)
        #expect(PythonTime(hour: 0, utcOffset: .microseconds(-1))?.utcOffset == .microseconds(-1))
        #expect(PythonDate(year: 10_000, month: 1, day: 1) == nil)
        #expect(PythonDate(year: .min, month: .max, day: 0) == nil)
    }
}
