// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension LinkedComponent {
    /// The imports of a component and the types around them, with a module that is still empty.
    ///
    /// Identities are the component's own indices. Unlike ``init(linking:)`` this works for every component.
    /// - Throws: an error of the code `invalid` if a start function has more results than any has.
    package init(importsOf component: Component) throws(ComponentsError) {
        self.init(core: LinkedModule(), entries: [], customSections: [], nextIdentity: [:])
        var known: Set<Component.Reference> = []
        for section in component.sections {
            switch section.content {
            case .custom: break
            case .coreModule: nextIdentity[.core(.module), default: 0] += 1
            case .coreInstances(let instances):
                nextIdentity[.core(.instance), default: 0] += UInt32(truncatingIfNeeded: instances.count)
            case .coreTypes(let types): for type in types { try record(.coreType(type), &known) }
            case .component: nextIdentity[.component, default: 0] += 1
            case .instances(let instances):
                nextIdentity[.instance, default: 0] += UInt32(truncatingIfNeeded: instances.count)
            case .aliases(let aliases): for alias in aliases { try record(.alias(alias), &known) }
            case .types(let types): for type in types { try record(.type(type), &known) }
            case .canonicals(let canonicals): for canonical in canonicals { try record(.canonical(canonical), &known) }
            case .start(let start):
                guard start.results <= 1000 else {
                    throw ComponentsError(.invalid, "a start function has \(start.results) results")
                }
                try record(.start(start), &known)
            case .imports(let imports): for item in imports { try record(.import(item), &known) }
            case .exports(let exports): for export in exports { try record(.export(export), &known) }
            case .values(let values): nextIdentity[.value, default: 0] += UInt32(truncatingIfNeeded: values.count)
            }
        }
    }

    /// Counts a definition, and keeps it if it depends on nothing but imports.
    private mutating func record(
        _ definition: Component.Definition,
        _ known: inout Set<Component.Reference>
    ) throws(ComponentsError) {
        let identities = definition.produced().enumerated().map { offset, sort in
            Component.Reference(sort, nextIdentity[sort, default: 0] + UInt32(truncatingIfNeeded: offset))
        }
        for identity in identities { nextIdentity[identity.sort, default: 0] += 1 }
        var isKept: Bool
        switch definition {
        case .type(.resource): isKept = false
        case .type, .import, .alias, .coreType: isKept = true
        default: isKept = false
        }
        guard isKept else { return }
        _ = try definition.mapped { reference throws(ComponentsError) in
            // Core types of a group may refer to each other.
            isKept = isKept && (known.contains(reference) || identities.contains(reference))
            return reference.index
        }
        guard isKept else { return }
        known.formUnion(identities)
        entries.append(Entry(definition: definition, identities: identities))
    }
}
