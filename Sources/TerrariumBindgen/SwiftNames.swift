// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// The Swift names of a world, its interfaces and their types.
///
/// All is nested in an enum named like the world, each interface in an enum named like itself. Where names of
/// interfaces would be equal, the package comes before them, then its namespace, then the version behind.
struct SwiftNames {
    /// The name of the world's enum.
    let world: String
    /// The interfaces of the world, in an order in which each comes after those it uses.
    let interfaceOrder: [WITInterfaceID]
    /// The names of the interfaces' enums.
    let interfaces: [WITInterfaceID: String]
    /// The names of the types within their enums.
    let types: [WITTypeID: String]
    /// The name of the type that carries errors which are no types of their own.
    let failure: String
    /// The name of the protocol of what the host provides to the whole world.
    let hostProtocol: String
    /// The name of the type of the component's instances.
    let instance: String
    /// The names of the protocols of what the host provides, within the interfaces' enums.
    let hostProtocols: [WITInterfaceID: String]
    /// The names of the types that have the functions of exported interfaces, within the interfaces' enums.
    let exports: [WITInterfaceID: String]
    /// The interfaces that the world imports; their resources are the host's.
    let imported: Set<WITInterfaceID>
    /// Every name of a type, for which the standard library's would be mistaken.
    private let all: Set<String>

    init(_ world: WITWorld, _ model: WITModel, name: String? = nil) {
        let order = Self.order(world, model)
        let worldName = SwiftNaming.typeName(name ?? world.name)
        let interfaces = Self.distinguish(order, worldName)
        var scope = UniqueNames(taken: Set(interfaces.values).union([worldName]))
        var types: [WITTypeID: String] = [:]
        for definition in world.types {
            types[definition.id] = scope.take(SwiftNaming.typeName(definition.name))
        }
        failure = scope.take("Failure")
        hostProtocol = scope.take("Imports")
        instance = scope.take("Instance")
        var hostProtocols: [WITInterfaceID: String] = [:]
        var exports: [WITInterfaceID: String] = [:]
        for id in order {
            // A type may be called as its interface; but then nothing in it could name the world's.
            var scope = UniqueNames(taken: [worldName])
            for definition in model.interface(id)?.types ?? [] {
                types[definition.id] = scope.take(SwiftNaming.typeName(definition.name))
            }
            hostProtocols[id] = scope.take("Imports")
            exports[id] = scope.take("Exports")
        }
        self.hostProtocols = hostProtocols
        self.exports = exports
        imported = Set(world.imports.compactMap(\.interface))
        self.world = worldName
        self.interfaceOrder = order
        self.interfaces = interfaces
        self.types = types
        all = Set(types.values).union(interfaces.values).union(hostProtocols.values).union(exports.values)
            .union([worldName, failure, hostProtocol, instance])
    }

    /// A type's name from anywhere.
    func path(of id: WITTypeID) -> String {
        let name = types[id] ?? SwiftNaming.typeName(id.name)
        switch id.owner {
        case .world: return "\(world).\(name)"
        case .interface(let interface): return "\(world).\(interfaces[interface] ?? "").\(name)"
        }
    }

    /// A type's name from within its owner.
    func localName(of id: WITTypeID) -> String {
        types[id] ?? SwiftNaming.typeName(id.name)
    }

    /// The name of a type of the standard library.
    func standard(_ name: String) -> String {
        all.contains(name) ? "Swift.\(name)" : name
    }

    private static func order(_ world: WITWorld, _ model: WITModel) -> [WITInterfaceID] {
        var seen: Set<WITInterfaceID> = []
        var order: [WITInterfaceID] = []
        // The world names every interface, each after those it uses.
        for id in (world.imports + world.exports).compactMap(\.interface) where seen.insert(id).inserted {
            order.append(id)
        }
        return order
    }

    private static func distinguish(_ ids: [WITInterfaceID], _ world: String) -> [WITInterfaceID: String] {
        var levels: [WITInterfaceID: Int] = [:]
        while true {
            let groups = Dictionary(grouping: ids) { candidates($0)[levels[$0] ?? 0] }
            let clashing = groups.flatMap { name, group in group.count > 1 || name == world ? group : [] }
            let movable = clashing.filter { (levels[$0] ?? 0) + 1 < candidates($0).count }
            guard !movable.isEmpty else { break }
            for id in movable {
                levels[id, default: 0] += 1
            }
        }
        var scope = UniqueNames(taken: [world])
        var names: [WITInterfaceID: String] = [:]
        for id in ids {
            names[id] = scope.take(candidates(id)[levels[id] ?? 0])
        }
        return names
    }

    /// The names that an interface could have, the shortest first.
    private static func candidates(_ id: WITInterfaceID) -> [String] {
        switch id {
        case .inline(_, let direction, let name):
            return ["\(name)", "\(direction == .import ? "imported" : "exported")-\(name)"].map(SwiftNaming.typeName)
        case .named(let package, let name):
            let long = "\(package.namespace)-\(package.name)-\(name)"
            var names = [name, "\(package.name)-\(name)", long].map(SwiftNaming.typeName)
            if let version = package.version {
                let digits = version.description.map { $0.isLetter || $0.isNumber ? $0 : "_" }
                names.append(SwiftNaming.typeName(long) + "_" + String(digits))
            }
            return names
        }
    }
}
