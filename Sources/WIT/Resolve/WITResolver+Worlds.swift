// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITResolver {
    /// A world while it is being resolved, with the names that are taken.
    struct WorldBuilder {
        var world: WITWorld
        /// The plain names of imports and types, in lower case, and how they are written.
        private var importNames: [String: String] = [:]
        private var exportNames: [String: String] = [:]
        /// The places of interfaces that go by their paths, among imports and among exports.
        private var importPlaces: [WITInterfaceID: Int] = [:]
        private var exportPlaces: [WITInterfaceID: Int] = [:]

        init(_ world: WITWorld) {
            self.world = world
        }

        /// Takes a plain name.
        mutating func define(
            _ direction: WITDirection,
            _ name: String,
            at range: WITSourceRange
        ) throws(WITError) {
            let key = name.lowercased()
            let other =
                direction == .import
                ? importNames.updateValue(name, forKey: key) : exportNames.updateValue(name, forKey: key)
            guard let other else { return }
            let what = direction == .import ? "imports or types" : "exports"
            throw WITError(
                .duplicateName,
                other == name
                    ? "the world `\(world.name)` has two \(what) `\(name)`"
                    : "the world `\(world.name)` has \(what) `\(other)` and `\(name)`, which differ in case only",
                at: range
            )
        }

        /// Adds an import or export.
        mutating func append(_ item: WITWorldItem, _ direction: WITDirection) {
            let path = item.plainName == nil ? item.interface : nil
            if direction == .import {
                if let path { importPlaces[path] = world.imports.count }
                world.imports.append(item)
            } else {
                if let path { exportPlaces[path] = world.exports.count }
                world.exports.append(item)
            }
        }

        /// Returns whether an interface is there that goes by its path.
        func contains(_ interface: WITInterfaceID?, _ direction: WITDirection) -> Bool {
            interface.map { (direction == .import ? importPlaces : exportPlaces)[$0] != nil } ?? false
        }

        /// Gives an interface that goes by its path a gate, if it has none.
        mutating func gate(_ interface: WITInterfaceID?, _ direction: WITDirection, with stability: WITStability) {
            guard let interface else { return }
            if direction == .import {
                guard let place = importPlaces[interface], world.imports[place].stability == .ungated else { return }
                world.imports[place].stability = stability
            } else {
                guard let place = exportPlaces[interface], world.exports[place].stability == .ungated else { return }
                world.exports[place].stability = stability
            }
        }
    }

    /// Resolves a world.
    mutating func world(_ syntax: WITSyntax.World, _ scope: Scope) throws(WITError) -> WITWorld {
        let id = WITWorldID(package: scope.package, name: syntax.name.text)
        var builder = WorldBuilder(
            WITWorld(id: id, docs: syntax.attributes.docs, stability: syntax.attributes.stability)
        )
        var typeScope = TypeScope(owner: .world(id), scope: scope)
        builder.world.types = try types(
            syntax.items.compactMap { item in
                switch item {
                case .use(let use): .use(use)
                case .type(let type): .definition(type)
                case .import, .export, .include: nil
                }
            },
            &typeScope
        )
        for definition in builder.world.types {
            try builder.define(.import, definition.name, at: syntax.name.range)
        }
        for item in syntax.items {
            switch item {
            case .import(let extern): try add(extern, .import, to: &builder, typeScope)
            case .export(let extern): try add(extern, .export, to: &builder, typeScope)
            case .use, .type, .include: break
            }
        }
        for case .include(let include) in syntax.items where try isIncluded(include.attributes, scope.package) {
            try add(include, to: &builder, scope)
        }
        let world = try WorldElaboration.elaborated(builder.world, interfaces: interfaces, at: syntax.name.range)
        worlds[id] = world
        return world
    }

    private mutating func add(
        _ extern: WITSyntax.Extern,
        _ direction: WITDirection,
        to builder: inout WorldBuilder,
        _ typeScope: TypeScope
    ) throws(WITError) {
        let scope = typeScope.scope
        guard try isIncluded(extern.attributes, scope.package) else { return }
        var item = WITWorldItem(
            plainName: nil,
            docs: extern.attributes.docs,
            stability: extern.attributes.stability,
            externalID: extern.attributes.externalID,
            kind: .function(WITFunction(name: ""))
        )
        switch extern.kind {
        case .function(let syntax):
            try builder.define(direction, syntax.name.text, at: syntax.name.range)
            var function = try function(syntax, resource: nil, typeScope)
            (function.docs, function.stability, function.externalID) = (item.docs, item.stability, item.externalID)
            item = WITWorldItem(function)
        case .interface(let name, let items):
            try builder.define(direction, name.text, at: name.range)
            let id = WITInterfaceID.inline(world: builder.world.id, direction: direction, name: name.text)
            item.plainName = name.text
            item.kind = .inlineInterface(try interface(id, WITSyntax.Attributes(range: name.range), items, scope))
        case .named(let name, let path):
            try builder.define(direction, name.text, at: name.range)
            item.plainName = name.text
            item.kind = .interface(try interface(at: path, scope))
        case .path(let path):
            let id = try interface(at: path, scope)
            guard !builder.contains(id, direction) else {
                throw WITError(
                    .duplicateName,
                    "the world `\(builder.world.name)` \(direction == .import ? "imports" : "exports") `\(id)` twice",
                    at: path.range
                )
            }
            item.kind = .interface(id)
        }
        builder.append(item, direction)
    }

    // MARK: - Include

    private mutating func add(
        _ include: WITSyntax.Include,
        to builder: inout WorldBuilder,
        _ scope: Scope
    ) throws(WITError) {
        let includedID = try world(at: include.path, scope)
        guard var included = worlds[includedID] else {
            throw WITError(.unknownName, "there is no world `\(includedID)`", at: include.path.range)
        }
        var newNames: [String: WITSyntax.Include.Renaming] = [:]
        for renaming in include.renamings {
            guard newNames.updateValue(renaming, forKey: renaming.name.text) == nil else {
                throw WITError(.duplicateName, "`\(renaming.name.text)` is renamed twice", at: renaming.name.range)
            }
        }
        if included.id.package != scope.package {
            // The versions in gates are those of the other package.
            included = included.withoutVersionGates()
        }
        let copy = included.copied(to: builder.world.id) { newNames[$0]?.alias.text ?? $0 }
        for (old, new) in copy.typeNames {
            types[new] = types[old]
        }
        for definition in copy.world.types {
            try builder.define(.import, definition.name, at: include.path.range)
            builder.world.types.append(definition)
        }
        for direction in [WITDirection.import, .export] {
            for item in direction == .import ? copy.world.imports : copy.world.exports {
                if let name = item.plainName {
                    try builder.define(direction, name, at: include.path.range)
                } else if builder.contains(item.interface, direction) {
                    // What is gated in either world is so in both: as wasm-tools has it.
                    builder.gate(item.interface, direction, with: item.stability)
                    continue
                }
                if case .inlineInterface(let interface) = item.kind {
                    try register(interface, at: include.path.range)
                }
                builder.append(item, direction)
            }
        }
        for renaming in include.renamings where !included.plainNames.contains(renaming.name.text) {
            throw WITError(
                .unknownName,
                "the world `\(included.name)` has no import, export or type with the plain name"
                    + " `\(renaming.name.text)`; an interface that goes by its path cannot be renamed",
                at: renaming.name.range
            )
        }
    }
}

extension WITWorld {
    /// The plain names of imports, exports and types.
    fileprivate var plainNames: Set<String> {
        Set(types.map(\.name) + (imports + exports).compactMap(\.plainName))
    }

    /// This world as part of another one.
    ///
    /// - Returns: The world, and the identities of its types before and after.
    fileprivate func copied(
        to target: WITWorldID,
        rename: (String) -> String
    ) -> (world: WITWorld, typeNames: [(WITTypeID, WITTypeID)]) {
        func interfaceID(_ id: WITInterfaceID) -> WITInterfaceID {
            guard case .inline(self.id, let direction, let name) = id else { return id }
            return .inline(world: target, direction: direction, name: rename(name))
        }
        func typeID(_ id: WITTypeID) -> WITTypeID {
            switch id.owner {
            case .world(self.id): WITTypeID(owner: .world(target), name: rename(id.name))
            case .interface(let interface): WITTypeID(owner: .interface(interfaceID(interface)), name: id.name)
            case .world: id
            }
        }
        var typeNames: [(WITTypeID, WITTypeID)] = []
        func copied(_ definitions: [WITTypeDefinition]) -> [WITTypeDefinition] {
            typeNames += definitions.map { ($0.id, typeID($0.id)) }
            return definitions.map { $0.mapNames(typeID) }
        }
        func copied(_ item: WITWorldItem) -> WITWorldItem {
            var item = item
            item.plainName = item.plainName.map(rename)
            switch item.kind {
            case .interface: break
            case .function(var function):
                function = function.mapNames(typeID)
                function.name = rename(function.name)
                item.kind = .function(function)
            case .inlineInterface(var interface):
                interface.id = interfaceID(interface.id)
                interface.types = copied(interface.types)
                interface.functions = interface.functions.map { $0.mapNames(typeID) }
                item.kind = .inlineInterface(interface)
            }
            return item
        }
        var world = self
        world.types = copied(types)
        world.imports = imports.map(copied)
        world.exports = exports.map(copied)
        return (world, typeNames)
    }

    /// This world without any `@since`.
    fileprivate func withoutVersionGates() -> WITWorld {
        var world = self
        world.types = types.map { $0.withoutVersionGates() }
        world.imports = imports.map { $0.withoutVersionGates() }
        world.exports = exports.map { $0.withoutVersionGates() }
        return world
    }
}

extension WITStability {
    /// This gate, unless it names a version.
    fileprivate var withoutVersion: WITStability {
        switch self {
        case .ungated, .stable: .ungated
        case .unstable(let feature, _): .unstable(feature: feature)
        }
    }
}

extension WITFunction {
    fileprivate func withoutVersionGates() -> WITFunction {
        var function = self
        function.stability = stability.withoutVersion
        return function
    }
}

extension WITTypeDefinition {
    fileprivate func withoutVersionGates() -> WITTypeDefinition {
        var definition = self
        definition.stability = stability.withoutVersion
        if case .resource(let functions) = kind {
            definition.kind = .resource(functions.map { $0.withoutVersionGates() })
        }
        return definition
    }
}

extension WITWorldItem {
    fileprivate func withoutVersionGates() -> WITWorldItem {
        var item = self
        item.stability = stability.withoutVersion
        switch kind {
        case .interface: break
        case .function(let function): item.kind = .function(function.withoutVersionGates())
        case .inlineInterface(var interface):
            interface.stability = interface.stability.withoutVersion
            interface.types = interface.types.map { $0.withoutVersionGates() }
            interface.functions = interface.functions.map { $0.withoutVersionGates() }
            item.kind = .inlineInterface(interface)
        }
        return item
    }
}
