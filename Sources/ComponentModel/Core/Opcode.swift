// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The number of an instruction; prefixed instructions carry their prefix byte in the upper half.
///
/// See the specification of [instructions](https://webassembly.github.io/spec/core/binary/instructions.html).
package struct Opcode: RawRepresentable, Hashable, Sendable {
    /// The opcode byte, or `prefix << 16 | code`.
    package let rawValue: UInt32

    /// Creates an opcode.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package init(prefix: UInt8, code: UInt32) {
        rawValue = UInt32(prefix) << 16 | code
    }

    package static let unreachable = Opcode(rawValue: 0x00)
    package static let block = Opcode(rawValue: 0x02)
    package static let loop = Opcode(rawValue: 0x03)
    package static let `if` = Opcode(rawValue: 0x04)
    package static let `else` = Opcode(rawValue: 0x05)
    package static let `try` = Opcode(rawValue: 0x06)
    package static let `catch` = Opcode(rawValue: 0x07)
    package static let `throw` = Opcode(rawValue: 0x08)
    package static let rethrow = Opcode(rawValue: 0x09)
    package static let throwReference = Opcode(rawValue: 0x0a)
    package static let end = Opcode(rawValue: 0x0b)
    package static let branch = Opcode(rawValue: 0x0c)
    package static let branchIf = Opcode(rawValue: 0x0d)
    package static let `return` = Opcode(rawValue: 0x0f)
    package static let call = Opcode(rawValue: 0x10)
    package static let callIndirect = Opcode(rawValue: 0x11)
    package static let returnCall = Opcode(rawValue: 0x12)
    package static let delegate = Opcode(rawValue: 0x18)
    package static let catchAll = Opcode(rawValue: 0x19)
    package static let drop = Opcode(rawValue: 0x1a)
    package static let select = Opcode(rawValue: 0x1b)
    package static let tryTable = Opcode(rawValue: 0x1f)
    package static let localGet = Opcode(rawValue: 0x20)
    package static let localSet = Opcode(rawValue: 0x21)
    package static let localTee = Opcode(rawValue: 0x22)
    package static let globalGet = Opcode(rawValue: 0x23)
    package static let globalSet = Opcode(rawValue: 0x24)
    package static let tableSet = Opcode(rawValue: 0x26)
    package static let i32Load = Opcode(rawValue: 0x28)
    package static let i64Load = Opcode(rawValue: 0x29)
    package static let f32Load = Opcode(rawValue: 0x2a)
    package static let f64Load = Opcode(rawValue: 0x2b)
    package static let i32Load8Unsigned = Opcode(rawValue: 0x2d)
    package static let i32Load16Unsigned = Opcode(rawValue: 0x2f)
    package static let i32Store = Opcode(rawValue: 0x36)
    package static let i64Store = Opcode(rawValue: 0x37)
    package static let f32Store = Opcode(rawValue: 0x38)
    package static let f64Store = Opcode(rawValue: 0x39)
    package static let i32Store8 = Opcode(rawValue: 0x3a)
    package static let i32Store16 = Opcode(rawValue: 0x3b)
    package static let memoryGrow = Opcode(rawValue: 0x40)
    package static let i32Const = Opcode(rawValue: 0x41)
    package static let i64Const = Opcode(rawValue: 0x42)
    package static let f32Const = Opcode(rawValue: 0x43)
    package static let f64Const = Opcode(rawValue: 0x44)
    package static let i32EqualsZero = Opcode(rawValue: 0x45)
    package static let i32Eq = Opcode(rawValue: 0x46)
    package static let i32LessUnsigned = Opcode(rawValue: 0x49)
    package static let i32GreaterOrEqualUnsigned = Opcode(rawValue: 0x4f)
    package static let i64EqualsZero = Opcode(rawValue: 0x50)
    package static let i64GreaterUnsigned = Opcode(rawValue: 0x56)
    package static let i32Add = Opcode(rawValue: 0x6a)
    package static let i32Subtract = Opcode(rawValue: 0x6b)
    package static let i32Multiply = Opcode(rawValue: 0x6c)
    package static let i32And = Opcode(rawValue: 0x71)
    package static let i32ShiftLeft = Opcode(rawValue: 0x74)
    package static let i64Add = Opcode(rawValue: 0x7c)
    package static let i64ShiftRightUnsigned = Opcode(rawValue: 0x88)
    package static let i32WrapI64 = Opcode(rawValue: 0xa7)
    package static let i64ExtendI32Unsigned = Opcode(rawValue: 0xad)
    package static let refNull = Opcode(rawValue: 0xd0)
    package static let refFunc = Opcode(rawValue: 0xd2)
    package static let memoryInit = Opcode(prefix: 0xfc, code: 8)
    package static let dataDrop = Opcode(prefix: 0xfc, code: 9)
    package static let memoryCopy = Opcode(prefix: 0xfc, code: 10)
    package static let memoryFill = Opcode(prefix: 0xfc, code: 11)
    package static let tableInit = Opcode(prefix: 0xfc, code: 12)
    package static let elemDrop = Opcode(prefix: 0xfc, code: 13)
    package static let tableCopy = Opcode(prefix: 0xfc, code: 14)
    package static let tableGrow = Opcode(prefix: 0xfc, code: 15)
    package static let tableFill = Opcode(prefix: 0xfc, code: 17)
    package static let v128Load = Opcode(prefix: 0xfd, code: 0)
    package static let v128Store = Opcode(prefix: 0xfd, code: 11)
    package static let v128Const = Opcode(prefix: 0xfd, code: 12)
}

extension BinaryWriter {
    package mutating func opcode(_ opcode: Opcode) {
        if opcode.rawValue > 0xff {
            byte(UInt8(opcode.rawValue >> 16))
            u32(opcode.rawValue & 0xffff)
        } else {
            byte(UInt8(opcode.rawValue))
        }
    }
}
