// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Cuts bytes that come in pieces where no UTF-8 character is in the middle.
struct OutputText {
    private var rest: [UInt8] = []

    /// The bytes so far that were not answered yet, without an incomplete character at their end.
    mutating func append(_ bytes: [UInt8]) -> [UInt8] {
        var all = rest.isEmpty ? bytes : rest + bytes
        let tail = Self.incompleteTail(of: all)
        rest = Array(all.suffix(tail))
        all.removeLast(tail)
        return all
    }

    /// The bytes that are left at the end.
    mutating func finish() -> [UInt8] {
        defer { rest = [] }
        return rest
    }

    /// Returns the number of bytes at the end that begin a character which may yet be completed.
    private static func incompleteTail(of bytes: [UInt8]) -> Int {
        for (count, byte) in bytes.suffix(3).reversed().enumerated() {
            switch byte {
            case 0x80..<0xC0: continue
            case 0xC2..<0xE0: return count < 1 ? count + 1 : 0
            case 0xE0..<0xF0: return count < 2 ? count + 1 : 0
            case 0xF0..<0xF5: return count + 1
            default: return 0
            }
        }
        return 0
    }
}
