// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser

/// A number of bytes as a person writes it: `1000`, `64KiB`, `20MB`, `1.5GiB`.
struct ByteCount: ExpressibleByArgument, Hashable, CustomStringConvertible {
    let bytes: Int

    init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let units: [String: Double] = [
            "": 1, "b": 1,
            "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9,
            "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30,
        ]
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = argument.dropFirst(number.count).drop { $0 == " " }.lowercased()
        guard let count = Double(number), let factor = units[unit], count * factor <= 1e15 else { return nil }
        bytes = Int(count * factor)
    }

    /// The count in the largest binary unit that divides it.
    var description: String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)"
    }

    var defaultValueDescription: String { description }
}
