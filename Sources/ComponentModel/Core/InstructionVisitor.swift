// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An index space of a core module that instructions refer to.
package enum CoreIndexSpace: Hashable, Sendable, CaseIterable {
    /// Types.
    case type
    /// Functions.
    case function
    /// Tables.
    case table
    /// Memories.
    case memory
    /// Globals.
    case global
    /// Exception tags.
    case tag
    /// Data segments.
    case data
    /// Element segments.
    case element
}

/// A type that looks at the instructions of a function body as an ``InstructionReader`` walks it.
///
/// A conforming type sees every index that refers to something of the module, with the place of its encoding, so that it
/// can be replaced. Labels, locals and fields are inside the function or type and are not shown.
package protocol InstructionVisitor {
    /// An instruction begins at an offset; its immediates follow in other calls.
    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError)

    /// The instruction refers to an index, encoded in `range`; as a signed number in block types and heap types.
    mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError)

    /// The instruction accesses a memory; `range` holds the encoding of its flags and of the memory's index if given.
    mutating func memoryArgument(flags: UInt32, memory: UInt32, at range: Range<Int>) throws(ComponentsError)

    /// The instruction, or a declaration of locals before them, names an abstract heap type, such as 0x69 for exceptions, with
    /// the byte at an offset.
    mutating func abstractHeapType(_ code: UInt8, at offset: Int) throws(ComponentsError)

    /// The instruction ends before an offset.
    mutating func endOfInstruction(at offset: Int) throws(ComponentsError)
}

extension InstructionVisitor {
    /// Does nothing.
    package mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {}

    /// Does nothing.
    package mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError) {}

    /// Does nothing.
    package mutating func memoryArgument(flags: UInt32, memory: UInt32, at range: Range<Int>) throws(ComponentsError) {}

    /// Does nothing.
    package mutating func abstractHeapType(_ code: UInt8, at offset: Int) throws(ComponentsError) {}

    /// Does nothing.
    package mutating func endOfInstruction(at offset: Int) throws(ComponentsError) {}
}

/// Only walks.
struct NullVisitor: InstructionVisitor {}
