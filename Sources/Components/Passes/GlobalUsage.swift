// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Which functions read and write which globals, and which of them only run at the start.
struct GlobalUsage {
    /// The functions that write each global.
    private(set) var writers: [UInt32: Set<UInt32>] = [:]
    private var readers: [UInt32: Set<UInt32>] = [:]
    private var accesses: [UInt32: Int] = [:]
    private var callees: [UInt32: Set<UInt32>] = [:]
    /// Functions that can run after the start.
    private var lasting: Set<UInt32> = []

    init(of linked: LinkedComponent) throws(ComponentsError) {
        let core = linked.core
        for (number, function) in core.functions.enumerated() {
            guard case .defined(let body) = function.origin else { continue }
            var visitor = UsageVisitor()
            try InstructionReader.walkBody(body, &visitor)
            for index in visitor.written { writers[index, default: []].insert(UInt32(number)) }
            for index in visitor.read { readers[index, default: []].insert(UInt32(number)) }
            for (index, count) in visitor.accesses { accesses[index, default: 0] += count }
            if core.start != nil { callees[UInt32(number)] = visitor.called }
        }
        if core.start != nil { try findLastingFunctions(linked) }
    }

    /// Follows calls from everything that can be called later: what the component uses, what is in tables, and
    /// functions of which code takes references.
    private mutating func findLastingFunctions(_ linked: LinkedComponent) throws(ComponentsError) {
        let core = linked.core
        var pending = Array(core.referencedFunctions)
        func note(_ reference: Component.Reference) -> UInt32 {
            if reference.sort == .core(.function) { pending.append(reference.index) }
            return reference.index
        }
        for entry in linked.entries {
            _ = try entry.definition.mapped { reference throws(ComponentsError) in note(reference) }
        }
        for (_, host) in core.hostFunctions {
            _ = try host.canonical.mapped { reference throws(ComponentsError) in note(reference) }
        }
        for segment in core.elements {
            switch segment.items {
            case .functions(let functions): pending += functions
            case .expressions(_, let expressions): pending += expressions.compactMap(\.functionReference)
            }
        }
        pending += core.globals.compactMap(\.initializer.functionReference)
        pending += core.tables.compactMap { $0.initializer?.functionReference }
        while let function = pending.popLast() {
            guard Int(function) < core.functions.count else { continue }
            let function = core.resolved(function)
            if lasting.insert(function).inserted { pending += callees[function] ?? [] }
        }
    }

    /// The functions that read or write one of some globals.
    func users(of globals: [UInt32]) -> [UInt32] {
        var result: Set<UInt32> = []
        for index in globals {
            result.formUnion(writers[index] ?? [])
            result.formUnion(readers[index] ?? [])
        }
        return result.sorted()
    }

    /// Whether nothing that runs after the start writes a global.
    func isWrittenAtStartOnly(_ global: UInt32) -> Bool {
        // Without a start function everything can run at any time.
        guard !callees.isEmpty else { return false }
        return writers[global, default: []].isDisjoint(with: lasting)
    }

    /// The stack pointer of the code.
    func stackPointer(_ globals: [LinkedModule.Global]) -> UInt32? {
        globals.indices.map { UInt32($0) }
            .filter { index in
                let global = globals[Int(index)]
                guard global.name == "__stack_pointer", let value = global.initializer.evaluate(global: { _ in nil })
                else { return false }
                return (value.unsigned ?? 0) != 0
            }
            .max { accesses[$0, default: 0] < accesses[$1, default: 0] }
    }
}

/// Notices accesses to globals and calls.
private struct UsageVisitor: InstructionVisitor {
    var written: Set<UInt32> = []
    var read: Set<UInt32> = []
    var accesses: [UInt32: Int] = [:]
    var called: Set<UInt32> = []
    private var isWriting = false

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        isWriting = opcode == .globalSet
    }

    mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError) {
        switch space {
        case .function: called.insert(index)
        case .global:
            accesses[index, default: 0] += 1
            if isWriting { written.insert(index) } else { read.insert(index) }
        default: break
        }
    }
}
