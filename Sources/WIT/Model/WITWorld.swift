// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The imports and exports of a component.
///
/// A world is elaborated: what it includes is part of it, and it imports every interface that something in it uses
/// types of.
package struct WITWorld: Hashable, Sendable {
    /// The identity of the world, which holds its name.
    package var id: WITWorldID
    /// The documentation, without comment marks.
    package var docs: String?
    /// The gate the world stands behind.
    package var stability: WITStability
    /// The types of the world itself, which are imports of it: first those taken over with `use`.
    package var types: [WITTypeDefinition]
    /// The imports but for types: interfaces, each after those it uses, and then functions.
    package var imports: [WITWorldItem]
    /// The exports: functions, and then interfaces, each after those it uses.
    package var exports: [WITWorldItem]

    /// Creates a world.
    package init(
        id: WITWorldID,
        docs: String? = nil,
        stability: WITStability = .ungated,
        types: [WITTypeDefinition] = [],
        imports: [WITWorldItem] = [],
        exports: [WITWorldItem] = []
    ) {
        self.id = id
        self.docs = docs
        self.stability = stability
        self.types = types
        self.imports = imports
        self.exports = exports
    }

    /// The name of the world.
    package var name: String { id.name }
}

/// An import or export of a world.
package struct WITWorldItem: Hashable, Sendable {
    /// The interface or function that is imported or exported.
    package enum Kind: Hashable, Sendable {
        /// An interface of a package.
        case interface(WITInterfaceID)
        /// An interface of its own.
        case inlineInterface(WITInterface)
        /// A function.
        case function(WITFunction)
    }

    /// The plain name, or nil for an interface that goes by its path.
    package var plainName: String?
    /// The documentation of the import or export, without comment marks; a function holds its own.
    package var docs: String?
    /// The gate the item stands behind; a function holds its own.
    package var stability: WITStability
    /// The name by which the world outside knows the item, from `@external-id`; a function holds its own.
    package var externalID: String?
    /// The interface or function that is imported or exported.
    package var kind: Kind

    /// Creates an import or export of an interface.
    package init(
        plainName: String?,
        docs: String? = nil,
        stability: WITStability = .ungated,
        externalID: String? = nil,
        kind: Kind
    ) {
        self.plainName = plainName
        self.docs = docs
        self.stability = stability
        self.externalID = externalID
        self.kind = kind
    }

    /// Creates an import or export of a function under its name.
    package init(_ function: WITFunction) {
        self.init(plainName: function.name, kind: .function(function))
    }

    /// The name in component binaries: the plain name, or the path of the interface.
    package var externName: String {
        if let plainName { return plainName }
        switch kind {
        case .interface(let id): return id.description
        case .inlineInterface(let interface): return interface.id.description
        case .function(let function): return function.externName
        }
    }

    /// The interface, if the item is one.
    package var interface: WITInterfaceID? {
        switch kind {
        case .interface(let id): id
        case .inlineInterface(let interface): interface.id
        case .function: nil
        }
    }
}
