// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// Bundles single exports of a WASI provider into an interface as the guest imports it.
///
/// Methods can only be part of an instance where their resource has its name, so a bundle of exports will not do: it takes
/// a component that imports types and functions under plain names and exports them under those of the interface.
/// Interfaces of which it uses types are imports of it, too.
struct ProviderShim {
    /// The component.
    let component: Component
    /// The names of what it imports.
    let importNames: [String]

    /// Makes the shim of an interface.
    ///
    /// - Parameters:
    ///   - interface: The name of the guest's import.
    ///   - items: What the provider has for it, in the order of the interface.
    ///   - imports: The imports of the guest.
    /// - Throws: an error of the code `invalid` if the interface does not have these items.
    init(
        of interface: String,
        _ items: [WASIProvider.Item],
        in imports: LinkedComponent
    ) throws(ComponentsError) {
        var linked = imports
        let declarations = try linked.declarations(ofImport: interface)
        var remaining = items[...]
        // The types of the interface, as they are imported and as they are exported.
        var imported: [UInt32] = []
        var exported: [UInt32] = []
        func find(_ index: UInt32, in types: [UInt32]) throws(ComponentsError) -> UInt32 {
            guard Int(index) < types.count else { throw ComponentsError(.invalid, "\(interface) has no type \(index)") }
            return types[Int(index)]
        }
        for declaration in declarations {
            switch declaration {
            case .type(let type):
                let definition = Component.Definition.type(type)
                let source = try definition.mapped { reference throws(ComponentsError) in
                    try find(reference.index, in: imported)
                }
                let result = try definition.mapped { reference throws(ComponentsError) in
                    try find(reference.index, in: exported)
                }
                imported.append(linked.add(source, sort: .type).index)
                exported.append(linked.add(result, sort: .type).index)
            case .alias(let alias):
                guard case .outer(let count, let index) = alias.target else { continue }
                imported.append(count == 0 ? try find(index, in: imported) : index)
                exported.append(count == 0 ? try find(index, in: exported) : index)
            case .export(let name, var type):
                guard let item = remaining.popFirst(), item.name == name else {
                    throw ComponentsError(.invalid, "\(interface) has changed")
                }
                let ascribed: Component.ExternType?
                switch type {
                case .function(let index):
                    type = .function(type: try find(index, in: imported))
                    ascribed = .function(type: try find(index, in: exported))
                case .typeEqual(let index):
                    type = .typeEqual(try find(index, in: imported))
                    ascribed = nil
                default: ascribed = nil
                }
                let plain = Component.Import(name: Component.ExternName(item.export), type: type)
                let reference = linked.add(.import(plain), sort: item.sort)
                let export = Component.Export(name: name, item: reference, type: ascribed)
                let named = linked.add(.export(export), sort: item.sort)
                guard item.sort == .type else { continue }
                imported.append(reference.index)
                exported.append(named.index)
            case .coreType, .import: break
            }
        }
        try linked.removeUnusedImports()
        importNames = linked.importNames
        var builder = ComponentBuilder()
        var indices: [Component.Reference: UInt32] = [:]
        for entry in linked.entries { _ = try builder.add(entry, &indices) }
        component = builder.finish()
    }
}

extension LinkedComponent {
    /// The declarations of the instance's type that an import has.
    func declarations(ofImport name: String) throws(ComponentsError) -> [Component.Declaration] {
        for entry in entries {
            guard case .import(let item) = entry.definition, item.name.name == name,
                case .instance(let type) = item.type
            else { continue }
            for candidate in entries where candidate.identities.first == Component.Reference(.type, type) {
                if case .type(.instance(let declarations)) = candidate.definition { return declarations }
            }
        }
        throw ComponentsError(.unsupported, "the type of the import \(name) is not written beside it")
    }
}

extension ComponentBuilder {
    /// Adds a definition whose references are identities, and notes the indices of what it defines.
    mutating func add(
        _ entry: LinkedComponent.Entry,
        _ indices: inout [Component.Reference: UInt32]
    ) throws(ComponentsError) -> Component.Reference? {
        // Core types of a group may refer to each other.
        for (offset, identity) in entry.identities.enumerated() {
            indices[identity] = nextIndex(identity.sort) + UInt32(truncatingIfNeeded: offset)
        }
        let known = indices
        let definition = try entry.definition.mapped { reference throws(ComponentsError) in
            guard let index = known[reference] else {
                throw ComponentsError(.invalid, "a definition refers to a missing \(reference.sort) \(reference.index)")
            }
            return index
        }
        return add(definition).first
    }
}
