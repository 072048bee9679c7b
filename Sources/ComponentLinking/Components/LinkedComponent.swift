// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// A component whose core modules were linked into one, in a form that can be edited.
///
/// ``init(linking:)`` makes it of any component that can be linked, ``component()`` makes a component of it again.
/// In between, host functions can be bound to functions of the module, other modules merged into it, and imports and
/// exports added or dropped.
///
/// ```swift
/// var linked = try LinkedComponent(linking: try Component(decoding: bytes))
/// try linked.moveGlobalsToMemory()
/// let image = try linked.extractMemory()
/// let result = try linked.component().encoded()
/// ```
package struct LinkedComponent: Sendable {
    /// The module.
    package var core: LinkedModule
    /// The definitions around the module in their original order.
    package var entries: [Entry]
    /// The custom sections to keep.
    var customSections: [CustomSection]
    /// The next free identity in each index space.
    package var nextIdentity: [Component.Sort: UInt32]

    /// A definition with what it adds to the index spaces.
    ///
    /// References are identities that stay the same whatever is added or removed: the original indices for what was
    /// there at first. References to core functions, memories and tables are those of ``core``.
    package struct Entry: Sendable {
        package var definition: Component.Definition
        package var identities: [Component.Reference]
    }
}

// MARK: - Queries

extension LinkedComponent {
    /// The size of the memory at instantiation in bytes; 0 without a memory.
    package var initialMemorySize: UInt64 {
        core.memories.first?.minimumBytes ?? 0
    }

    /// The names of the component's imports that are left.
    package var importNames: [String] {
        entries.compactMap { if case .import(let item) = $0.definition { item.name.name } else { nil } }
    }
}
