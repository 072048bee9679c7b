// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// The allocator of a WASI provider, for what the engine passes in and out of it.
///
/// Calls to a provider never overlap, so everything that one of them allocates goes when it has returned: the start is
/// where the next call begins again. Memory comes in chunks, each at least twice as large as the last, which is given
/// up for it.
struct ProviderAllocator {
    /// The `realloc` of the canonical ABI.
    let realloc: UInt32
    private var postReturns: [[CoreValueType]: UInt32] = [:]

    /// Words in the first page of the memory; the rest of it is the first chunk.
    private enum Cell {
        static let top: UInt32 = 16
        static let limit: UInt32 = 20
        static let start: UInt32 = 24
        static let pages: UInt32 = 28
        static let end: UInt32 = 32
    }

    /// Adds the allocator to a module whose first page of memory is its own.
    init(addingTo core: inout LinkedModule) {
        var cells = LittleEndianWriter()
        for value in [Cell.end, 65_536, Cell.end, 1] { cells.u32(value) }
        let mode = CoreModule.DataSegment.Mode.active(memory: 0, offset: .i32(Int32(Cell.top)))
        core.data.append(CoreModule.DataSegment(mode: mode, bytes: cells.bytes[...]))
        var code = CodeWriter(parameterCount: 4)
        let (old, oldSize, alignment, size) = (0, 1, 2, 3)
        let address = code.addLocal()
        let needed = code.addLocal()
        let pages = code.addLocal()
        let grown = code.addLocal()
        // The top, rounded up.
        Self.load(Cell.top, &code)
        code.get(alignment)
        code.op(.i32Add)
        code.constant(1)
        code.op(.i32Subtract)
        code.constant(0)
        code.get(alignment)
        code.op(.i32Subtract)
        code.op(.i32And)
        code.set(address)
        code.get(address)
        code.op(.i64ExtendI32Unsigned)
        code.get(size)
        code.op(.i64ExtendI32Unsigned)
        code.op(.i64Add)
        Self.load(Cell.limit, &code)
        code.op(.i64ExtendI32Unsigned)
        code.op(.i64GreaterUnsigned)
        code.begin(.if)
        do {
            code.get(size)
            code.op(.i64ExtendI32Unsigned)
            code.constant64(65_535)
            code.op(.i64Add)
            code.constant64(16)
            code.op(.i64ShiftRightUnsigned)
            code.op(.i32WrapI64)
            code.set(needed)
            let beginIfGrowingFails = { (code: inout CodeWriter) in
                code.get(pages)
                code.op(.memoryGrow, 0)
                code.set(grown)
                code.get(grown)
                code.constant(.max)
                code.op(.i32Eq)
                code.begin(.if)
            }
            // Twice the last chunk if there is room for that, else just enough.
            Self.load(Cell.pages, &code)
            code.constant(1)
            code.op(.i32ShiftLeft)
            code.set(pages)
            code.get(pages)
            code.get(needed)
            code.get(pages)
            code.get(needed)
            code.op(.i32GreaterOrEqualUnsigned)
            code.op(.select)
            code.set(pages)
            beginIfGrowingFails(&code)
            code.get(needed)
            code.set(pages)
            beginIfGrowingFails(&code)
            code.op(.unreachable)
            code.end()
            code.end()
            code.get(grown)
            code.constant(16)
            code.op(.i32ShiftLeft)
            code.set(address)
            Self.store(Cell.pages, &code) { $0.get(pages) }
            Self.store(Cell.start, &code) { $0.get(address) }
            Self.store(Cell.limit, &code) {
                $0.get(grown)
                $0.get(pages)
                $0.op(.i32Add)
                $0.constant(16)
                $0.op(.i32ShiftLeft)
            }
        }
        code.end()
        Self.store(Cell.top, &code) {
            $0.get(address)
            $0.get(size)
            $0.op(.i32Add)
        }
        code.get(old)
        code.begin(.if)
        code.get(address)
        code.get(old)
        for local in [oldSize, size, oldSize, size] { code.get(local) }
        code.op(.i32LessUnsigned)
        code.op(.select)
        code.op(.memoryCopy, 0, 0)
        code.end()
        code.get(address)
        let type = CoreFunctionType(parameters: [.i32, .i32, .i32, .i32], results: [.i32])
        realloc = core.addFunction(type, body: code.body(), name: "cabi_realloc")
    }

    /// The function that frees everything once the results of a call were read.
    mutating func postReturn(of results: [CoreValueType], in core: inout LinkedModule) -> UInt32 {
        if let known = postReturns[results] { return known }
        var code = CodeWriter(parameterCount: results.count)
        Self.store(Cell.top, &code) { Self.load(Cell.start, &$0) }
        let type = CoreFunctionType(parameters: results)
        let function = core.addFunction(type, body: code.body(), name: "cabi_post")
        postReturns[results] = function
        return function
    }

    private static func load(_ cell: UInt32, _ code: inout CodeWriter) {
        code.constant(0)
        code.memory(.i32Load, offset: cell)
    }

    private static func store(_ cell: UInt32, _ code: inout CodeWriter, _ value: (inout CodeWriter) -> Void) {
        code.constant(0)
        value(&code)
        code.memory(.i32Store, offset: cell)
    }
}
