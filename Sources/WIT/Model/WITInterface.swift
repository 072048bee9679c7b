// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A set of types and functions that are imported or exported together.
package struct WITInterface: Hashable, Sendable {
    /// The identity of the interface, which holds its name.
    package var id: WITInterfaceID
    /// The documentation, without comment marks.
    package var docs: String?
    /// The gate the interface stands behind.
    package var stability: WITStability
    /// The types: first those taken over with `use`, then the interface's own, each after those it refers to.
    package var types: [WITTypeDefinition]
    /// The functions that belong to no resource.
    package var functions: [WITFunction]

    /// Creates an interface.
    package init(
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
    package var name: String { id.name }

    /// The functions of the resources and then the others.
    package var allFunctions: [WITFunction] {
        types.flatMap(\.resourceFunctions) + functions
    }

    /// The interfaces whose types this one uses, in the order of their first use.
    package var dependencies: [WITInterfaceID] { types.usedInterfaces }
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
