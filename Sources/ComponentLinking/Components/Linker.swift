// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension LinkedComponent {
    /// Links all core modules of a component into one.
    ///
    /// Calls between modules become direct calls, and so do calls through the tables with which modules are tied
    /// together after the fact. What the engine provides remains an import. Start functions run in the order of
    /// instantiation; where one could see memory or tables before a later module fills them, that order is kept, too.
    ///
    /// - Throws: an error of the code `notLinkable` with all reasons if the component cannot be linked, and one of the
    ///   code `invalid` if it is not valid in the first place.
    package init(linking component: Component) throws(ComponentsError) {
        var linker = Linker(try LinkGraph(component))
        self = try linker.link()
    }
}

/// Puts the modules of a ``LinkGraph`` together.
private struct Linker {
    private let graph: LinkGraph
    private var core = LinkedModule()
    /// The number of each host function that is used.
    private var hostNumbers: [Int: UInt32] = [:]
    /// The number of the first thing of a kind that each instance defines.
    private var firstNumbers: [[CoreExternKind: UInt32]] = []
    /// Functions to use instead of trampolines.
    private var shortcuts: [LinkGraph.Target: LinkGraph.Target] = [:]
    private var startSteps: [LinkedModule.StartStep] = []

    init(_ graph: LinkGraph) {
        self.graph = graph
    }

    mutating func link() throws(ComponentsError) -> LinkedComponent {
        shortcuts = Trampolines.shortcuts(in: graph)
        try numberHosts()
        numberDefinitions()
        for (position, instance) in graph.instances.enumerated() { try merge(instance, at: position) }
        try composeStart()
        var entries = graph.entries
        for index in entries.indices {
            entries[index].definition = try entries[index].definition.mapped { reference throws(ComponentsError) in
                try number(of: reference)
            }
        }
        for (index, number) in hostNumbers {
            guard case .host(var host) = core.functions[Int(number)].origin else { continue }
            host.canonical = try graph.hosts[index].canonical.mapped { reference throws(ComponentsError) in
                try self.number(of: reference)
            }
            core.functions[Int(number)].origin = .host(host)
        }
        return LinkedComponent(
            core: core,
            entries: entries,
            customSections: graph.customSections,
            nextIdentity: graph.counts
        )
    }

    // MARK: - Numbers

    /// Host functions come first, as they do in the encoded module: then linked code needs no second rewrite.
    private mutating func numberHosts() throws(ComponentsError) {
        var used: Set<Int> = []
        for instance in graph.instances {
            for target in instance.imports {
                if case .host(let host) = shortcuts[target] ?? target { used.insert(host) }
                if case .host(let host) = target { used.insert(host) }
            }
        }
        for host in used.sorted() {
            let source = graph.hosts[host]
            guard let type = source.type else {
                throw ComponentsError(.notLinkable, "the type of the host function \(source.name) is not known")
            }
            let function = LinkedModule.HostFunction(
                interface: source.interface,
                name: source.name,
                canonical: source.canonical
            )
            hostNumbers[host] = core.addHostFunction(function, type: type)
        }
    }

    private mutating func numberDefinitions() {
        var next: [CoreExternKind: UInt32] = [.function: UInt32(core.functions.count)]
        for instance in graph.instances {
            firstNumbers.append(next)
            next[.function, default: 0] += UInt32(instance.module.functions.count)
            next[.table, default: 0] += UInt32(instance.module.tables.count)
            next[.memory, default: 0] += UInt32(instance.module.memories.count)
            next[.global, default: 0] += UInt32(instance.module.globals.count)
            next[.tag, default: 0] += UInt32(instance.module.tags.count)
        }
    }

    private func number(of target: LinkGraph.Target) throws(ComponentsError) -> UInt32 {
        switch shortcuts[target] ?? target {
        case .host(let host):
            guard let number = hostNumbers[host] else {
                throw ComponentsError(.notLinkable, "the host function \(graph.hosts[host].name) is lifted again")
            }
            return number
        case .definition(let instance, let kind, let index):
            return (firstNumbers[instance][kind] ?? 0) + index
        }
    }

    /// The number of a core definition; other references stay as they are.
    private func number(of reference: Component.Reference) throws(ComponentsError) -> UInt32 {
        guard case .core(let sort) = reference.sort, sort != .type else { return reference.index }
        return try number(of: try graph.resolve(sort, reference.index))
    }

    // MARK: - Merging

    private mutating func merge(_ instance: LinkGraph.ModuleInstance, at position: Int) throws(ComponentsError) {
        var numbers: [UInt32] = []
        for target in instance.imports { numbers.append(try number(of: target)) }
        var next = 0
        let merged = try core.merge(instance.module) { _ throws(ComponentsError) in
            defer { next += 1 }
            return numbers[next]
        }
        for export in merged.exports {
            var index = export.index
            if export.kind == .function, let original = instance.exports[ExactName(export.name)] {
                index = try number(of: instance.target(.function, original.index, instance: position))
            }
            core.symbols.append(
                LinkedModule.Symbol(instance: position, name: export.name, kind: export.kind, index: index)
            )
        }
        // Once a start function is due, what later instances write must wait until it ran.
        if !startSteps.isEmpty {
            for element in merged.elements {
                guard case .active(let table, let offset) = core.elements[element].mode else { continue }
                startSteps.append(.fillTable(element: element, table: table, offset: offset))
            }
            for data in merged.data {
                guard case .active(let memory, let offset) = core.data[data].mode else { continue }
                startSteps.append(.fillMemory(data: data, memory: memory, offset: offset))
            }
        }
        if let start = merged.start { startSteps.append(.call(start)) }
    }

    // MARK: - Start

    private mutating func composeStart() throws(ComponentsError) {
        guard let first = startSteps.first else { return }
        if startSteps.count == 1, case .call(let function) = first {
            core.start = function
            return
        }
        core.startSteps = startSteps
        core.start = core.addFunction(taking: startSteps, name: "start-of-all-modules")
    }
}

extension CoreModule.ElementSegment {
    /// A Boolean value that tells whether it is used at instantiation.
    var isActive: Bool { if case .active = mode { true } else { false } }
}

extension CoreModule.DataSegment {
    /// A Boolean value that tells whether it is used at instantiation.
    var isActive: Bool { if case .active = mode { true } else { false } }
}
