// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension LinkedComponent {
    /// The result of moving the mutable globals of a component.
    package struct MovedGlobals: Hashable, Sendable {
        /// The address of the cell that each moved global now is, by the global's index.
        package var cells: [UInt32: UInt64] = [:]
        /// Globals that were declared mutable though nothing that can run writes them; they are constants now.
        package var constants: [UInt32] = []
        /// Globals that stay: the stack pointer, and those that only start functions write.
        package var kept: [UInt32] = []
    }

    /// Turns the globals that carry state into cells of the memory, so that a copy of the memory is a copy of the state.
    ///
    /// A mutable global stays a global if
    /// - nothing writes it, or only functions that can never run, as is left over of code that ran when the component was
    ///   made: it is made immutable, and such functions are emptied;
    /// - it is the stack pointer: named `__stack_pointer`, with a first value other than 0, and used the most if there
    ///   are several. Between calls it always has its first value;
    /// - only functions write it that are reached from the start function alone: then every new instance writes it
    ///   again.
    ///
    /// All others move. The cells are in pages added behind the memory's initial size; nothing else moves. A guest whose
    /// allocator takes everything behind its own data for free memory the first time it runs, without looking at the
    /// size that it was linked with, would overwrite them; wasi-libc, dlmalloc and what grows memory on demand do not.
    ///
    /// - Returns: what became of the globals.
    /// - Throws: an error of the code `notLinkable` if state is in a global that cannot be stored in memory, because it
    ///   is a reference, or if there is no memory.
    @discardableResult
    package mutating func moveGlobalsToMemory() throws(ComponentsError) -> MovedGlobals {
        var result = MovedGlobals()
        guard core.globals.contains(where: \.type.isMutable) else { return result }
        let usage = try CodeUsage(of: self)
        let writers = usage.writers
        let stackPointer = usage.stackPointer(core.globals)
        var moving: Set<UInt32> = []
        for (position, global) in core.globals.enumerated() where global.type.isMutable {
            let index = UInt32(position)
            let active = (writers[index] ?? []).filter(usage.canRun)
            if active.isEmpty {
                for function in writers[index] ?? [] {
                    core.functions[Int(function)].origin = .defined([0, 0x00, 0x0b])
                }
                core.globals[position].type.isMutable = false
                result.constants.append(index)
            } else if index == stackPointer || active.allSatisfy({ !usage.lasting.functions.contains($0) }) {
                result.kept.append(index)
            } else {
                moving.insert(index)
            }
        }
        guard !moving.isEmpty else { return result }
        result.cells = try addCells(for: moving.sorted())
        let rewriting = GlobalRewriter.Cells(
            addresses: result.cells,
            types: core.globals.map(\.type.value),
            is64Bit: core.memories[0].is64Bit
        )
        for function in usage.users(of: moving) {
            guard usage.canRun(function), case .defined(let body) = core.functions[Int(function)].origin else {
                continue
            }
            let parameters = core.functionType(function).parameters.count
            core.functions[Int(function)].origin = .defined(
                try GlobalRewriter.rewrite(body, parameters: parameters, rewriting)
            )
        }
        return result
    }

    /// Adds pages with a cell for each global, and a data segment with the first values.
    private mutating func addCells(for globals: [UInt32]) throws(ComponentsError) -> [UInt32: UInt64] {
        guard let memory = core.memories.first else {
            throw ComponentsError(.notLinkable, "there is no memory to move the globals into")
        }
        let base = initialMemorySize
        var cells: [UInt32: UInt64] = [:]
        var content: [UInt8] = []
        for index in globals {
            let global = core.globals[Int(index)]
            guard let value = global.initializer.evaluate(global: { core.constant(ofGlobal: $0) }) else {
                throw ComponentsError(
                    .notLinkable,
                    "the global \(global.name ?? "\(index)") carries state that cannot be stored in memory"
                )
            }
            // Vectors are the largest; cells of one size keep every one of them aligned.
            cells[index] = base + UInt64(content.count)
            let bytes = value.littleEndianBytes
            content += bytes + [UInt8](repeating: 0, count: 16 - bytes.count)
        }
        try core.growMemory(byBytes: UInt64(content.count))
        if content.contains(where: { $0 != 0 }) {
            let offset: ConstantExpression =
                memory.is64Bit
                ? .i64(Int64(bitPattern: base)) : .i32(Int32(truncatingIfNeeded: base))
            core.data.append(
                CoreModule.DataSegment(mode: .active(memory: 0, offset: offset), bytes: content[...])
            )
        }
        return cells
    }
}

extension LinkedModule {
    /// Adds pages to the memory's initial size, and returns the address of the first.
    ///
    /// - Returns: the size that the memory had before, in bytes.
    /// - Throws: an error of the code `notLinkable` if there is no memory or it cannot be so large.
    @discardableResult
    package mutating func growMemory(byBytes count: UInt64) throws(ComponentsError) -> UInt64 {
        guard let memory = memories.first else { throw ComponentsError(.notLinkable, "there is no memory to grow") }
        let pages = count / memory.pageSize + (count % memory.pageSize == 0 ? 0 : 1)
        let (size, overflow) = memory.minimum.addingReportingOverflow(pages)
        let (bytes, bytesOverflow) = size.multipliedReportingOverflow(by: memory.pageSize)
        guard !overflow, !bytesOverflow, memory.is64Bit || bytes <= 1 << 32 else {
            throw ComponentsError(.notLinkable, "the memory cannot grow by \(count) bytes")
        }
        memories[0].minimum = size
        // What is added is not the guest's, so its own limit stays as far away as it was.
        if let maximum = memory.maximum {
            let limit = UInt64(1) << (memory.is64Bit ? 48 : 32) / memory.pageSize
            memories[0].maximum = max(size, min(maximum.addingReportingOverflow(pages).partialValue, limit))
        }
        return memory.minimum * memory.pageSize
    }
}
