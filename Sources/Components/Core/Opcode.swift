// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The number of an instruction; prefixed instructions carry their prefix byte in the upper half.
///
/// See the specification of [instructions](https://webassembly.github.io/spec/core/binary/instructions.html).
public struct Opcode: RawRepresentable, Hashable, Sendable {
    /// The opcode byte, or `prefix << 16 | code`.
    public let rawValue: UInt32

    /// Creates an opcode.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    init(prefix: UInt8, code: UInt32) {
        rawValue = UInt32(prefix) << 16 | code
    }

    static let end = Opcode(rawValue: 0x0b)
    static let call = Opcode(rawValue: 0x10)
    static let callIndirect = Opcode(rawValue: 0x11)
    static let returnCall = Opcode(rawValue: 0x12)
    static let localGet = Opcode(rawValue: 0x20)
    static let localSet = Opcode(rawValue: 0x21)
    static let localTee = Opcode(rawValue: 0x22)
    static let globalGet = Opcode(rawValue: 0x23)
    static let globalSet = Opcode(rawValue: 0x24)
    static let tableSet = Opcode(rawValue: 0x26)
    static let i32Load = Opcode(rawValue: 0x28)
    static let i64Load = Opcode(rawValue: 0x29)
    static let f32Load = Opcode(rawValue: 0x2a)
    static let f64Load = Opcode(rawValue: 0x2b)
    static let i32Store = Opcode(rawValue: 0x36)
    static let i64Store = Opcode(rawValue: 0x37)
    static let f32Store = Opcode(rawValue: 0x38)
    static let f64Store = Opcode(rawValue: 0x39)
    static let i32Const = Opcode(rawValue: 0x41)
    static let i64Const = Opcode(rawValue: 0x42)
    static let f32Const = Opcode(rawValue: 0x43)
    static let f64Const = Opcode(rawValue: 0x44)
    static let refNull = Opcode(rawValue: 0xd0)
    static let refFunc = Opcode(rawValue: 0xd2)
    static let memoryInit = Opcode(prefix: 0xfc, code: 8)
    static let dataDrop = Opcode(prefix: 0xfc, code: 9)
    static let tableInit = Opcode(prefix: 0xfc, code: 12)
    static let elemDrop = Opcode(prefix: 0xfc, code: 13)
    static let tableCopy = Opcode(prefix: 0xfc, code: 14)
    static let tableGrow = Opcode(prefix: 0xfc, code: 15)
    static let tableFill = Opcode(prefix: 0xfc, code: 17)
    static let v128Load = Opcode(prefix: 0xfd, code: 0)
    static let v128Store = Opcode(prefix: 0xfd, code: 11)
    static let v128Const = Opcode(prefix: 0xfd, code: 12)
}

extension BinaryWriter {
    mutating func opcode(_ opcode: Opcode) {
        if opcode.rawValue > 0xff {
            byte(UInt8(opcode.rawValue >> 16))
            u32(opcode.rawValue & 0xffff)
        } else {
            byte(UInt8(opcode.rawValue))
        }
    }
}
