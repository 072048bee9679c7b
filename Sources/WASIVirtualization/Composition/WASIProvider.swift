// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// A component that provides interfaces of WASI: what stands beside a guest that has no one memory for GuestWASI.
///
/// Before it is virtualized, it imports what the guest imports and exports the same again, with resources of its own
/// whose representations are the imported handles. Virtualizing it binds those imports to GuestWASI, as for any guest.
/// Its exports are single types and functions with names that only a ``ProviderShim`` and the component around both know.
struct WASIProvider {
    /// The component.
    private(set) var linked: LinkedComponent
    /// The items that it exports for each interface, in the order of the interface.
    private(set) var interfaces: [String: [Item]] = [:]

    /// Something that an interface exports.
    struct Item {
        /// Its name in the interface.
        var name: Component.ExternName
        /// Its name among the provider's exports.
        var export: String
        var sort: Component.Sort
    }

    private let virtualized: Set<String>
    private var functions: ProviderFunctions
    /// The provider's type for each type that the guest's imports are made of.
    private var typeIdentities: [UInt32: UInt32] = [:]
    /// The types that a provided instance exports, by its identity.
    private var providedTypes: [UInt32: [String: UInt32]] = [:]
    private var exportCount = 0

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - imports: The imports of the guest.
    ///   - virtualized: The names of those to provide.
    /// - Throws: an error of the code `unsupported` for interfaces that have more in them than WASI 0.2 has.
    init(_ imports: LinkedComponent, virtualized: Set<String>) throws(ComponentsError) {
        self.virtualized = virtualized
        linked = imports
        linked.core.memories = [CoreLimits(minimum: 1)]
        functions = ProviderFunctions(try ComponentTypes(of: try imports.importedTypes()), &linked)
        for entry in imports.entries {
            guard let identity = entry.identities.first?.index else { continue }
            switch entry.definition {
            case .type(let type): try add(type, identity)
            case .alias(let alias) where alias.sort == .type: typeIdentities[identity] = try resolved(alias, identity)
            case .import(let item):
                if case .instance = item.type {
                    if virtualized.contains(item.name.name) {
                        try provide(item.name.name, imports.declarations(ofImport: item.name.name), identity)
                    }
                    functions.instances[item.name.name] = identity
                } else if item.type.sort == .type {
                    typeIdentities[identity] = identity
                }
            default: break
            }
        }
        try linked.removeUnusedImports()
    }

    // MARK: - Types of the world

    private mutating func add(_ type: Component.TypeDefinition, _ identity: UInt32) throws(ComponentsError) {
        var isChanged = false
        let copy = try Component.Definition.type(type).mapped { reference throws(ComponentsError) in
            guard reference.sort == .type else { return reference.index }
            let target = try self.type(reference.index)
            if target != reference.index { isChanged = true }
            return target
        }
        typeIdentities[identity] = isChanged ? linked.add(copy, sort: .type).index : identity
    }

    private func type(_ identity: UInt32) throws(ComponentsError) -> UInt32 {
        guard let type = typeIdentities[identity] else {
            throw ComponentsError(.invalid, "there is no type \(identity)")
        }
        return type
    }

    private func resolved(_ alias: Component.Alias, _ identity: UInt32) throws(ComponentsError) -> UInt32 {
        switch alias.target {
        case .export(let instance, let name):
            guard let types = providedTypes[instance] else { return identity }
            guard let type = types[name] else {
                throw ComponentsError(.invalid, "instance \(instance) exports no type \(name)")
            }
            return type
        case .outer(0, let index): return try type(index)
        case .outer, .coreExport: return identity
        }
    }

    // MARK: - Interfaces

    private mutating func provide(
        _ interface: String,
        _ declarations: [Component.Declaration],
        _ instance: UInt32
    ) throws(ComponentsError) {
        var types: [UInt32] = []
        func local(_ index: UInt32) throws(ComponentsError) -> UInt32 {
            guard Int(index) < types.count else {
                throw ComponentsError(.invalid, "\(interface) has no type \(index)")
            }
            return types[Int(index)]
        }
        for declaration in declarations {
            switch declaration {
            case .type(.instance), .type(.component), .type(.resource), .coreType, .import:
                throw ComponentsError(.unsupported, "\(interface) is made of more than types and functions")
            case .type(let type):
                let copy = try Component.Definition.type(type).mapped { reference throws(ComponentsError) in
                    try local(reference.index)
                }
                types.append(linked.add(copy, sort: .type).index)
            case .alias(let alias):
                guard alias.sort == .type, case .outer(let count, let index) = alias.target, count <= 1 else {
                    throw ComponentsError(.unsupported, "\(interface) takes more than types from other interfaces")
                }
                types.append(count == 0 ? try local(index) : try self.type(index))
            case .export(let name, .function(let type)):
                let function = try functions.add(
                    name.name,
                    of: interface,
                    instance,
                    type: try local(type),
                    to: &linked
                )
                export(function, as: name, of: interface)
            case .export(let name, let type):
                let provided: Component.Reference
                switch type {
                case .resource: provided = try functions.addResource(name.name, of: interface, instance, to: &linked)
                case .typeEqual(let index): provided = Component.Reference(.type, try local(index))
                default: throw ComponentsError(.unsupported, "\(interface) exports more than types and functions")
                }
                // Functions may only use types that have a name, and that is what the export gives them.
                let exported = export(provided, as: name, of: interface)
                types.append(exported.index)
                providedTypes[instance, default: [:]][name.name] = exported.index
            }
        }
        if interfaces[interface] == nil { interfaces[interface] = [] }
    }

    @discardableResult
    private mutating func export(
        _ item: Component.Reference,
        as name: Component.ExternName,
        of interface: String
    ) -> Component.Reference {
        let export = "provided-\(item.sort == .type ? "t" : "f")\(exportCount)"
        exportCount += 1
        interfaces[interface, default: []].append(Item(name: name, export: export, sort: item.sort))
        let definition = Component.Export(name: Component.ExternName(export), item: item, type: nil)
        return linked.add(.export(definition), sort: item.sort)
    }

    /// Binds the imports to GuestWASI.
    mutating func virtualize(_ options: Virtualization) throws(ComponentsError) -> VirtualizationReport {
        try linked.virtualize(options)
    }
}
