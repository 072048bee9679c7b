// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Packages of WIT in which every name is resolved.
///
/// Types refer to one another by identity (``WITTypeID``), which is made of names only: models of equal texts are
/// equal, and identities of one model are good in another.
///
///     let model = try WITModel(parsing: "package a:b; interface i { f: func() -> u8; }")
///     print(model.mainPackage.interfaces[0].functions[0].name)  // f
package struct WITModel: Sendable {
    /// The packages, each after those it refers to.
    package let packages: [WITPackage]
    /// The name of the package that the text is about, as opposed to those it depends on.
    package let mainPackageName: WITPackageName

    private let interfaces: [WITInterfaceID: WITInterface]
    private let worlds: [WITWorldID: WITWorld]
    private let types: [WITTypeID: WITTypeDefinition]

    /// Creates a model of packages whose names are known to be resolved, the main package among them.
    init(packages: [WITPackage], mainPackageName: WITPackageName) {
        self.packages = packages
        self.mainPackageName = mainPackageName
        var interfaces: [WITInterfaceID: WITInterface] = [:]
        var worlds: [WITWorldID: WITWorld] = [:]
        var types: [WITTypeID: WITTypeDefinition] = [:]
        for package in packages {
            for world in package.worlds {
                worlds[world.id] = world
                for definition in world.types {
                    types[definition.id] = definition
                }
                for case .inlineInterface(let interface) in (world.imports + world.exports).map(\.kind) {
                    interfaces[interface.id] = interface
                }
            }
            for interface in package.interfaces {
                interfaces[interface.id] = interface
            }
        }
        for definition in interfaces.values.flatMap(\.types) {
            types[definition.id] = definition
        }
        self.interfaces = interfaces
        self.worlds = worlds
        self.types = types
    }

    /// The package that the text is about.
    package var mainPackage: WITPackage {
        packages.first { $0.name == mainPackageName } ?? WITPackage(name: mainPackageName)
    }

    /// The interface with an identity.
    package func interface(_ id: WITInterfaceID) -> WITInterface? { interfaces[id] }

    /// The world with an identity.
    package func world(_ id: WITWorldID) -> WITWorld? { worlds[id] }

    /// The type with an identity, which may be an alias or a `use` of another.
    package func type(_ id: WITTypeID) -> WITTypeDefinition? { types[id] }

    /// The definition that a name leads to, past any `use` and past aliases of names.
    ///
    /// The definition's kind is `alias` only for a type without a name, such as `list<u8>`.
    package func resolved(_ id: WITTypeID) -> WITTypeDefinition? {
        var definition = types[id]
        while let current = definition {
            switch current.kind {
            case .use(let target), .alias(.named(let target)): definition = types[target]
            default: return current
            }
        }
        return nil
    }

    /// The world to work with: a world of the main package by its name, any by its path, or the only one.
    ///
    /// See "Specifying a World" in the component model's WIT.md.
    /// - Throws: ``WITError`` if there is no such world, or no name and several worlds.
    package func world(named name: String?) throws(WITError) -> WITWorld {
        let worlds = mainPackage.worlds
        let known = WITError.list(worlds.map(\.name))
        guard let name else {
            guard let only = worlds.first, worlds.count == 1 else {
                throw WITError(
                    .unknownName,
                    worlds.isEmpty
                        ? "the package \(mainPackageName) has no world"
                        : "the package \(mainPackageName) has several worlds; name one of \(known)"
                )
            }
            return only
        }
        if let world = worlds.first(where: { $0.name == name })
            ?? self.worlds.values.first(where: { $0.id.description == name })
        {
            return world
        }
        throw WITError(
            .unknownName,
            "there is no world `\(name)`" + (worlds.isEmpty ? "" : "; the package \(mainPackageName) has \(known)")
        )
    }
}

extension WITModel: Equatable {
    /// Returns whether two models have the same packages, in whatever order, and are about the same.
    package static func == (left: WITModel, right: WITModel) -> Bool {
        guard left.mainPackageName == right.mainPackageName, left.packages.count == right.packages.count else {
            return false
        }
        let others = Dictionary(right.packages.map { ($0.name, $0) }) { first, _ in first }
        return left.packages.allSatisfy { others[$0.name] == $0 }
    }
}
