// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Resolves the names of packages, one package after another, each after those it refers to.
struct WITResolver {
    /// The maximum length of a chain of definitions, or of interfaces, in which each needs the next.
    ///
    /// Because of this limit, code that walks a model may use recursion.
    static let maxDepth = 200

    /// The facts about a named type besides its definition.
    struct TypeFacts {
        /// A Boolean value that tells whether the name stands for a resource.
        var isResource = false
        /// A Boolean value that tells whether a value of the type holds a borrowed handle.
        var holdsBorrow = false
        /// The number of definitions one within another.
        var depth = 0
    }

    /// The item that a name at the top of a file or package stands for.
    enum TopLevelItem {
        case interface(WITInterfaceID)
        case world(WITWorldID)
        /// An item that its gate keeps out.
        case gatedOut(feature: String)
    }

    /// The scope in which names are looked up.
    struct Scope {
        let package: WITPackageName
        /// The names that the file gives to items, from `use`.
        let fileNames: [String: WITSyntax.Path]
    }

    let features: WITFeatures
    /// The items of the packages resolved so far, and of the current one.
    private var items: [WITPackageName: [String: TopLevelItem]] = [:]
    private(set) var interfaces: [WITInterfaceID: WITInterface] = [:]
    var worlds: [WITWorldID: WITWorld] = [:]
    var types: [WITTypeID: TypeFacts] = [:]
    /// The length of the longest chain of interfaces that leads from each.
    private var interfaceDepths: [WITInterfaceID: Int] = [:]

    init(features: WITFeatures) {
        self.features = features
    }

    /// Resolves a package.
    mutating func resolve(_ source: WITPackageSource) throws(WITError) -> WITPackage {
        var interfaceSources: [(syntax: WITSyntax.Interface, scope: Scope)] = []
        var worldSources: [(syntax: WITSyntax.World, scope: Scope)] = []
        items[source.name] = [:]
        for file in source.files {
            let scope = Scope(package: source.name, fileNames: try fileNames(file))
            for item in file {
                switch item {
                case .interface(let interface):
                    let id = WITInterfaceID.named(package: source.name, name: interface.name.text)
                    let isIncluded = try isIncluded(interface.attributes, source.name)
                    try define(
                        interface.name,
                        as: .interface(id),
                        gate: isIncluded ? nil : interface.attributes,
                        source
                    )
                    if isIncluded { interfaceSources.append((interface, scope)) }
                case .world(let world):
                    let id = WITWorldID(package: source.name, name: world.name.text)
                    let isIncluded = try isIncluded(world.attributes, source.name)
                    try define(world.name, as: .world(id), gate: isIncluded ? nil : world.attributes, source)
                    if isIncluded { worldSources.append((world, scope)) }
                case .use, .package: break
                }
            }
        }
        for file in source.files {
            try checkFileNames(file, Scope(package: source.name, fileNames: [:]))
        }
        var package = WITPackage(name: source.name, docs: source.docs)
        for index in try order(interfaceSources.map { ($0.syntax.name, $0.scope, uses($0.syntax)) }) {
            let (syntax, scope) = interfaceSources[index]
            let id = WITInterfaceID.named(package: source.name, name: syntax.name.text)
            package.interfaces.append(try interface(id, syntax.attributes, syntax.items, scope))
        }
        for index in try order(worldSources.map { ($0.syntax.name, $0.scope, includes($0.syntax)) }) {
            let (syntax, scope) = worldSources[index]
            package.worlds.append(try world(syntax, scope))
        }
        return package
    }

    // MARK: - Names

    private mutating func define(
        _ name: WITSyntax.Identifier,
        as item: TopLevelItem,
        gate: WITSyntax.Attributes?,
        _ source: WITPackageSource
    ) throws(WITError) {
        guard items[source.name]?[name.text] == nil else {
            throw WITError(
                .duplicateName,
                "the package `\(source.name)` defines `\(name.text)` twice",
                at: name.range
            )
        }
        if case .unstable(let feature, _)? = gate?.stability {
            items[source.name]?[name.text] = .gatedOut(feature: feature)
        } else {
            items[source.name]?[name.text] = item
        }
    }

    /// The names that a file gives to interfaces and worlds with `use`.
    private func fileNames(_ file: [WITSyntax.Item]) throws(WITError) -> [String: WITSyntax.Path] {
        var names: [String: WITSyntax.Path] = [:]
        var defined: Set<String> = []
        for item in file {
            let name: WITSyntax.Identifier
            switch item {
            case .use(let use):
                name = use.alias ?? use.path.name
                names[name.text] = use.path
            case .interface(let interface): name = interface.name
            case .world(let world): name = world.name
            case .package: continue
            }
            guard defined.insert(name.text).inserted else {
                throw WITError(.duplicateName, "the name `\(name.text)` is defined twice in this file", at: name.range)
            }
        }
        return names
    }

    /// Refuses a `use` at the top of a file of what is not there.
    private func checkFileNames(_ file: [WITSyntax.Item], _ scope: Scope) throws(WITError) {
        for case .use(let use) in file {
            _ = try item(at: use.path, scope)
        }
    }

    /// Returns the item that a path leads to.
    private func item(at path: WITSyntax.Path, _ scope: Scope) throws(WITError) -> TopLevelItem {
        var path = path
        if path.package == nil, let target = scope.fileNames[path.name.text] {
            path = WITSyntax.Path(package: target.package, name: target.name, range: path.range)
        }
        let package = path.package ?? scope.package
        if let item = items[package]?[path.name.text] {
            return item
        }
        throw WITError(
            .unknownName,
            "there is no interface or world `\(path.name.text)` in the package `\(package)`",
            at: path.range
        )
    }

    /// The interface that a path leads to.
    func interface(at path: WITSyntax.Path, _ scope: Scope) throws(WITError) -> WITInterfaceID {
        switch try item(at: path, scope) {
        case .interface(let id): return id
        case .world:
            throw WITError(.invalid, "`\(path.name.text)` is a world, not an interface", at: path.range)
        case .gatedOut(let feature): throw gatedOut(path.name.text, feature, at: path.range)
        }
    }

    /// The world that a path leads to.
    func world(at path: WITSyntax.Path, _ scope: Scope) throws(WITError) -> WITWorldID {
        switch try item(at: path, scope) {
        case .world(let id): return id
        case .interface:
            throw WITError(.invalid, "`\(path.name.text)` is an interface, not a world", at: path.range)
        case .gatedOut(let feature): throw gatedOut(path.name.text, feature, at: path.range)
        }
    }

    /// The error that something is used without its gate.
    func gatedOut(_ name: String, _ feature: String, at range: WITSourceRange) -> WITError {
        WITError(
            .unknownName,
            "`\(name)` is there only with the feature `\(feature)`, which is not turned on; what uses it must have the"
                + " same gate",
            at: range
        )
    }

    // MARK: - Gates

    /// Returns whether an item's gate lets it in.
    func isIncluded(_ attributes: WITSyntax.Attributes, _ package: WITPackageName) throws(WITError) -> Bool {
        switch attributes.stability {
        case .ungated: return true
        case .unstable(let feature, _): return features.contains(feature)
        case .stable(let since, _):
            guard let version = package.version else {
                throw WITError(
                    .invalid,
                    "`@since` needs a package with a version, such as `\(package)@\(since)`",
                    at: attributes.range
                )
            }
            guard !version.precedes(since) else {
                throw WITError(
                    .invalid,
                    "`@since` names version \(since), but the package is only at \(version)",
                    at: attributes.range
                )
            }
            return true
        }
    }

    // MARK: - Order

    /// Sorts items of the package so that each comes after those its paths lead to.
    private func order(
        _ nodes: [(name: WITSyntax.Identifier, scope: Scope, paths: [WITSyntax.Path])]
    ) throws(WITError) -> [Int] {
        let indices = Dictionary(nodes.enumerated().map { ($1.name.text, $0) }) { first, _ in first }
        var dependencies: [[Int]] = []
        for node in nodes {
            var targets: [Int] = []
            for path in node.paths {
                switch try item(at: path, node.scope) {
                case .interface(.named(node.scope.package, let name)):
                    targets += [indices[name]].compactMap(\.self)
                case .world(let id) where id.package == node.scope.package:
                    targets += [indices[id.name]].compactMap(\.self)
                default: break
                }
            }
            dependencies.append(targets)
        }
        do throws(TopologicalOrder.Cycle) {
            return try TopologicalOrder.sort(dependencies)
        } catch {
            let names = (error.nodes + error.nodes.prefix(1)).map { "`\(nodes[$0].name.text)`" }
            throw WITError(
                .cycle,
                "definitions need one another in a circle: \(names.joined(separator: " → "))",
                at: nodes[error.nodes[0]].name.range
            )
        }
    }

    private func uses(_ interface: WITSyntax.Interface) -> [WITSyntax.Path] {
        interface.items.compactMap(\.path)
    }

    private func includes(_ world: WITSyntax.World) -> [WITSyntax.Path] {
        world.items.compactMap { item in
            if case .include(let include) = item { include.path } else { nil }
        }
    }

    /// Records an interface, which nothing may lead to through too many others.
    mutating func register(_ interface: WITInterface, at range: WITSourceRange) throws(WITError) {
        let depth = 1 + (interface.dependencies.map { interfaceDepths[$0] ?? 0 }.max() ?? 0)
        guard depth <= Self.maxDepth else {
            throw WITError(.limit, "interfaces use one another more than \(Self.maxDepth) deep", at: range)
        }
        interfaceDepths[interface.id] = depth
        interfaces[interface.id] = interface
    }
}
