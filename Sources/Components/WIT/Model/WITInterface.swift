// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A set of types and functions that are imported or exported together.
public struct WITInterface: Hashable, Sendable {
    /// The identity of the interface, which holds its name.
    public var id: WITInterfaceID
    /// The documentation, without comment marks.
    public var docs: String?
    /// The gate the interface stands behind.
    public var stability: WITStability
    /// The types: first those taken over with `use`, then the interface's own, each after those it refers to.
    public var types: [WITTypeDefinition]
    /// The functions that belong to no resource.
    public var functions: [WITFunction]

    /// Creates an interface.
    public init(
        id: WITInterfaceID,
        docs: String? = nil,
        stability: WITStability = .ungated,
        types: [WITTypeDefinition] = [],
        functions: [WITFunction] = []
    ) {
        self.id = id
        self.docs = docs
        self.stability = stability
        self.types = types
        self.functions = functions
    }

    /// The name of the interface.
    public var name: String { id.name }

    /// The functions of the resources and then the others.
    public var allFunctions: [WITFunction] {
        types.flatMap(\.resourceFunctions) + functions
    }

    /// The interfaces whose types this one uses, in the order of their first use.
    public var dependencies: [WITInterfaceID] { types.usedInterfaces }
}

extension [WITTypeDefinition] {
    /// The interfaces that types are taken over from, in the order of their first use.
    var usedInterfaces: [WITInterfaceID] {
        var seen: Set<WITInterfaceID> = []
        var interfaces: [WITInterfaceID] = []
        for definition in self {
            if case .use(let target) = definition.kind, case .interface(let interface) = target.owner,
                seen.insert(interface).inserted
            {
                interfaces.append(interface)
            }
        }
        return interfaces
    }
}
