// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension LinkedComponent {
    /// Drops functions that nothing can call, and what is in tables that nothing looks into.
    ///
    /// Numbers of functions stay what they are; what is dropped is no longer found among the symbols. Make this the last
    /// edit: a function can only be exported or used as a replacement while it is there.
    ///
    /// - Returns: how many functions were dropped, imported ones included.
    /// - Throws: an error if the code is malformed.
    @discardableResult
    public mutating func removeUnusedCode() throws(ComponentsError) -> Int {
        let usage = try CodeUsage(of: self)
        var removed = 0
        for number in core.functions.indices {
            switch core.functions[number].origin {
            case .replaced, .removed: continue
            case .host, .defined:
                guard !usage.canRun(UInt32(number)) else { continue }
                core.functions[number].origin = .removed
                core.functions[number].name = nil
                removed += 1
            }
        }
        let core = core
        self.core.referencedFunctions = core.referencedFunctions.filter { usage.canRun(core.resolved($0)) }
        self.core.symbols = core.symbols.filter { $0.kind != .function || usage.canRun(core.resolved($0.index)) }
        removeUnusedElements(usage)
        if !usage.references.contains(where: { usage.canRun($0.key) && $0.value.usesData }) {
            self.core.declaresDataCount = false
        }
        return removed
    }

    private mutating func removeUnusedElements(_ usage: CodeUsage) {
        let used = usage.lasting.elements.union(usage.starting.elements)
        let named = usage.references.contains { usage.canRun($0.key) && !$0.value.elements.isEmpty }
        var kept: [CoreModule.ElementSegment] = []
        for (position, segment) in core.elements.enumerated() {
            if used.contains(UInt32(position)) {
                kept.append(segment)
            } else if named {
                // Code names segments by position, so an empty one keeps the place.
                kept.append(CoreModule.ElementSegment(mode: .declared, items: .functions([])))
            }
        }
        core.elements = kept
        let tables = usage.lasting.tables.union(usage.starting.tables)
        for index in core.tables.indices where !tables.contains(UInt32(index)) {
            guard core.tables[index].type.element.isNullable else { continue }
            core.tables[index].initializer = nil
            core.tables[index].type.limits = CoreLimits(
                minimum: 0,
                maximum: 0,
                is64Bit: core.tables[index].type.limits.is64Bit
            )
        }
    }
}
