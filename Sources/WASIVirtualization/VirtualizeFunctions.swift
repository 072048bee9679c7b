// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

// The small functions that tie GuestWASI to a guest.
extension LinkedModule {
    /// Adds a function that returns a number.
    mutating func addConstant(_ value: UInt32, name: String) -> UInt32 {
        var writer = BinaryWriter()
        writer.size(0)
        writer.constant(.i32(Int32(bitPattern: value)))
        writer.opcode(.end)
        return addFunction(CoreFunctionType(results: [.i32]), body: writer.bytes[...], name: name)
    }

    /// Adds a function that grows the memory and returns the address of what was added, or -1.
    mutating func addGrowMemory() -> UInt32 {
        var writer = BinaryWriter()
        writer.size(0)
        writer.opcode(.localGet)
        writer.u32(0)
        writer.opcode(.memoryGrow)
        writer.u32(0)
        writer.opcode(.localTee)
        writer.u32(0)
        writer.constant(.i32(-1))
        writer.opcode(.i32Eq)
        writer.opcode(.if)
        writer.byte(0x7f)  // i32
        writer.constant(.i32(-1))
        writer.opcode(.else)
        writer.opcode(.localGet)
        writer.u32(0)
        writer.constant(.i32(16))
        writer.opcode(.i32ShiftLeft)
        writer.opcode(.end)
        writer.opcode(.end)
        let type = CoreFunctionType(parameters: [.i32], results: [.i32])
        return addFunction(type, body: writer.bytes[...], name: "grow-memory")
    }

    /// Adds a function that calls the allocator with a number, passing on the other four arguments; 0 without one.
    mutating func addReallocate(_ allocators: [UInt32]) -> UInt32 {
        let type = CoreFunctionType(parameters: [.i32, .i32, .i32, .i32], results: [.i32])
        var writer = BinaryWriter()
        writer.size(0)
        for (number, allocator) in allocators.enumerated() where functionType(allocator) == type {
            writer.opcode(.localGet)
            writer.u32(0)
            writer.constant(.i32(Int32(number)))
            writer.opcode(.i32Eq)
            writer.opcode(.if)
            writer.byte(0x40)  // no result
            for parameter in 1...4 {
                writer.opcode(.localGet)
                writer.size(parameter)
            }
            writer.opcode(.call)
            writer.u32(allocator)
            writer.opcode(.return)
            writer.opcode(.end)
        }
        writer.constant(.i32(0))
        writer.opcode(.end)
        let own = CoreFunctionType(parameters: [.i32, .i32, .i32, .i32, .i32], results: [.i32])
        return addFunction(own, body: writer.bytes[...], name: "reallocate")
    }

    /// Adds a function that selects an allocator while it calls another function.
    mutating func addSelecting(_ allocator: UInt32, _ select: UInt32, around target: UInt32, name: String) -> UInt32 {
        let type = functionType(target)
        var writer = BinaryWriter()
        writer.size(0)
        writer.constant(.i32(Int32(bitPattern: allocator)))
        writer.opcode(.call)
        writer.u32(select)
        for parameter in type.parameters.indices {
            writer.opcode(.localGet)
            writer.size(parameter)
        }
        writer.opcode(.call)
        writer.u32(target)
        // Most imports use the first allocator, and need no wrapper because it is selected whenever none else is.
        writer.constant(.i32(0))
        writer.opcode(.call)
        writer.u32(select)
        writer.opcode(.end)
        return addFunction(type, body: writer.bytes[...], name: name)
    }
}
