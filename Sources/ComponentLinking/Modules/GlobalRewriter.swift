// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Replaces accesses to globals by accesses to memory.
struct GlobalRewriter: InstructionVisitor {
    /// The memory cells to which globals were moved.
    struct Cells {
        let addresses: [UInt32: UInt64]
        let types: [CoreValueType]
        let is64Bit: Bool
    }

    private let source: ArraySlice<UInt8>
    private let cells: Cells
    /// The index of the local that holds a value of a type while its address is pushed below it.
    private var scratch: [CoreValueType: UInt32] = [:]
    private var scratchTypes: [CoreValueType] = []
    private var nextLocal: UInt32
    private var writer = BinaryWriter()
    private var copied: Int
    private var start = 0
    private var isWriting = false

    /// Rewrites a function body whose function has a number of parameters.
    static func rewrite(
        _ body: ArraySlice<UInt8>,
        parameters: Int,
        _ cells: Cells
    ) throws(ComponentsError) -> ArraySlice<UInt8> {
        var reader = BinaryReader(body)
        let groups = try reader.u32()
        let groupStart = reader.position
        var locals = UInt32(parameters)
        for _ in 0..<groups {
            locals &+= try reader.u32()
            _ = try reader.coreValueType()
        }
        var rewriter = GlobalRewriter(source: body, cells: cells, nextLocal: locals, copied: reader.position)
        let code = body[reader.position...]
        var walker = InstructionReader(code)
        try walker.walk(&rewriter)
        rewriter.writer.append(body[rewriter.copied...])
        var result = BinaryWriter(capacity: body.count + 64)
        result.u32(groups + UInt32(rewriter.scratchTypes.count))
        result.append(body[groupStart..<reader.position])
        for type in rewriter.scratchTypes {
            result.u32(1)
            result.coreValueType(type)
        }
        result.append(rewriter.writer.bytes)
        return result.bytes[...]
    }

    private init(source: ArraySlice<UInt8>, cells: Cells, nextLocal: UInt32, copied: Int) {
        self.source = source
        self.cells = cells
        self.nextLocal = nextLocal
        self.copied = copied
    }

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        start = offset
        isWriting = opcode == .globalSet
    }

    mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError) {
        guard space == .global, let address = cells.addresses[index] else { return }
        let type = cells.types[Int(index)]
        guard let access = type.memoryAccess else {
            throw ComponentsError(.unsupported, "a global is accessed in a way that memory is not", offset: start)
        }
        writer.append(source[copied..<start])
        copied = range.upperBound
        if isWriting {
            let local = scratchLocal(for: type)
            writer.opcode(.localSet)
            writer.u32(local)
            pushBase()
            writer.opcode(.localGet)
            writer.u32(local)
            writer.opcode(access.store)
        } else {
            pushBase()
            writer.opcode(access.load)
        }
        writer.u32(access.alignment)
        writer.u64(address)
    }

    /// Pushes the address 0: where the cell is is in the offset of the access.
    private mutating func pushBase() {
        writer.constant(cells.is64Bit ? .i64(0) : .i32(0))
    }

    private mutating func scratchLocal(for type: CoreValueType) -> UInt32 {
        if let local = scratch[type] { return local }
        scratch[type] = nextLocal
        scratchTypes.append(type)
        nextLocal += 1
        return nextLocal - 1
    }
}

extension CoreValueType {
    /// The instructions that move a value of the type to and from memory.
    fileprivate var memoryAccess: (load: Opcode, store: Opcode, alignment: UInt32)? {
        switch self {
        case .i32: (.i32Load, .i32Store, 2)
        case .i64: (.i64Load, .i64Store, 3)
        case .f32: (.f32Load, .f32Store, 2)
        case .f64: (.f64Load, .f64Store, 3)
        case .v128: (.v128Load, .v128Store, 4)
        case .reference: nil
        }
    }
}
