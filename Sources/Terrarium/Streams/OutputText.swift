// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Makes text of bytes that come in pieces, which may end in the middle of a character.
struct OutputText {
    private var rest: [UInt8] = []

    /// The text of the bytes so far that was not answered yet, without an incomplete character at its end.
    mutating func append(_ bytes: [UInt8]) -> String {
        var all = rest + bytes
        let tail = Self.incompleteTail(of: all)
        rest = Array(all.suffix(tail))
        all.removeLast(tail)
        return String(decoding: all, as: UTF8.self)
    }

    /// What is left at the end, repaired.
    mutating func finish() -> String {
        defer { rest = [] }
        return String(decoding: rest, as: UTF8.self)
    }

    /// How many bytes at the end begin a character that may yet be completed.
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
