// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
package import ComponentModel

extension Component {
    /// A component that does the same without WASI, or with only as much of it as the options grant.
    ///
    /// If all of the component can be linked into one module, GuestWASI becomes part of that module
    /// (``LinkedComponent/virtualize(_:)``). Other components are left as they are, and stand beside a provider of WASI
    /// in a component around both, for which ``Virtualization/grants`` must be given; see
    /// ``VirtualizationReport/compositionReason``.
    ///
    /// - Throws: an error of the code `notLinkable` if types of WASI are part of what the component exports, or of
    ///   imports that are to be kept; or if there are no grants and the component cannot be linked.
    package func virtualized(
        _ options: Virtualization
    ) throws(ComponentsError) -> (component: Component, report: VirtualizationReport) {
        var linked: LinkedComponent
        do throws(ComponentsError) {
            linked = try LinkedComponent(linking: self)
        } catch {
            guard error.code == .notLinkable, options.grants != nil else { throw error }
            var composition = try ProviderComposition(of: self, options)
            let component = try composition.compose()
            composition.report.compositionReason = error.message
            return (component, composition.report)
        }
        let report = try linked.virtualize(options)
        return (try linked.component(), report)
    }
}

/// Puts a guest and a provider of WASI next to each other into one component.
private struct ProviderComposition {
    var report = VirtualizationReport()
    private let guest: Component
    private let imports: LinkedComponent
    private let options: Virtualization
    /// The imports that the provider takes the place of.
    private let virtualized: Set<String>
    private var builder = ComponentBuilder()
    private var importIndices: [String: Component.Reference] = [:]
    /// The provided instances of interfaces, by the names of the guest's imports.
    private var provided: [String: Component.Reference] = [:]

    init(of guest: Component, _ options: Virtualization) throws(ComponentsError) {
        self.guest = guest
        self.options = options
        imports = try LinkedComponent(importsOf: guest)
        let names = guest.imports.filter { item in
            guard let interface = LinkedComponent.wasiInterface(item.name.name), item.type.sort == .instance else {
                return false
            }
            return !options.keeps(interface)
        }
        virtualized = Set(names.map(\.name.name))
    }

    mutating func compose() throws(ComponentsError) -> Component {
        try checkExports()
        var provider = try WASIProvider(imports, virtualized: virtualized)
        report = try provider.virtualize(options)
        report.addresses = 0..<0
        try addKeptImports()
        let providerComponent = try provider.linked.component()
        let arguments = try addImports(of: providerComponent)
        let providerInstance = add(
            .instance(.instantiate(component: add(.component(providerComponent)).index, arguments: arguments))
        )
        let guestComponent = add(.component(guest))
        var guestArguments: [Component.Instance.Argument] = []
        for item in guest.imports {
            let name = item.name.name
            if let items = provider.interfaces[name] {
                provided[name] = try addInterface(name, items, of: providerInstance.index)
            }
            guard let reference = provided[name] ?? importIndices[name] else {
                throw ComponentsError(.unsupported, "the import \(name) is of a type that cannot be passed on")
            }
            guestArguments.append(Component.Instance.Argument(name: name, item: reference))
        }
        let instance = add(.instance(.instantiate(component: guestComponent.index, arguments: guestArguments)))
        for export in guest.exports {
            let alias = Component.Alias(
                sort: export.item.sort,
                target: .export(instance: instance.index, name: export.name.name)
            )
            _ = add(.export(Component.Export(name: export.name, item: add(.alias(alias)), type: nil)))
        }
        report.remainingImports = importIndices.filter { $0.value.sort != .type }.keys.sorted()
        return builder.finish()
    }

    private mutating func add(_ definition: Component.Definition) -> Component.Reference {
        // None of the definitions here makes more or less than one.
        builder.add(definition).first ?? Component.Reference(.instance, 0)
    }

    // MARK: - Imports

    /// Adds the imports of the guest that stay.
    private mutating func addKeptImports() throws(ComponentsError) {
        var kept = imports
        let virtualized = self.virtualized
        try kept.removeUnusedImports { virtualized.contains($0) }
        let shared = kept.importNames.filter(virtualized.contains)
        guard shared.isEmpty else { throw Self.shared(shared) }
        var indices: [Component.Reference: UInt32] = [:]
        for entry in kept.entries {
            let reference = try builder.add(entry, &indices)
            if case .import(let item) = entry.definition { importIndices[item.name.name] = reference }
        }
    }

    /// Adds what the provider imports, and returns what to give it.
    private mutating func addImports(of provider: Component) throws(ComponentsError) -> [Component.Instance.Argument] {
        var imports = try LinkedComponent(importsOf: provider)
        try imports.removeUnusedImports { _ in false }
        var indices: [Component.Reference: UInt32] = [:]
        var arguments: [Component.Instance.Argument] = []
        for entry in imports.entries {
            guard case .import(let item) = entry.definition, let identity = entry.identities.first else {
                _ = try builder.add(entry, &indices)
                continue
            }
            let name = item.name.name
            let reference: Component.Reference
            if let existing = importIndices[name] {
                reference = existing
                indices[identity] = existing.index
            } else {
                reference = try builder.add(entry, &indices) ?? identity
                importIndices[name] = reference
            }
            arguments.append(Component.Instance.Argument(name: name, item: reference))
        }
        return arguments
    }

    /// Adds an instance of an interface that the provider implements.
    private mutating func addInterface(
        _ name: String,
        _ items: [WASIProvider.Item],
        of provider: UInt32
    ) throws(ComponentsError) -> Component.Reference {
        let shim = try ProviderShim(of: name, items, in: imports)
        let exports = Dictionary(items.map { ($0.export, $0) }) { first, _ in first }
        var arguments: [Component.Instance.Argument] = []
        for name in shim.importNames {
            let reference: Component.Reference
            if let item = exports[name] {
                let target = Component.Alias.Target.export(instance: provider, name: item.export)
                reference = add(.alias(Component.Alias(sort: item.sort, target: target)))
            } else if let known = provided[name] ?? importIndices[name] {
                reference = known
            } else {
                throw ComponentsError(.invalid, "an interface uses types of \(name), which comes after it")
            }
            arguments.append(Component.Instance.Argument(name: name, item: reference))
        }
        let component = add(.component(shim.component)).index
        return add(.instance(.instantiate(component: component, arguments: arguments)))
    }

    // MARK: - Checks

    private static func shared(_ names: [String]) -> ComponentsError {
        ComponentsError(
            .notLinkable,
            """
            types of \(names.sorted().joined(separator: ", ")) are part of what the component exports or of imports that \
            are to be kept: keep these imports, too, or none of them
            """
        )
    }

    /// Refuses a guest whose exports have types of the interfaces that are to go.
    private func checkExports() throws(ComponentsError) {
        let types = try ComponentTypes(of: guest)
        var search = ExportedTypeSearch(types: types, owners: virtualized)
        for export in types.exports { search.visit(export.item) }
        guard search.found.isEmpty else { throw Self.shared(Array(search.found)) }
    }
}

/// Finds the imports that the types of exports belong to.
private struct ExportedTypeSearch {
    let types: ComponentTypes
    let owners: Set<String>
    private(set) var found: Set<String> = []
    private var visited: Set<ComponentTypes.TypeID> = []

    init(types: ComponentTypes, owners: Set<String>) {
        self.types = types
        self.owners = owners
    }

    mutating func visit(_ item: ComponentTypes.Item) {
        switch item {
        case .function(let function):
            visit(function.parameters.map(\.type))
            visit([function.result])
        case .type(let id): visit([.defined(id)])
        case .instance(let instance): for item in instance.items { visit(item.item) }
        case .value(let type): visit([type])
        case .component, .coreModule: break
        }
    }

    private mutating func visit(_ roots: [ComponentTypes.ValueType?]) {
        var pending: [ComponentTypes.TypeID] = []
        func push(_ type: ComponentTypes.ValueType?) {
            if case .defined(let id)? = type { pending.append(id) }
        }
        for root in roots { push(root) }
        while let id = pending.popLast() {
            guard visited.insert(id).inserted else { continue }
            if let owner = types[id].owner, owners.contains(owner) { found.insert(owner) }
            switch types[id].definition {
            case .alias(let target): pending.append(target)
            case .record(let fields): for field in fields { push(field.type) }
            case .variant(let cases): for item in cases { push(item.type) }
            case .list(let element), .fixedLengthList(let element, _), .option(let element): push(element)
            case .tuple(let elements): for element in elements { push(element) }
            case .result(let success, let failure):
                push(success)
                push(failure)
            case .map(let key, let value):
                push(key)
                push(value)
            case .own(let target), .borrow(let target): pending.append(target)
            case .stream(let element), .future(let element): push(element)
            case .primitive, .flags, .enumeration, .resource: break
            }
        }
    }
}
