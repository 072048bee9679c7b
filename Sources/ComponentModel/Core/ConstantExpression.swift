// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The expression that initialises a global, a table's elements or a segment's offset.
///
/// See [constant expressions](https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions).
package struct ConstantExpression: Hashable, Sendable {
    /// Its instructions with the final `end`.
    package var bytes: ArraySlice<UInt8>

    /// Wraps instructions that end with `end`.
    package init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// A constant of 32 bits.
    package static func i32(_ value: Int32) -> ConstantExpression { .value(.i32(value)) }

    /// A constant of 64 bits.
    package static func i64(_ value: Int64) -> ConstantExpression { .value(.i64(value)) }

    /// A constant.
    package static func value(_ value: CoreConstant) -> ConstantExpression {
        var writer = BinaryWriter()
        writer.constant(value)
        writer.opcode(.end)
        return ConstantExpression(bytes: writer.bytes[...])
    }

    static func function(_ index: UInt32) -> ConstantExpression {
        var writer = BinaryWriter()
        writer.opcode(.refFunc)
        writer.u32(index)
        writer.opcode(.end)
        return ConstantExpression(bytes: writer.bytes[...])
    }

    /// The index, if the expression is just a reference to a function.
    package var functionReference: UInt32? {
        var reader = BinaryReader(bytes)
        guard (try? reader.byte()) == 0xd2, let index = try? reader.u32(), reader.remaining == 1 else { return nil }
        return index
    }

    /// A Boolean value that tells whether the expression is just a null reference.
    var isNullReference: Bool { bytes.first == 0xd0 }

    /// Calculates the value, if it consists of numbers only.
    ///
    /// - Parameter global: the value of a global that the expression reads; nil if it is not known.
    /// - Returns: nil for references and for what depends on an unknown global.
    package func evaluate(global: (UInt32) -> CoreConstant?) -> CoreConstant? {
        var reader = BinaryReader(bytes)
        var stack: [CoreConstant] = []
        while let code = try? reader.byte() {
            switch UInt32(code) {
            case Opcode.i32Const.rawValue:
                guard let value = try? reader.s32() else { return nil }
                stack.append(.i32(value))
            case Opcode.i64Const.rawValue:
                guard let value = try? reader.s64() else { return nil }
                stack.append(.i64(value))
            case Opcode.f32Const.rawValue:
                guard let value = try? reader.take(4) else { return nil }
                stack.append(.f32(value.reversed().reduce(0) { $0 << 8 | UInt32($1) }))
            case Opcode.f64Const.rawValue:
                guard let value = try? reader.take(8) else { return nil }
                stack.append(.f64(value.reversed().reduce(0) { $0 << 8 | UInt64($1) }))
            case 0xfd:
                guard (try? reader.u32()) == 12, let value = try? reader.take(16) else { return nil }
                stack.append(.v128(Array(value)))
            case Opcode.globalGet.rawValue:
                guard let index = try? reader.u32(), let value = global(index) else { return nil }
                stack.append(value)
            case 0x6a...0x6c, 0x7c...0x7e:
                guard let right = stack.popLast(), let left = stack.popLast(),
                    let value = Self.calculate(code, left, right)
                else { return nil }
                stack.append(value)
            case Opcode.end.rawValue:
                return reader.isAtEnd && stack.count == 1 ? stack[0] : nil
            default: return nil
            }
        }
        return nil
    }

    private static func calculate(_ code: UInt8, _ left: CoreConstant, _ right: CoreConstant) -> CoreConstant? {
        switch (code, left, right) {
        case (0x6a, .i32(let left), .i32(let right)): .i32(left &+ right)
        case (0x6b, .i32(let left), .i32(let right)): .i32(left &- right)
        case (0x6c, .i32(let left), .i32(let right)): .i32(left &* right)
        case (0x7c, .i64(let left), .i64(let right)): .i64(left &+ right)
        case (0x7d, .i64(let left), .i64(let right)): .i64(left &- right)
        case (0x7e, .i64(let left), .i64(let right)): .i64(left &* right)
        default: nil
        }
    }
}

/// A number that an expression can yield; floating-point numbers by their bits.
package enum CoreConstant: Hashable, Sendable {
    /// A 32-bit integer.
    case i32(Int32)
    /// A 64-bit integer.
    case i64(Int64)
    /// The bits of a 32-bit floating-point number.
    case f32(UInt32)
    /// The bits of a 64-bit floating-point number.
    case f64(UInt64)
    /// The 16 bytes of a vector.
    case v128([UInt8])

    /// The constant as an address or size, which are unsigned.
    package var unsigned: UInt64? {
        switch self {
        case .i32(let value): UInt64(UInt32(bitPattern: value))
        case .i64(let value): UInt64(bitPattern: value)
        default: nil
        }
    }

    /// The bytes as they are stored in memory.
    package var littleEndianBytes: [UInt8] {
        switch self {
        case .i32(let value): Self.bytes(UInt32(bitPattern: value))
        case .i64(let value): Self.bytes(UInt64(bitPattern: value))
        case .f32(let bits): Self.bytes(bits)
        case .f64(let bits): Self.bytes(bits)
        case .v128(let bytes): bytes
        }
    }

    private static func bytes(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}

extension BinaryReader {
    mutating func constantExpression() throws(ComponentsError) -> ConstantExpression {
        var visitor = NullVisitor()
        var walker = InstructionReader(self)
        try walker.walk(&visitor)
        return ConstantExpression(bytes: try take(walker.position - position))
    }
}

extension BinaryWriter {
    package mutating func constant(_ constant: CoreConstant) {
        switch constant {
        case .i32(let value):
            opcode(.i32Const)
            signed(Int64(value))
        case .i64(let value):
            opcode(.i64Const)
            signed(value)
        case .f32:
            opcode(.f32Const)
            append(constant.littleEndianBytes)
        case .f64:
            opcode(.f64Const)
            append(constant.littleEndianBytes)
        case .v128(let bytes):
            opcode(.v128Const)
            append(bytes)
        }
    }
}
