// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The core modules, instances and functions of a component and what each name in them stands for.
struct LinkGraph {
    /// The target that a name stands for, behind all instances and aliases.
    enum Target: Hashable {
        /// A function that the component makes of a component function or of an operation of the engine.
        case host(Int)
        /// Something that an instance of a module defines, counted without the imports of its kind.
        case definition(instance: Int, kind: CoreExternKind, index: UInt32)
    }

    /// An instance of a core module.
    struct ModuleInstance {
        let module: CoreModule
        /// The target that each import stands for, in the order of the imports.
        var imports: [Target]
        let exports: [ExactName: CoreModule.Export]
        /// The targets that the imports of each kind stand for.
        var importsByKind: [CoreExternKind: [Target]]
        /// The function type with each index; nil for other types.
        let functionTypes: [CoreFunctionType?]

        /// The function type with an index; nil if there is none.
        func functionType(at index: UInt32) -> CoreFunctionType? {
            Int(index) < functionTypes.count ? functionTypes[Int(index)] : nil
        }

        /// Returns the target that an index of the module stands for.
        ///
        /// The index must be one that the module has.
        func target(_ kind: CoreExternKind, _ index: UInt32, instance: Int) -> Target {
            let imported = importsByKind[kind] ?? []
            guard Int(index) >= imported.count else { return imported[Int(index)] }
            return .definition(instance: instance, kind: kind, index: index - UInt32(imported.count))
        }
    }

    /// A function that the component provides to its modules.
    struct Host {
        let canonical: Component.Canonical
        let interface: String?
        let name: String
        var type: CoreFunctionType?
    }

    private enum Instance {
        case module(Int)
        case bundle([ExactName: (kind: CoreExternKind, target: Target)])
    }

    private enum Source {
        case host(Int)
        case export(instance: UInt32, name: String)
    }

    private(set) var instances: [ModuleInstance] = []
    private(set) var hosts: [Host] = []
    private(set) var entries: [LinkedComponent.Entry] = []
    private(set) var customSections: [CustomSection] = []
    private(set) var counts: [Component.Sort: UInt32] = [:]
    private var modules: [CoreModule?] = []
    private var instantiated: Set<UInt32> = []
    private var coreInstances: [Instance] = []
    private var sources: [Component.CoreSort: [Source]] = [:]
    private var names = LinkNames()
    private var reasons: [String] = []

    init(_ component: Component) throws(ComponentsError) {
        for section in component.sections {
            switch section.content {
            case .custom(let section):
                // The names in a component's name section go by indices that change.
                if section.name != "component-name" { customSections.append(section) }
            case .coreModule(let module): modules.append(module)
            case .coreInstances(let instances): for instance in instances { try add(instance) }
            case .coreTypes(let types): for type in types { try add(.coreType(type)) }
            case .component(let nested):
                if let reason = nested.reasonAgainstNesting {
                    reasons.append("the component nested as number \(counts[.component] ?? 0) \(reason)")
                }
                try add(.component(nested))
            case .instances(let instances): for instance in instances { try add(.instance(instance)) }
            case .aliases(let aliases): for alias in aliases { try add(alias) }
            case .types(let types): for type in types { try add(.type(type)) }
            case .canonicals(let canonicals): for canonical in canonicals { try add(canonical) }
            case .start(let start): try add(.start(start))
            case .imports(let imports): for item in imports { try add(.import(item)) }
            case .exports(let exports): for export in exports { try add(.export(export)) }
            case .values(let values): for value in values { try add(.value(value)) }
            }
        }
        if instances.isEmpty { reasons.append("it instantiates no core module") }
        let memories = instances.reduce(0) { $0 + $1.module.memories.count }
        if memories > 1 { reasons.append("its modules define \(memories) memories") }
        guard reasons.isEmpty else { throw refusal }
    }

    private var refusal: ComponentsError {
        var all: [String] = []
        for reason in reasons where !all.contains(reason) && all.count < 8 { all.append(reason) }
        let list = all.joined(separator: "; ")
        return ComponentsError(.notLinkable, "the component cannot be linked into one module: \(list)")
    }

    // MARK: - Definitions

    private mutating func add(_ definition: Component.Definition) throws(ComponentsError) {
        switch definition {
        case .start(let start) where start.results > 1000:
            throw ComponentsError(.invalid, "a start function has \(start.results) results")
        case .import(let item) where item.type.sort == .core(.module):
            reasons.append("it imports the core module \(item.name.name)")
            modules.append(nil)
        case .export(let export) where export.item.sort == .core(.module):
            reasons.append("it exports the core module \(export.name.name)")
        default: break
        }
        _ = try definition.mapped { reference throws(ComponentsError) in
            if case .core(.module) = reference.sort {
                reasons.append("it passes core modules to other components")
            }
            return reference.index
        }
        var identities: [Component.Reference] = []
        for sort in definition.produced() {
            identities.append(Component.Reference(sort, counts[sort, default: 0]))
            counts[sort, default: 0] += 1
        }
        names.record(definition)
        entries.append(LinkedComponent.Entry(definition: definition, identities: identities))
    }

    private mutating func add(_ alias: Component.Alias) throws(ComponentsError) {
        if case .core(.module) = alias.sort {
            reasons.append("it takes a core module from another component")
            modules.append(nil)
            return
        }
        guard case .coreExport(let instance, let name) = alias.target, case .core(let sort) = alias.sort else {
            return try add(.alias(alias))
        }
        guard instance < coreInstances.count else {
            throw ComponentsError(.invalid, "there is no core instance \(instance)")
        }
        sources[sort, default: []].append(.export(instance: instance, name: name))
    }

    private mutating func add(_ canonical: Component.Canonical) throws(ComponentsError) {
        if case .lift = canonical { return try add(.canonical(canonical)) }
        let (interface, name) = names.name(of: canonical)
        sources[.function, default: []].append(.host(hosts.count))
        hosts.append(Host(canonical: canonical, interface: interface, name: name))
    }

    private mutating func add(_ instance: Component.CoreInstance) throws(ComponentsError) {
        switch instance {
        case .exports(let exports):
            var bundle: [ExactName: (kind: CoreExternKind, target: Target)] = [:]
            for export in exports {
                guard let kind = CoreExternKind(rawValue: export.sort.rawValue) else {
                    reasons.append("it bundles a core \(export.sort) as \(export.name)")
                    throw refusal
                }
                // Resolved at once, so that no lookup has to follow a chain of bundles.
                bundle[ExactName(export.name)] = (kind, try resolve(export.sort, export.index))
            }
            coreInstances.append(.bundle(bundle))
        case .instantiate(let index, let arguments):
            guard Int(index) < modules.count else {
                throw ComponentsError(.invalid, "there is no core module \(index)")
            }
            // Without the module nothing more can be found out, so this must be the end.
            guard let module = modules[Int(index)] else { throw refusal }
            guard instantiated.insert(index).inserted else {
                reasons.append("it instantiates core module \(index) twice")
                throw refusal
            }
            var byName: [ExactName: UInt32] = [:]
            for argument in arguments { byName[ExactName(argument.name)] = argument.instance }
            var targets: [Target] = []
            var byKind: [CoreExternKind: [Target]] = [:]
            let functionTypes = module.flatFunctionTypes
            for item in module.imports {
                guard let instance = byName[ExactName(item.module)] else {
                    throw ComponentsError(.invalid, "core module \(index) is not given its import \(item.module)")
                }
                let target = try resolve(item.name, in: instance, as: item.type.kind)
                if case .host(let host) = target, case .function(let type) = item.type {
                    guard Int(type) < functionTypes.count, let functionType = functionTypes[Int(type)] else {
                        throw ComponentsError(.invalid, "type \(type) is not a type of functions")
                    }
                    hosts[host].type = functionType
                }
                targets.append(target)
                byKind[item.type.kind, default: []].append(target)
            }
            var exports: [ExactName: CoreModule.Export] = [:]
            for export in module.exports {
                let defined = module.definitionCount(of: export.kind) + (byKind[export.kind]?.count ?? 0)
                guard export.index < defined else {
                    throw ComponentsError(
                        .invalid,
                        "core module \(index) exports \(export.kind) \(export.index), which it does not have"
                    )
                }
                exports[ExactName(export.name)] = export
            }
            coreInstances.append(.module(instances.count))
            instances.append(
                ModuleInstance(
                    module: module,
                    imports: targets,
                    exports: exports,
                    importsByKind: byKind,
                    functionTypes: functionTypes
                )
            )
        }
    }

    // MARK: - Resolution

    private func resolve(
        _ name: String,
        in instance: UInt32,
        as kind: CoreExternKind
    ) throws(ComponentsError) -> Target {
        guard Int(instance) < coreInstances.count else {
            throw ComponentsError(.invalid, "there is no core instance \(instance)")
        }
        let exact = ExactName(name)
        switch coreInstances[Int(instance)] {
        case .module(let position):
            if let export = instances[position].exports[exact], export.kind == kind {
                return instances[position].target(kind, export.index, instance: position)
            }
        case .bundle(let bundle):
            if let item = bundle[exact], item.kind == kind { return item.target }
        }
        throw ComponentsError(.invalid, "core instance \(instance) exports no \(kind) \(name)")
    }

    private func source(_ sort: Component.CoreSort, _ index: UInt32) throws(ComponentsError) -> Source {
        guard let list = sources[sort], Int(index) < list.count else {
            throw ComponentsError(.invalid, "there is no core \(sort) \(index)")
        }
        return list[Int(index)]
    }

    /// Returns the target that an index of the component's core index spaces stands for.
    func resolve(_ sort: Component.CoreSort, _ index: UInt32) throws(ComponentsError) -> Target {
        guard let kind = CoreExternKind(rawValue: sort.rawValue) else {
            throw ComponentsError(.invalid, "core \(sort) \(index) cannot be linked")
        }
        switch try source(sort, index) {
        case .host(let host): return .host(host)
        case .export(let instance, let name): return try resolve(name, in: instance, as: kind)
        }
    }
}

extension CoreModule {
    /// Returns the number of definitions of a kind in the module, without imports.
    func definitionCount(of kind: CoreExternKind) -> Int {
        switch kind {
        case .function: functions.count
        case .table: tables.count
        case .memory: memories.count
        case .global: globals.count
        case .tag: tags.count
        }
    }

    /// The function type with each index; nil for other types.
    var flatFunctionTypes: [CoreFunctionType?] {
        flatTypes.map { if case .function(let type) = $0.composite { type } else { nil } }
    }
}

extension Component {
    /// Why a component with this one inside cannot be linked.
    fileprivate var reasonAgainstNesting: String? {
        for section in sections {
            switch section.content {
            case .coreInstances(let instances) where !instances.isEmpty: return "has core instances of its own"
            case .aliases(let aliases):
                for alias in aliases where alias.sort == .core(.module) { return "uses core modules from outside" }
            case .component(let nested):
                if let reason = nested.reasonAgainstNesting { return reason }
            default: break
            }
        }
        return nil
    }
}
