// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Orders the definitions of a linked component around its module and gives them their indices.
struct ComponentAssembler {
    /// A function that is called through the table.
    enum Slot {
        case host(UInt32)
        case destructor(UInt32)
    }

    let linked: LinkedComponent
    var builder = ComponentBuilder()
    /// The index of each definition by its identity.
    private var indices: [Component.Reference: UInt32] = [:]
    /// Definitions that exist only after the module, by identity.
    private var late: Set<Component.Reference> = []
    private var lateEntries: Set<Int> = []
    var slots: [Slot] = []
    var slotOfHost: [UInt32: Int] = [:]
    private var slotOfDestructor: [UInt32: Int] = [:]
    var shim: UInt32 = 0
    var main: UInt32 = 0
    var exportNames: [Component.Reference: String] = [:]
    var coreIndices: [Component.Reference: UInt32] = [:]
    var startName: String?

    init(_ linked: LinkedComponent) throws(ComponentsError) {
        self.linked = linked
        try findLateDefinitions()
        try assignSlots()
    }

    mutating func assemble() throws(ComponentsError) -> Component {
        if !slots.isEmpty { addShim() }
        for (position, entry) in linked.entries.enumerated() where !lateEntries.contains(position) {
            try add(entry)
        }
        try addMain()
        if !slots.isEmpty {
            let needed = try lateEntriesForSlots()
            for position in needed.sorted() { try add(linked.entries[position]) }
            try addFixup()
            lateEntries.subtract(needed)
        }
        for position in lateEntries.sorted() { try add(linked.entries[position]) }
        for section in linked.customSections { builder.add(section) }
        return builder.finish()
    }

    // MARK: - Order

    /// Finds the definitions that refer to the module, or to definitions that do.
    private mutating func findLateDefinitions() throws(ComponentsError) {
        for (position, entry) in linked.entries.enumerated() {
            var isLate = false
            if case .start = entry.definition { isLate = true }
            let isResource = entry.definition.destructor != nil
            _ = try entry.definition.mapped { reference throws(ComponentsError) in
                if reference.isInModule {
                    isLate = isLate || !isResource
                } else if late.contains(reference) {
                    isLate = true
                }
                return reference.index
            }
            guard isLate else { continue }
            lateEntries.insert(position)
            late.formUnion(entry.identities)
        }
    }

    private mutating func assignSlots() throws(ComponentsError) {
        for (number, host) in linked.core.hostFunctions {
            var needsModule = false
            _ = try host.canonical.mapped { reference throws(ComponentsError) in
                if reference.isInModule || late.contains(reference) { needsModule = true }
                return reference.index
            }
            guard needsModule else { continue }
            slotOfHost[number] = slots.count
            slots.append(.host(number))
        }
        for (position, entry) in linked.entries.enumerated() where !lateEntries.contains(position) {
            guard let destructor = entry.definition.destructor.map(linked.core.resolved),
                slotOfDestructor[destructor] == nil
            else { continue }
            slotOfDestructor[destructor] = slots.count
            slots.append(.destructor(destructor))
        }
    }

    /// The late definitions without which the functions in the table cannot be made.
    private func lateEntriesForSlots() throws(ComponentsError) -> Set<Int> {
        var definedBy: [Component.Reference: Int] = [:]
        for position in lateEntries {
            for identity in linked.entries[position].identities { definedBy[identity] = position }
        }
        var result: Set<Int> = []
        var pending: [Int] = []
        func need(_ reference: Component.Reference) {
            guard !reference.isInModule, let position = definedBy[reference], result.insert(position).inserted else {
                return
            }
            pending.append(position)
        }
        for (_, host) in linked.core.hostFunctions {
            _ = try host.canonical.mapped { reference throws(ComponentsError) in
                need(reference)
                return reference.index
            }
        }
        while let position = pending.popLast() {
            _ = try linked.entries[position].definition.mapped { reference throws(ComponentsError) in
                need(reference)
                return reference.index
            }
        }
        return result
    }

    // MARK: - Definitions

    private mutating func add(_ entry: LinkedComponent.Entry) throws(ComponentsError) {
        try prepareReferences(of: entry.definition)
        // Core types of a group may refer to each other.
        for (offset, identity) in entry.identities.enumerated() {
            indices[identity] = builder.nextIndex(identity.sort) + UInt32(offset)
        }
        let definition = try entry.definition.mapped { reference throws(ComponentsError) in try index(of: reference) }
        _ = builder.add(definition)
    }

    /// Gives an index to everything in the modules that a definition refers to.
    mutating func prepareReferences(of definition: Component.Definition) throws(ComponentsError) {
        var inModule: [Component.Reference] = []
        _ = try definition.mapped { reference throws(ComponentsError) in
            if reference.isInModule { inModule.append(reference) }
            return reference.index
        }
        let isResource = definition.destructor != nil
        for reference in inModule {
            let reference = resolved(reference)
            guard coreIndices[reference] == nil, case .core(let sort) = reference.sort else { continue }
            if isResource, let slot = slotOfDestructor[reference.index] {
                // Not remembered: only a destructor may be called this way, as others would be slower than need be.
                destructorIndices[reference.index] = builder.alias("\(slot)", of: shim, .function)
            } else if let name = exportNames[reference] {
                coreIndices[reference] = builder.alias(name, of: main, sort)
            }
        }
    }

    private var destructorIndices: [UInt32: UInt32] = [:]

    func resolved(_ reference: Component.Reference) -> Component.Reference {
        guard reference.sort == .core(.function), Int(reference.index) < linked.core.functions.count else {
            return reference
        }
        return Component.Reference(.core(.function), linked.core.resolved(reference.index))
    }

    func index(of reference: Component.Reference) throws(ComponentsError) -> UInt32 {
        if reference.isInModule {
            let reference = resolved(reference)
            if let index = coreIndices[reference] ?? destructorIndices[reference.index] { return index }
        } else if let index = indices[reference] {
            return index
        }
        throw ComponentsError(.invalid, "a definition refers to a missing \(reference.sort) \(reference.index)")
    }
}
