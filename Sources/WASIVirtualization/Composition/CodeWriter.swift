// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// Writes the instructions of a function, with the locals that it needs beyond its parameters.
struct CodeWriter {
    private var writer = BinaryWriter()
    private var locals: [CoreValueType] = []
    private let parameterCount: Int

    init(parameterCount: Int) {
        self.parameterCount = parameterCount
    }

    /// The number of bytes of instructions that were written so far.
    var byteCount: Int { writer.bytes.count }

    /// The locals and instructions of the function, which must be complete.
    func body() -> ArraySlice<UInt8> {
        var result = BinaryWriter()
        result.vector(locals) { writer, type in
            writer.u32(1)
            writer.coreValueType(type)
        }
        result.append(writer.bytes)
        result.opcode(.end)
        return result.bytes[...]
    }

    mutating func addLocal(_ type: CoreValueType = .i32) -> Int {
        locals.append(type)
        return parameterCount + locals.count - 1
    }

    // MARK: - Instructions

    mutating func op(_ opcode: Opcode) { writer.opcode(opcode) }

    mutating func op(_ opcode: Opcode, _ operands: UInt32...) {
        writer.opcode(opcode)
        for operand in operands { writer.u32(operand) }
    }

    mutating func get(_ local: Int) { op(.localGet, UInt32(local)) }

    mutating func set(_ local: Int) { op(.localSet, UInt32(local)) }

    mutating func constant(_ value: UInt32) { writer.constant(.i32(Int32(bitPattern: value))) }

    mutating func constant64(_ value: Int64) { writer.constant(.i64(value)) }

    mutating func call(_ function: UInt32) { op(.call, function) }

    /// Loads from or stores to an address on the stack, `offset` bytes further on.
    mutating func memory(_ opcode: Opcode, offset: UInt32 = 0) { op(opcode, 0, offset) }

    /// Begins a block without a result.
    mutating func begin(_ opcode: Opcode) {
        writer.opcode(opcode)
        writer.byte(0x40)
    }

    mutating func end() { op(.end) }
}
