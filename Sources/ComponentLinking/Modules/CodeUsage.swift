// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// The references of each function of a linked module, and the functions that can run at all.
package struct CodeUsage {
    /// The indices that a function refers to, each once.
    struct References {
        var functions: Set<UInt32> = []
        var tables: Set<UInt32> = []
        var elements: Set<UInt32> = []
        var globalsRead: Set<UInt32> = []
        var globalsWritten: Set<UInt32> = []
    }

    /// The references of each defined function by number.
    private(set) var references: [UInt32: References] = [:]
    /// The functions that can run at any time: what the component uses and everything reached from there.
    private(set) var lasting = Reached()
    /// The functions that can run at the start.
    private(set) var starting = Reached()
    private var accesses: [UInt32: Int] = [:]

    /// The functions, tables and element segments that can be reached from some functions.
    struct Reached {
        fileprivate(set) var functions: Set<UInt32> = []
        fileprivate(set) var tables: Set<UInt32> = []
        fileprivate(set) var elements: Set<UInt32> = []
    }

    package init(of linked: LinkedComponent) throws(ComponentsError) {
        let core = linked.core
        for (number, function) in core.functions.enumerated() {
            guard case .defined(let body) = function.origin else { continue }
            var visitor = ReferenceVisitor()
            try InstructionReader.walkBody(body, &visitor)
            references[UInt32(number)] = visitor.references
            for (index, count) in visitor.accesses { accesses[index, default: 0] += count }
        }
        var roots: [UInt32] = []
        var tables: [UInt32] = []
        func note(_ reference: Component.Reference) -> UInt32 {
            if reference.sort == .core(.function) { roots.append(reference.index) }
            if reference.sort == .core(.table) { tables.append(reference.index) }
            return reference.index
        }
        for entry in linked.entries {
            _ = try entry.definition.mapped { reference throws(ComponentsError) in note(reference) }
        }
        for (_, host) in core.hostFunctions {
            _ = try host.canonical.mapped { reference throws(ComponentsError) in note(reference) }
        }
        roots += core.globals.compactMap(\.initializer.functionReference)
        roots += core.tables.compactMap { $0.initializer?.functionReference }
        lasting = reach(from: roots, tables: tables, in: core)
        if let start = core.start { starting = reach(from: [start], tables: [], in: core) }
    }

    private func reach(from roots: [UInt32], tables: [UInt32], in core: LinkedModule) -> Reached {
        var segments: [UInt32: [Int]] = [:]
        for (position, segment) in core.elements.enumerated() {
            if case .active(let table, _) = segment.mode { segments[table, default: []].append(position) }
        }
        var result = Reached()
        var functions = roots
        var tables = tables
        while !functions.isEmpty || !tables.isEmpty {
            while let table = tables.popLast() {
                guard result.tables.insert(table).inserted else { continue }
                for position in segments[table] ?? [] where result.elements.insert(UInt32(position)).inserted {
                    functions += core.elements[position].functions
                }
            }
            guard let function = functions.popLast(), Int(function) < core.functions.count else { continue }
            let number = core.resolved(function)
            guard result.functions.insert(number).inserted, let references = references[number] else { continue }
            functions += references.functions
            tables += references.tables
            for element in references.elements where Int(element) < core.elements.count {
                if result.elements.insert(element).inserted { functions += core.elements[Int(element)].functions }
            }
        }
        return result
    }

    /// Finds the functions that can be reached from some, or from a table, whoever calls that.
    func reached(from roots: [UInt32], in core: LinkedModule) -> Set<UInt32> {
        reach(from: roots, tables: core.tables.indices.map { UInt32($0) }, in: core).functions
    }

    /// Returns whether a function can run at all.
    func canRun(_ function: UInt32) -> Bool {
        lasting.functions.contains(function) || starting.functions.contains(function)
    }

    /// The functions that write each global.
    var writers: [UInt32: [UInt32]] {
        var result: [UInt32: [UInt32]] = [:]
        for (function, references) in references {
            for global in references.globalsWritten { result[global, default: []].append(function) }
        }
        return result
    }

    /// The functions that read or write one of some globals.
    func users(of globals: Set<UInt32>) -> [UInt32] {
        references.filter { _, references in
            !references.globalsRead.isDisjoint(with: globals) || !references.globalsWritten.isDisjoint(with: globals)
        }
        .keys.sorted()
    }

    /// The stack pointer of the code.
    package func stackPointer(_ globals: [LinkedModule.Global]) -> UInt32? {
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

extension CoreModule.ElementSegment {
    /// The functions in the segment.
    fileprivate var functions: [UInt32] {
        switch items {
        case .functions(let functions): functions
        case .expressions(_, let expressions): expressions.compactMap(\.functionReference)
        }
    }
}

/// Collects what a function refers to.
private struct ReferenceVisitor: InstructionVisitor {
    var references = CodeUsage.References()
    var accesses: [UInt32: Int] = [:]
    private var isWriting = false

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        isWriting = opcode == .globalSet || (0xfe_0050...0xfe_0057).contains(opcode.rawValue)
    }

    mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError) {
        switch space {
        case .function: references.functions.insert(index)
        case .table: references.tables.insert(index)
        case .element: references.elements.insert(index)
        case .global:
            accesses[index, default: 0] += 1
            if isWriting { references.globalsWritten.insert(index) } else { references.globalsRead.insert(index) }
        case .type, .memory, .tag, .data: break
        }
    }
}
