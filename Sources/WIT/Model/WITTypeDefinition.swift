// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A type with a name.
package struct WITTypeDefinition: Hashable, Sendable {
    /// The kind of a type definition.
    package enum Kind: Hashable, Sendable {
        /// Named fields, all of which a value has.
        case record([WITField])
        /// Cases, one of which a value is.
        case variant([WITCase])
        /// Cases without payloads.
        case `enum`([WITLabel])
        /// Bits with names.
        case flags([WITLabel])
        /// Something that is passed by handle only, with the functions that belong to it.
        case resource([WITFunction])
        /// Another type. If the alias is of a resource, this holds `named` and is a resource too; `own` makes it
        /// a handle.
        case alias(WITType)
        /// The same type as one in another interface.
        case use(WITTypeID)
    }

    /// The identity of the type, which holds its name and owner.
    package var id: WITTypeID
    /// The documentation, without comment marks.
    package var docs: String?
    /// The gate the type stands behind.
    package var stability: WITStability
    /// The name by which the world outside knows the type, from `@external-id`.
    package var externalID: String?
    /// The kind of the definition.
    package var kind: Kind

    /// Creates a definition.
    package init(
        id: WITTypeID,
        docs: String? = nil,
        stability: WITStability = .ungated,
        externalID: String? = nil,
        kind: Kind
    ) {
        self.id = id
        self.docs = docs
        self.stability = stability
        self.externalID = externalID
        self.kind = kind
    }

    /// The name of the type.
    package var name: String { id.name }

    /// The functions that belong to the type, if it is a resource.
    package var resourceFunctions: [WITFunction] {
        if case .resource(let functions) = kind { functions } else { [] }
    }

    /// A Boolean value that tells whether the definition is a `use`.
    var isUse: Bool {
        if case .use = kind { true } else { false }
    }

    /// This definition with every name of a type in it replaced, its own included.
    func mapNames(_ transform: (WITTypeID) -> WITTypeID) -> WITTypeDefinition {
        var copy = self
        copy.id = transform(id)
        switch kind {
        case .record(let fields):
            copy.kind = .record(
                fields.map { WITField(name: $0.name, docs: $0.docs, type: $0.type.mapNames(transform)) }
            )
        case .variant(let cases):
            copy.kind = .variant(
                cases.map { WITCase(name: $0.name, docs: $0.docs, type: $0.type?.mapNames(transform)) }
            )
        case .enum, .flags: break
        case .resource(let functions): copy.kind = .resource(functions.map { $0.mapNames(transform) })
        case .alias(let type): copy.kind = .alias(type.mapNames(transform))
        case .use(let id): copy.kind = .use(transform(id))
        }
        return copy
    }
}

/// A field of a record.
package struct WITField: Hashable, Sendable {
    /// The name of the field.
    package var name: String
    /// The documentation, without comment marks.
    package var docs: String?
    /// The type of the field.
    package var type: WITType

    /// Creates a field.
    package init(name: String, docs: String? = nil, type: WITType) {
        self.name = name
        self.docs = docs
        self.type = type
    }
}

/// A case of a variant.
package struct WITCase: Hashable, Sendable {
    /// The name of the case.
    package var name: String
    /// The documentation, without comment marks.
    package var docs: String?
    /// The type of the payload, if the case has one.
    package var type: WITType?

    /// Creates a case.
    package init(name: String, docs: String? = nil, type: WITType? = nil) {
        self.name = name
        self.docs = docs
        self.type = type
    }
}

/// A case of an enum, or one of a set of flags.
package struct WITLabel: Hashable, Sendable {
    /// The name of the case or flag.
    package var name: String
    /// The documentation, without comment marks.
    package var docs: String?

    /// Creates a label.
    package init(name: String, docs: String? = nil) {
        self.name = name
        self.docs = docs
    }
}
