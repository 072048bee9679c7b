// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Adds to a world the imports that it does not name, but whose types it uses.
///
/// An export may use the types of another export or of an import, but not of one through the other: then a type would
/// be there twice. See https://github.com/WebAssembly/component-model/issues/208.
struct WorldElaboration {
    private let interfaces: [WITInterfaceID: WITInterface]
    private var imports: [WITWorldItem] = []
    private var exports: [WITWorldItem] = []
    private var importKeys: Set<Key> = []
    private var exportKeys: Set<Key> = []
    /// The exports that the world names.
    private var namedExports: Set<Key> = []
    /// The interfaces that exports use and that must therefore be imports.
    private var requiredImports: Set<WITInterfaceID> = []

    /// The key that distinguishes one import, or one export, from another.
    private enum Key: Hashable {
        case plain(String)
        case interface(WITInterfaceID)
    }

    /// The world with all of its imports, each interface after those it uses.
    static func elaborated(
        _ world: WITWorld,
        interfaces: [WITInterfaceID: WITInterface],
        at range: WITSourceRange = .none
    ) throws(WITError) -> WITWorld {
        var elaboration = WorldElaboration(interfaces: interfaces)
        var result = world
        // Imports are printed and compared in this order: interfaces, types, functions.
        result.types = world.types.filter(\.isUse) + world.types.filter { !$0.isUse }
        for item in world.imports where item.interface != nil {
            elaboration.addImport(item)
        }
        for definition in result.types {
            if case .use(let target) = definition.kind, case .interface(let interface) = target.owner {
                elaboration.addImport(
                    WITWorldItem(plainName: nil, stability: definition.stability, kind: .interface(interface))
                )
            }
        }
        elaboration.exports = world.exports.filter { $0.interface == nil }
        let exported = world.exports.filter { $0.interface != nil }
        elaboration.namedExports = Set(exported.map(key))
        for item in exported {
            guard elaboration.addExport(item, isExport: true) else {
                throw WITError(
                    .invalid,
                    "the world `\(world.name)` exports `\(item.externName)`, which uses another of its exports through"
                        + " an interface that it does not export; export that interface too",
                    at: range
                )
            }
        }
        result.imports = elaboration.imports + world.imports.filter { $0.interface == nil }
        result.exports = elaboration.exports
        return result
    }

    private init(interfaces: [WITInterfaceID: WITInterface]) {
        self.interfaces = interfaces
    }

    private static func key(_ item: WITWorldItem) -> Key {
        if let name = item.plainName { return .plain(name) }
        return item.interface.map(Key.interface) ?? .plain("")
    }

    private func dependencies(_ item: WITWorldItem) -> [WITInterfaceID] {
        switch item.kind {
        case .interface(let id): interfaces[id]?.dependencies ?? []
        case .inlineInterface(let interface): interface.dependencies
        case .function: []
        }
    }

    private mutating func addImport(_ item: WITWorldItem) {
        guard !importKeys.contains(Self.key(item)) else { return }
        for dependency in dependencies(item) {
            addImport(WITWorldItem(plainName: nil, stability: item.stability, kind: .interface(dependency)))
        }
        importKeys.insert(Self.key(item))
        imports.append(item)
    }

    /// Adds an interface that is exported, or that an export uses.
    ///
    /// - Returns: Whether that leaves every type in one place only.
    private mutating func addExport(_ item: WITWorldItem, isExport: Bool) -> Bool {
        let key = Self.key(item)
        if exportKeys.contains(key) { return isExport }
        guard let id = item.interface else { return true }
        if !isExport && requiredImports.contains(id) { return true }
        for dependency in dependencies(item) {
            let isExported = isExport && namedExports.contains(.interface(dependency))
            let other = WITWorldItem(plainName: nil, stability: item.stability, kind: .interface(dependency))
            guard addExport(other, isExport: isExported) else { return false }
        }
        if isExport {
            if requiredImports.contains(id) { return false }
            exportKeys.insert(key)
            exports.append(item)
        } else {
            requiredImports.insert(id)
            if importKeys.insert(key).inserted {
                imports.append(item)
            }
        }
        return true
    }
}
