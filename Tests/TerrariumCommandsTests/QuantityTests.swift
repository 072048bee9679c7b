// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import TerrariumCommands

/// Numbers with units on the command line.
struct QuantityTests {
    @Test(
        "Byte counts are read with decimal and binary units",
        arguments: [
            ("0", 0), ("1", 1), ("1000", 1_000), ("12b", 12), ("1k", 1_000), ("1kB", 1_000), ("1KiB", 1_024),
            ("20MB", 20_000_000), ("20 MB", 20_000_000), ("64MiB", 64 << 20), ("64mib", 64 << 20),
            ("1g", 1_000_000_000),
            ("1.5GiB", 3 << 29), (".5kib", 512), ("0.0001k", 0),
        ]
    )
    func byteCounts(text: String, bytes: Int) {
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }

    @Test(
        "What is no byte count is refused",
        arguments: [
            "", " ", "MB", "-1", "+1", "1TB", "1e9", "0x10", "1,5", "1.2.3", "1MBx", "nan", "inf", "9999999GiB", "١",
        ]
    )
    func notByteCounts(text: String) {
        #expect(ByteCount(argument: text) == nil)
    }

    @Test(
        "Byte counts are shown in the largest unit that divides them, which reads back as the same",
        arguments: [
            (0, "0"), (1, "1"), (1_000, "1000"), (1_024, "1KiB"), (1_536, "1536"), (64 << 20, "64MiB"),
            (3 << 30, "3GiB"),
        ]
    )
    func byteCountDescriptions(bytes: Int, text: String) {
        #expect(ByteCount(bytes: bytes).description == text)
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }

    @Test(
        "Times are read in seconds or with a unit",
        arguments: [
            ("5", 5.0), ("2.5", 2.5), ("2.5s", 2.5), ("500ms", 0.5), ("250us", 0.00025), ("2min", 120.0),
            ("1h", 3_600.0),
            ("0", 0.0),
        ]
    )
    func times(text: String, seconds: Double) throws {
        let time = try #require(TimeSpan(argument: text))
        #expect(abs(time.seconds - seconds) < 1e-12)
    }

    @Test(
        "What is no time is refused",
        arguments: ["", "s", "-1", "1d", "1m", "1 s", "5S", "1e3", "nan", "infinity", "1.2.3s", "99999999h"]
    )
    func notTimes(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    @Test("Times are shown in seconds", arguments: [(5.0, "5s"), (0.5, "0.5s"), (120, "120s")])
    func timeDescriptions(seconds: Double, text: String) {
        #expect(TimeSpan(seconds: seconds).description == text)
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test("A limit of time is a time above 0, or none")
    func timeLimits() {
        #expect(TimeLimit(argument: "none")?.duration == .some(nil))
        #expect(TimeLimit(argument: "1.5s")?.duration == .seconds(1.5))
        for text in ["0", "0ms", "", "None", "-1", "never"] { #expect(TimeLimit(argument: text) == nil, "\(text)") }
    }
}
