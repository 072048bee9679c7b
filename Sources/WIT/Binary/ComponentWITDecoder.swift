// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Makes interfaces and worlds of the types of a component.
struct ComponentWITDecoder {
    /// The types and functions of an interface or world, while they are being gathered.
    struct Members {
        var types: [WITTypeDefinition] = []
        var typeIndices: [String: Int] = [:]
        var functions: [WITFunction] = []
        var functionNames: Set<String> = []
        /// The last number given to a type of each name that was brought in from elsewhere, to keep names distinct.
        var usedNames: [String: Int] = [:]
        /// The functions of each resource.
        var resourceFunctions: [String: [WITFunction]] = [:]

        /// The types, those of others first, with the functions of resources.
        var completeTypes: [WITTypeDefinition] {
            var types = types.filter(\.isUse) + types.filter { !$0.isUse }
            for index in types.indices {
                if case .resource = types[index].kind, let functions = resourceFunctions[types[index].name] {
                    types[index].kind = .resource(functions)
                }
            }
            return types
        }
    }

    /// The imports, exports and types of the component.
    var types = ComponentTypes()
    /// The members of each interface and world.
    var members: [WITOwner: Members] = [:]
    /// The names of types.
    var names: [ComponentTypes.TypeID: WITTypeID] = [:]
    /// The first name of a type within an owner, whatever way leads to the type.
    var localNames: [LocalType: WITTypeID] = [:]
    /// The first name of a type in any owner.
    var globalNames: [ComponentTypes.TypeID: WITTypeID] = [:]
    /// The number of definitions one within another.
    var depths: [WITTypeID: Int] = [:]
    /// The number of types that are still converted before the component is refused.
    ///
    /// Types without names can unfold to any size.
    var budget = 1_000_000

    /// The named interfaces in the order in which they appear.
    private var interfaceOrder: [WITInterfaceID] = []
    private var worlds: [WITWorld] = []
    /// The interfaces that the package itself defines: what others show of them is only a part.
    private var ownInterfaces: Set<WITInterfaceID> = []

    /// A type as seen from an interface or world.
    struct LocalType: Hashable {
        let owner: WITOwner
        let type: ComponentTypes.TypeID
    }

    // MARK: - Components and packages

    /// Takes in a component; returns the name of the package that its world is put in.
    mutating func decodeComponent(_ types: ComponentTypes) throws(WITError) -> WITPackageName {
        self.types = types
        let package = WITPackageName(namespace: "root", name: "component")
        try decodeWorld(WITWorldID(package: package, name: "root"), imports: types.imports, exports: types.exports)
        return package
    }

    /// Takes in a package of WIT, whose interfaces and worlds are imported as components; returns its name.
    ///
    /// See "Package Format" in the component model's WIT.md.
    mutating func decodePackage(_ types: ComponentTypes) throws(WITError) -> WITPackageName {
        self.types = types
        var package: WITPackageName?
        var items: [(imports: [ComponentTypes.NamedItem], export: ComponentTypes.NamedItem, name: String)] = []
        for item in types.imports {
            guard case .component(let signature) = item.item else { continue }
            for export in signature.exports {
                guard
                    case .interface(let exportPackage, let name) = WITExternName(
                        export.name,
                        versionSuffix: export.attributes.lazy.compactMap(\.versionSuffix).first
                    )
                else { throw invalid("`\(export.name)` is not the name of an interface or world") }
                guard package == nil || package == exportPackage else {
                    throw invalid("interfaces of two packages are in one")
                }
                package = exportPackage
                if case .instance = export.item {
                    ownInterfaces.insert(.named(package: exportPackage, name: name))
                }
                items.append((signature.imports, export, name))
            }
        }
        guard let package else { throw invalid("the package is empty") }
        for item in items {
            switch item.export.item {
            case .instance(let instance):
                for dependency in item.imports {
                    guard case .instance(let instance) = dependency.item else { continue }
                    try decodeInterface(try interfaceID(dependency.name, dependency), instance)
                }
                try decodeInterface(.named(package: package, name: item.name), instance, isOwn: true)
            case .component(let signature):
                try decodeWorld(
                    WITWorldID(package: package, name: item.name),
                    imports: signature.imports,
                    exports: signature.exports
                )
            default: throw invalid("`\(item.export.name)` is neither an interface nor a world")
            }
        }
        return package
    }

    // MARK: - Worlds

    private mutating func decodeWorld(
        _ id: WITWorldID,
        imports: [ComponentTypes.NamedItem],
        exports: [ComponentTypes.NamedItem]
    ) throws(WITError) {
        var world = WITWorld(id: id)
        members[.world(id)] = Members()
        for item in imports {
            guard let converted = try worldItem(item, .import, world: id) else { continue }
            world.imports.append(converted)
        }
        for item in exports {
            if case .type = item.item {
                throw invalid("the component exports the type `\(item.name)`, for which WIT has no words")
            }
            guard let converted = try worldItem(item, .export, world: id) else { continue }
            world.exports.append(converted)
        }
        world.types = members[.world(id)]?.completeTypes ?? []
        worlds.append(world)
    }

    /// Takes in an import or export; nil if a world does not hold it, or holds it among its types.
    private mutating func worldItem(
        _ item: ComponentTypes.NamedItem,
        _ direction: WITDirection,
        world: WITWorldID
    ) throws(WITError) -> WITWorldItem? {
        let externalID = item.attributes.lazy.compactMap(\.externalID).first
        switch item.item {
        case .function(let function):
            let converted = try self.function(item, function, owner: .world(world))
            guard converted.resource == nil else {
                try add(converted, to: .world(world))
                return nil
            }
            return WITWorldItem(converted)
        case .type(let type):
            try addType(type, item, owner: .world(world))
            return nil
        case .instance(let instance):
            if let interface = item.attributes.lazy.compactMap(\.implements).first {
                let id = try interfaceID(interface, item)
                try decodeInterface(id, instance)
                return WITWorldItem(
                    plainName: try identifier(item.name),
                    externalID: externalID,
                    kind: .interface(id)
                )
            }
            if case .plain(let name) = WITExternName(item.name) {
                let id = WITInterfaceID.inline(world: world, direction: direction, name: name)
                try decodeInterface(id, instance)
                return WITWorldItem(
                    plainName: name,
                    externalID: externalID,
                    kind: .inlineInterface(WITInterface(id: id))
                )
            }
            let id = try interfaceID(item.name, item)
            try decodeInterface(id, instance)
            return WITWorldItem(plainName: nil, externalID: externalID, kind: .interface(id))
        case .component, .coreModule, .value:
            // Tools that link components need these; the world does not know them.
            return nil
        }
    }

    private func interfaceID(_ name: String, _ item: ComponentTypes.NamedItem) throws(WITError) -> WITInterfaceID {
        let suffix = item.attributes.lazy.compactMap(\.versionSuffix).first
        guard case .interface(let package, let name) = WITExternName(name, versionSuffix: suffix) else {
            throw invalid("`\(name)` is not the name of an interface")
        }
        return .named(package: package, name: name)
    }

    // MARK: - Interfaces

    /// Takes in an instance as an interface, or as a part of one that is known already.
    private mutating func decodeInterface(
        _ id: WITInterfaceID,
        _ instance: ComponentTypes.Instance,
        isOwn: Bool = false
    ) throws(WITError) {
        let owner = WITOwner.interface(id)
        if members[owner] == nil {
            members[owner] = Members()
            if case .named = id {
                interfaceOrder.append(id)
            }
        }
        let isComplete = isOwn || !ownInterfaces.contains(id)
        for item in instance.items {
            switch item.item {
            case .type(let type): try addType(type, item, owner: owner, onlyNames: !isComplete)
            case .function(let function) where isComplete:
                try add(try self.function(item, function, owner: owner), to: owner)
            case .function: break
            default: throw invalid("`\(item.name)` in `\(id)` is neither a type nor a function")
            }
        }
    }

    /// Adds a function to its resource, or to its owner.
    private mutating func add(_ function: WITFunction, to owner: WITOwner) throws(WITError) {
        guard members[owner]?.functionNames.insert(function.externName).inserted == true else { return }
        guard let resource = function.resource else {
            members[owner]?.functions.append(function)
            return
        }
        guard let index = members[owner]?.typeIndices[resource.name],
            case .resource = members[owner]?.types[index].kind
        else { throw invalid("`\(function.externName)` belongs to no resource") }
        members[owner]?.resourceFunctions[resource.name, default: []].append(function)
    }

    /// The packages, each after those it refers to.
    func packages(main: WITPackageName) throws(WITError) -> [WITPackage] {
        var interfaces: [WITInterfaceID: WITInterface] = [:]
        for (owner, members) in members {
            guard case .interface(let id) = owner else { continue }
            interfaces[id] = WITInterface(
                id: id,
                types: members.completeTypes,
                functions: members.functions
            )
        }
        var packages: [WITPackageName: WITPackage] = [:]
        var order: [WITPackageName] = []
        for id in try sorted(interfaceOrder, interfaces) {
            if packages[id.package] == nil {
                order.append(id.package)
            }
            if let interface = interfaces[id] {
                packages[id.package, default: WITPackage(name: id.package)].interfaces.append(interface)
            }
        }
        for var world in worlds {
            for direction in [\WITWorld.imports, \WITWorld.exports] {
                for index in world[keyPath: direction].indices {
                    guard case .inlineInterface(let interface) = world[keyPath: direction][index].kind,
                        let complete = interfaces[interface.id]
                    else { continue }
                    world[keyPath: direction][index].kind = .inlineInterface(complete)
                }
            }
            let elaborated = try WorldElaboration.elaborated(world, interfaces: interfaces)
            packages[main, default: WITPackage(name: main)].worlds.append(elaborated)
        }
        order.removeAll { $0 == main }
        return try Self.sorted((order + [main]).compactMap { packages[$0] })
    }

    /// Sorts interfaces so that each comes after those it uses types of.
    private func sorted(
        _ ids: [WITInterfaceID],
        _ interfaces: [WITInterfaceID: WITInterface]
    ) throws(WITError) -> [WITInterfaceID] {
        let indices = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
        let dependencies = ids.map { id in (interfaces[id]?.dependencies ?? []).compactMap { indices[$0] } }
        do throws(TopologicalOrder.Cycle) {
            let order = try TopologicalOrder.sort(dependencies)
            var depths = Array(repeating: 1, count: ids.count)
            for node in order {
                depths[node] = 1 + (dependencies[node].map { depths[$0] }.max() ?? 0)
            }
            guard depths.allSatisfy({ $0 <= WITResolver.maxDepth }) else {
                throw TopologicalOrder.Cycle(nodes: [])
            }
            return order.map { ids[$0] }
        } catch {
            guard !error.nodes.isEmpty else {
                throw WITError(.limit, "interfaces use one another more than \(WITResolver.maxDepth) deep")
            }
            let names = error.nodes.map { "`\(ids[$0])`" }.joined(separator: ", ")
            throw WITError(.cycle, "interfaces use one another in a circle: \(names)")
        }
    }

    private static func sorted(_ packages: [WITPackage]) throws(WITError) -> [WITPackage] {
        let indices = Dictionary(packages.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let dependencies = packages.enumerated().map { index, package in
            package.references.compactMap { indices[$0] }.filter { $0 != index }
        }
        do throws(TopologicalOrder.Cycle) {
            return try TopologicalOrder.sort(dependencies).map { packages[$0] }
        } catch {
            let names = error.nodes.map { "`\(packages[$0].name)`" }.joined(separator: ", ")
            throw WITError(.cycle, "packages depend on one another in a circle: \(names)")
        }
    }

    // MARK: - Names

    /// A name that WIT text can hold.
    func identifier(_ text: String) throws(WITError) -> String {
        if let fault = WITCharacters.identifierFault(text) {
            throw invalid("the name `\(WITCharacters.shown(text))` \(fault)")
        }
        return text
    }

    /// The error that the component cannot be said in WIT.
    func invalid(_ message: String) -> WITError {
        WITError(.invalid, message)
    }
}

extension WITPackage {
    /// The packages that this one refers to, in the order of the first reference.
    fileprivate var references: [WITPackageName] {
        var interfaces = self.interfaces.flatMap(\.dependencies)
        for world in worlds {
            interfaces += world.types.usedInterfaces
            for item in world.imports + world.exports {
                switch item.kind {
                case .interface(let id): interfaces.append(id)
                case .inlineInterface(let interface): interfaces += interface.dependencies
                case .function: break
                }
            }
        }
        var seen: Set<WITPackageName> = []
        return interfaces.map(\.package).filter { seen.insert($0).inserted }
    }
}
