// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Walks over instructions without building objects for them.
///
/// It knows the immediates of every instruction of WebAssembly 3.0 and of the proposals that engines have behind flags
/// (threads, stack switching, wide arithmetic, legacy exceptions); it does not check types.
/// See the specification of [instructions](https://webassembly.github.io/spec/core/binary/instructions.html).
package struct InstructionReader: Sendable {
    private var reader: BinaryReader
    private var depth = 1

    /// Starts at the first instruction of an expression.
    package init(_ bytes: ArraySlice<UInt8>) {
        reader = BinaryReader(bytes)
    }

    init(_ reader: BinaryReader) {
        self.reader = reader
    }

    /// The index of the next instruction's first byte.
    package var position: Int { reader.position }

    /// Walks a whole function body: its locals, then its instructions up to the last byte.
    package static func walkBody(
        _ body: ArraySlice<UInt8>,
        _ visitor: inout some InstructionVisitor
    ) throws(ComponentsError) {
        var walker = InstructionReader(body)
        try walker.locals(&visitor)
        try walker.walk(&visitor)
        try walker.reader.expectEnd(of: "a function body")
    }

    /// Returns the index behind the block type that begins a slice.
    package static func endOfBlockType(_ bytes: ArraySlice<UInt8>) throws(ComponentsError) -> Int {
        var walker = InstructionReader(bytes)
        var visitor = NullVisitor()
        try walker.blockType(&visitor)
        return walker.position
    }

    /// Reads the declarations of locals that precede a function's instructions.
    mutating func locals(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        let groups = try reader.count(of: "groups of locals")
        var total: UInt64 = 0
        for _ in 0..<groups {
            total += UInt64(try reader.u32())
            guard total <= 50_000 else { throw reader.malformed("a function has more than 50000 locals") }
            try valueType(&visitor)
        }
    }

    /// Walks to the end of the expression.
    package mutating func walk(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        while depth > 0 { try next(&visitor) }
    }

    /// Passes over one instruction.
    mutating func next(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        let start = reader.position
        let code = try reader.byte()
        switch code {
        case 0xfb...0xfe:
            let second = try reader.u32()
            guard second <= 0xffff else { throw unknown(code, second, start) }
            try visitor.instruction(Opcode(prefix: code, code: second), at: start)
            switch code {
            case 0xfb: try garbageCollection(second, start, &visitor)
            case 0xfc: try bulk(second, start, &visitor)
            case 0xfd: try vector(second, start, &visitor)
            default: try atomic(second, start, &visitor)
            }
        default:
            try visitor.instruction(Opcode(rawValue: UInt32(code)), at: start)
            try plain(code, start, &visitor)
        }
        try visitor.endOfInstruction(at: reader.position)
    }

    private func unknown(_ prefix: UInt8, _ code: UInt32, _ offset: Int) -> ComponentsError {
        ComponentsError(.unsupported, "unknown instruction 0x\(hex: prefix) \(code)", offset: offset)
    }

    private mutating func plain(
        _ code: UInt8,
        _ start: Int,
        _ visitor: inout some InstructionVisitor
    ) throws(ComponentsError) {
        switch code {
        case 0x45...0xc4, 0x00, 0x01, 0x05, 0x0a, 0x0f, 0x19, 0x1a, 0x1b, 0xd1, 0xd3, 0xd4: return
        case 0x0c, 0x0d, 0x09, 0x20, 0x21, 0x22, 0xd5, 0xd6: try reader.skipNumber(maximum: 5)
        case 0x41: _ = try reader.s32()
        case 0x42: _ = try reader.s64()
        case 0x43: try reader.skip(4)
        case 0x44: try reader.skip(8)
        case 0x23, 0x24: try index(.global, &visitor)
        case 0x28...0x3e: try memoryArgument(&visitor)
        case 0x10, 0x12, 0xd2: try index(.function, &visitor)
        case 0x11, 0x13:
            try index(.type, &visitor)
            try index(.table, &visitor)
        case 0x0b: depth -= 1
        case 0x02, 0x03, 0x04, 0x06:
            depth += 1
            try blockType(&visitor)
        case 0x0e: for _ in 0...(try reader.count(of: "branch targets")) { try reader.skipNumber(maximum: 5) }
        case 0x3f, 0x40: try index(.memory, &visitor)
        case 0x25, 0x26: try index(.table, &visitor)
        case 0x14, 0x15, 0xe0: try index(.type, &visitor)
        case 0x1c: for _ in 0..<(try reader.count(of: "types of a selection")) { try valueType(&visitor) }
        case 0xd0: try heapType(&visitor)
        case 0x07, 0x08, 0xe2: try index(.tag, &visitor)
        case 0x18:
            depth -= 1
            try reader.skipNumber(maximum: 5)
        case 0x1f: try tryTable(&visitor)
        case 0xe1:
            try index(.type, &visitor)
            try index(.type, &visitor)
        case 0xe3, 0xe5:
            try index(.type, &visitor)
            try resumeTable(&visitor)
        case 0xe4:
            try index(.type, &visitor)
            try index(.tag, &visitor)
            try resumeTable(&visitor)
        case 0xe6:
            try index(.type, &visitor)
            try index(.tag, &visitor)
        default:
            throw ComponentsError(.unsupported, "unknown instruction 0x\(hex: code)", offset: start)
        }
        guard depth > 0 || code == 0x0b else {
            throw ComponentsError(.malformed, "a block ends that never began", offset: start)
        }
    }

    // MARK: - Immediates

    private mutating func index(
        _ space: CoreIndexSpace,
        _ visitor: inout some InstructionVisitor
    ) throws(ComponentsError) {
        let start = reader.position
        let value = try reader.u32()
        try visitor.index(value, in: space, at: start..<reader.position, isSigned: false)
    }

    private mutating func memoryArgument(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        let start = reader.position
        let flags = try reader.u32()
        guard flags < 0x80 else { throw reader.malformed("an alignment is too large", at: start) }
        let memory = flags & 0x40 == 0 ? 0 : try reader.u32()
        try visitor.memoryArgument(flags: flags, memory: memory, at: start..<reader.position)
        try reader.skipNumber(maximum: 10)
    }

    private mutating func blockType(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        switch try reader.peek() {
        case 0x40: try reader.skip(1)
        case 0x63...0x7f: try valueType(&visitor)
        default: try signedTypeIndex(&visitor)
        }
    }

    private mutating func signedTypeIndex(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        let start = reader.position
        guard let value = UInt32(exactly: try reader.s33()) else {
            throw reader.malformed("this is no type", at: start)
        }
        try visitor.index(value, in: .type, at: start..<reader.position, isSigned: true)
    }

    private mutating func valueType(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        switch try reader.peek() {
        case 0x63, 0x64:
            try reader.skip(1)
            try heapType(&visitor)
        case 0x68...0x75: try abstractHeapType(&visitor)
        default: _ = try reader.coreValueType()
        }
    }

    private mutating func abstractHeapType(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        let start = reader.position
        try visitor.abstractHeapType(try reader.byte(), at: start)
    }

    private mutating func heapType(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        switch try reader.peek() {
        case 0x65: _ = try reader.heapType()
        case 0x68...0x75: try abstractHeapType(&visitor)
        default: try signedTypeIndex(&visitor)
        }
    }

    private mutating func tryTable(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        depth += 1
        try blockType(&visitor)
        for _ in 0..<(try reader.count(of: "catch clauses")) {
            switch try reader.byte() {
            case 0, 1: try index(.tag, &visitor)
            case 2, 3: break
            case let other: throw reader.malformed("0x\(hex: other) is no catch clause", at: reader.position - 1)
            }
            try reader.skipNumber(maximum: 5)
        }
    }

    private mutating func resumeTable(_ visitor: inout some InstructionVisitor) throws(ComponentsError) {
        for _ in 0..<(try reader.count(of: "resume clauses")) {
            switch try reader.byte() {
            case 0:
                try index(.tag, &visitor)
                try reader.skipNumber(maximum: 5)
            case 1: try index(.tag, &visitor)
            case let other: throw reader.malformed("0x\(hex: other) is no resume clause", at: reader.position - 1)
            }
        }
    }

    // MARK: - Prefixed instructions

    private mutating func garbageCollection(
        _ code: UInt32,
        _ start: Int,
        _ visitor: inout some InstructionVisitor
    ) throws(ComponentsError) {
        switch code {
        case 0x00, 0x01, 0x06, 0x07, 0x0b...0x0e, 0x10: try index(.type, &visitor)
        case 0x02...0x05, 0x08:
            try index(.type, &visitor)
            try reader.skipNumber(maximum: 5)
        case 0x09, 0x12:
            try index(.type, &visitor)
            try index(.data, &visitor)
        case 0x0a, 0x13:
            try index(.type, &visitor)
            try index(.element, &visitor)
        case 0x11:
            try index(.type, &visitor)
            try index(.type, &visitor)
        case 0x14...0x17: try heapType(&visitor)
        case 0x18, 0x19:
            try reader.skip(1)
            try reader.skipNumber(maximum: 5)
            try heapType(&visitor)
            try heapType(&visitor)
        case 0x0f, 0x1a...0x1e: return
        default: throw unknown(0xfb, code, start)
        }
    }

    private mutating func bulk(
        _ code: UInt32,
        _ start: Int,
        _ visitor: inout some InstructionVisitor
    ) throws(ComponentsError) {
        switch code {
        case 0...7, 0x13...0x16: return
        case 8:
            try index(.data, &visitor)
            try index(.memory, &visitor)
        case 9: try index(.data, &visitor)
        case 10:
            try index(.memory, &visitor)
            try index(.memory, &visitor)
        case 11, 18: try index(.memory, &visitor)
        case 12:
            try index(.element, &visitor)
            try index(.table, &visitor)
        case 13: try index(.element, &visitor)
        case 14:
            try index(.table, &visitor)
            try index(.table, &visitor)
        case 15...17: try index(.table, &visitor)
        default: throw unknown(0xfc, code, start)
        }
    }

    private mutating func vector(
        _ code: UInt32,
        _ start: Int,
        _ visitor: inout some InstructionVisitor
    ) throws(ComponentsError) {
        switch code {
        case 0x00...0x0b, 0x5c, 0x5d: try memoryArgument(&visitor)
        case 0x54...0x5b:
            try memoryArgument(&visitor)
            try reader.skip(1)
        case 0x0c, 0x0d: try reader.skip(16)
        case 0x15...0x22: try reader.skip(1)
        case 0...0x113: return
        default: throw unknown(0xfd, code, start)
        }
    }

    private mutating func atomic(
        _ code: UInt32,
        _ start: Int,
        _ visitor: inout some InstructionVisitor
    ) throws(ComponentsError) {
        switch code {
        case 0...2, 0x10...0x4e: return try memoryArgument(&visitor)
        case 3: return try reader.skip(1)
        case 0x72: return
        case 0x4f...0x71: try reader.skipNumber(maximum: 5)
        default: throw unknown(0xfe, code, start)
        }
        // The shared-everything instructions have a memory ordering, then what they access.
        switch code {
        case 0x4f...0x57: try index(.global, &visitor)
        case 0x58...0x5b: try index(.table, &visitor)
        case 0x5c...0x66:
            try index(.type, &visitor)
            try reader.skipNumber(maximum: 5)
        default: try index(.type, &visitor)
        }
    }
}
