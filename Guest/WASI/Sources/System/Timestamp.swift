// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Nanoseconds since 1970, as `wasi:clocks/wall-clock.datetime` splits them.
struct Timestamp {
    var nanosecondsSince1970: UInt64

    var seconds: UInt64 { nanosecondsSince1970 / 1_000_000_000 }
    var nanoseconds: UInt32 { UInt32(truncatingIfNeeded: nanosecondsSince1970 % 1_000_000_000) }

    init(nanosecondsSince1970: UInt64) { self.nanosecondsSince1970 = nanosecondsSince1970 }

    /// A guest's `datetime`; nil where it does not fit 64 bits of nanoseconds (the year 2554) or is malformed.
    init?(seconds: UInt64, nanoseconds: UInt32) {
        guard nanoseconds < 1_000_000_000, seconds < UInt64.max / 1_000_000_000 else { return nil }
        nanosecondsSince1970 = seconds * 1_000_000_000 + UInt64(nanoseconds)
    }
}
