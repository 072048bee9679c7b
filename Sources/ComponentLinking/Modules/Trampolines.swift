// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Finds functions that only pass their arguments on through a table that never changes.
///
/// Component tools tie modules together with such functions where two modules need each other: a small module offers
/// trampolines, and another one fills their table afterwards. In one module they can be passed by.
struct Trampolines {
    private let graph: LinkGraph

    /// Modules with more code than this are not looked into: they are no shims.
    private static let maximumCode = 65_536

    /// The function behind each trampoline.
    static func shortcuts(in graph: LinkGraph) -> [LinkGraph.Target: LinkGraph.Target] {
        let finder = Trampolines(graph: graph)
        var users: [LinkGraph.Target: [Int]] = [:]
        for (position, instance) in graph.instances.enumerated() {
            for table in finder.tables(of: instance, at: position) { users[table, default: []].append(position) }
        }
        var direct: [LinkGraph.Target: LinkGraph.Target] = [:]
        for (table, positions) in users {
            guard let entries = finder.entries(of: table, users: positions) else { continue }
            for position in positions { finder.addShortcuts(through: table, entries, from: position, to: &direct) }
        }
        return ends(of: direct)
    }

    /// Returns the final target of each trampoline, since it may lead to another one.
    private static func ends(
        of direct: [LinkGraph.Target: LinkGraph.Target]
    ) -> [LinkGraph.Target: LinkGraph.Target] {
        var ends: [LinkGraph.Target: LinkGraph.Target] = [:]
        for start in direct.keys where ends[start] == nil {
            var path = [start]
            var seen: Set<LinkGraph.Target> = [start]
            var target = start
            while let next = ends[target] ?? direct[target] {
                target = next
                guard seen.insert(next).inserted else { break }
                path.append(next)
            }
            // A circle of trampolines leads nowhere and is left alone.
            let isCircle = direct[target] != nil
            for passed in path where direct[passed] != nil { ends[passed] = isCircle ? passed : target }
        }
        return ends.filter { $0.key != $0.value }
    }

    private func tables(of instance: LinkGraph.ModuleInstance, at position: Int) -> [LinkGraph.Target] {
        (instance.importsByKind[.table] ?? [])
            + instance.module.tables.indices.map {
                .definition(instance: position, kind: .table, index: UInt32($0))
            }
    }

    /// Returns the entries of a table from instantiation on, or nil if they are not certain.
    private func entries(of table: LinkGraph.Target, users: [Int]) -> [UInt64: LinkGraph.Target]? {
        let modules = users.map { graph.instances[$0].module }
        guard modules.reduce(0, { $0 + $1.bodies.reduce(0) { $0 + $1.count } }) <= Self.maximumCode else { return nil }
        var entries: [UInt64: LinkGraph.Target] = [:]
        for position in users {
            let instance = graph.instances[position]
            var visitor = TableWrites()
            for body in instance.module.bodies {
                guard (try? InstructionReader.walkBody(body, &visitor)) != nil, !visitor.found else { return nil }
            }
            let functionCount = instance.module.functionTypeIndices.count
            for segment in instance.module.elements {
                guard case .active(let index, let offset) = segment.mode,
                    case .functions(let functions) = segment.items,
                    Int(index) < (instance.importsByKind[.table]?.count ?? 0) + instance.module.tables.count,
                    let first = offset.evaluate(global: { _ in nil })?.unsigned
                else { return nil }
                guard instance.target(.table, index, instance: position) == table else { continue }
                for (step, function) in functions.enumerated() {
                    guard Int(function) < functionCount else { return nil }
                    entries[first &+ UInt64(step)] = instance.target(.function, function, instance: position)
                }
            }
            // An initialiser other than null would have to be considered.
            for table in instance.module.tables where table.initializer != nil { return nil }
        }
        return entries
    }

    private func addShortcuts(
        through table: LinkGraph.Target,
        _ entries: [UInt64: LinkGraph.Target],
        from position: Int,
        to result: inout [LinkGraph.Target: LinkGraph.Target]
    ) {
        let instance = graph.instances[position]
        let module = instance.module
        for (index, body) in module.bodies.enumerated() {
            guard let type = instance.functionType(at: module.functions[index]),
                let call = Self.passedOnCall(body, type, instance),
                Int(call.table) < (instance.importsByKind[.table]?.count ?? 0) + module.tables.count,
                instance.target(.table, call.table, instance: position) == table,
                let target = entries[UInt64(call.entry)],
                type.isIndependentOfModule, functionType(of: target) == type
            else { continue }
            result[.definition(instance: position, kind: .function, index: UInt32(index))] = target
        }
    }

    private func functionType(of target: LinkGraph.Target) -> CoreFunctionType? {
        switch target {
        case .host(let host): return graph.hosts[host].type
        case .definition(let instance, _, let index):
            let instance = graph.instances[instance]
            guard Int(index) < instance.module.functions.count else { return nil }
            return instance.functionType(at: instance.module.functions[Int(index)])
        }
    }

    /// The call that is all that a function does with its arguments.
    private static func passedOnCall(
        _ body: ArraySlice<UInt8>,
        _ type: CoreFunctionType,
        _ instance: LinkGraph.ModuleInstance
    ) -> (table: UInt32, entry: UInt32)? {
        var reader = BinaryReader(body)
        guard (try? reader.u32()) == 0 else { return nil }
        for parameter in type.parameters.indices {
            guard (try? reader.byte()) == 0x20, (try? reader.u32()) == UInt32(parameter) else { return nil }
        }
        guard (try? reader.byte()) == 0x41, let entry = try? reader.s32(), entry >= 0,
            (try? reader.byte()) == 0x11, let called = try? reader.u32(), let table = try? reader.u32(),
            (try? reader.byte()) == 0x0b, reader.isAtEnd,
            instance.functionType(at: called) == type
        else { return nil }
        return (table, UInt32(entry))
    }
}

/// Notices instructions that change a table.
private struct TableWrites: InstructionVisitor {
    var found = false

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        switch opcode {
        case .tableSet, .tableInit, .tableCopy, .tableGrow, .tableFill: found = true
        default: if (0xfe_0059...0xfe_005b).contains(opcode.rawValue) { found = true }
        }
    }
}

extension CoreFunctionType {
    /// A Boolean value that tells whether it refers to no type by index, so that it means the same in every module.
    fileprivate var isIndependentOfModule: Bool {
        (parameters + results).allSatisfy {
            guard case .reference(let type) = $0, case .index = type.heapType else { return true }
            return false
        }
    }
}
