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

    static let unreachable = Opcode(rawValue: 0x00)
    static let block = Opcode(rawValue: 0x02)
    static let loop = Opcode(rawValue: 0x03)
    static let `if` = Opcode(rawValue: 0x04)
    static let `else` = Opcode(rawValue: 0x05)
    static let end = Opcode(rawValue: 0x0b)
    static let branch = Opcode(rawValue: 0x0c)
    static let branchIf = Opcode(rawValue: 0x0d)
    static let `return` = Opcode(rawValue: 0x0f)
    static let call = Opcode(rawValue: 0x10)
    static let callIndirect = Opcode(rawValue: 0x11)
    static let returnCall = Opcode(rawValue: 0x12)
    static let drop = Opcode(rawValue: 0x1a)
    static let select = Opcode(rawValue: 0x1b)
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
    static let i32Load8Unsigned = Opcode(rawValue: 0x2d)
    static let i32Load16Unsigned = Opcode(rawValue: 0x2f)
    static let i32Store = Opcode(rawValue: 0x36)
    static let i64Store = Opcode(rawValue: 0x37)
    static let f32Store = Opcode(rawValue: 0x38)
    static let f64Store = Opcode(rawValue: 0x39)
    static let i32Store8 = Opcode(rawValue: 0x3a)
    static let i32Store16 = Opcode(rawValue: 0x3b)
    static let memoryGrow = Opcode(rawValue: 0x40)
    static let i32Const = Opcode(rawValue: 0x41)
    static let i64Const = Opcode(rawValue: 0x42)
    static let f32Const = Opcode(rawValue: 0x43)
    static let f64Const = Opcode(rawValue: 0x44)
    static let i32EqualsZero = Opcode(rawValue: 0x45)
    static let i32Eq = Opcode(rawValue: 0x46)
    static let i32LessUnsigned = Opcode(rawValue: 0x49)
    static let i32GreaterOrEqualUnsigned = Opcode(rawValue: 0x4f)
    static let i64EqualsZero = Opcode(rawValue: 0x50)
    static let i64GreaterUnsigned = Opcode(rawValue: 0x56)
    static let i32Add = Opcode(rawValue: 0x6a)
    static let i32Subtract = Opcode(rawValue: 0x6b)
    static let i32Multiply = Opcode(rawValue: 0x6c)
    static let i32And = Opcode(rawValue: 0x71)
    static let i32ShiftLeft = Opcode(rawValue: 0x74)
    static let i64Add = Opcode(rawValue: 0x7c)
    static let i64ShiftRightUnsigned = Opcode(rawValue: 0x88)
    static let i32WrapI64 = Opcode(rawValue: 0xa7)
    static let i64ExtendI32Unsigned = Opcode(rawValue: 0xad)
    static let refNull = Opcode(rawValue: 0xd0)
    static let refFunc = Opcode(rawValue: 0xd2)
    static let memoryInit = Opcode(prefix: 0xfc, code: 8)
    static let dataDrop = Opcode(prefix: 0xfc, code: 9)
    static let memoryCopy = Opcode(prefix: 0xfc, code: 10)
    static let memoryFill = Opcode(prefix: 0xfc, code: 11)
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
