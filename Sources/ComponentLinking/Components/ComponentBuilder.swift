// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// Appends definitions to a component and gives them their indices.
///
/// Definitions of one kind that follow each other share a section.
package struct ComponentBuilder {
    private var sections: [Component.Section] = []
    private var pending: [Item] = []
    private var counts: [Component.Sort: UInt32] = [:]

    package init() {}

    private mutating func count(_ sort: Component.Sort) -> UInt32 {
        defer { counts[sort, default: 0] += 1 }
        return counts[sort, default: 0]
    }

    /// The index that the next definition of a sort gets.
    package func nextIndex(_ sort: Component.Sort) -> UInt32 {
        counts[sort, default: 0]
    }

    package mutating func add(_ module: CoreModule) -> UInt32 {
        flush()
        sections.append(Component.Section(.coreModule(module)))
        return count(.core(.module))
    }

    package mutating func add(_ instance: Component.CoreInstance) -> UInt32 {
        append(.coreInstance(instance))
        return count(.core(.instance))
    }

    /// Gives an export of a core instance an index.
    package mutating func alias(_ name: String, of instance: UInt32, _ sort: Component.CoreSort) -> UInt32 {
        let alias = Component.Alias(sort: .core(sort), target: .coreExport(instance: instance, name: name))
        _ = add(.alias(alias))
        return (counts[.core(sort)] ?? 0) - 1
    }

    package mutating func add(_ section: CustomSection) {
        flush()
        sections.append(Component.Section(.custom(section)))
    }

    /// Adds a definition and returns its indices.
    package mutating func add(_ definition: Component.Definition) -> [Component.Reference] {
        append(.definition(definition))
        var result: [Component.Reference] = []
        for sort in definition.produced() { result.append(Component.Reference(sort, count(sort))) }
        return result
    }

    /// The component with everything that was added.
    package mutating func finish() -> Component {
        flush()
        var component = Component()
        component.sections = sections
        return component
    }

    // MARK: - Sections

    private mutating func append(_ item: Item) {
        if let first = pending.first, first.section != item.section { flush() }
        pending.append(item)
    }

    /// Makes a section of the definitions that are waiting.
    private mutating func flush() {
        guard let first = pending.first else { return }
        defer { pending = [] }
        switch first {
        case .coreInstance:
            add(.coreInstances(pending.compactMap { if case .coreInstance(let item) = $0 { item } else { nil } }))
        case .definition(let definition):
            let all = pending.compactMap { if case .definition(let item) = $0 { item } else { nil } }
            switch definition {
            case .coreType:
                add(.coreTypes(all.compactMap { if case .coreType(let item) = $0 { item } else { nil } }))
            case .instance:
                add(.instances(all.compactMap { if case .instance(let item) = $0 { item } else { nil } }))
            case .alias: add(.aliases(all.compactMap { if case .alias(let item) = $0 { item } else { nil } }))
            case .type: add(.types(all.compactMap { if case .type(let item) = $0 { item } else { nil } }))
            case .canonical:
                add(.canonicals(all.compactMap { if case .canonical(let item) = $0 { item } else { nil } }))
            case .import: add(.imports(all.compactMap { if case .import(let item) = $0 { item } else { nil } }))
            case .export: add(.exports(all.compactMap { if case .export(let item) = $0 { item } else { nil } }))
            case .value: add(.values(all.compactMap { if case .value(let item) = $0 { item } else { nil } }))
            case .component, .start:
                for item in all {
                    if case .component(let nested) = item { add(Component.Content.component(nested)) }
                    if case .start(let start) = item { add(Component.Content.start(start)) }
                }
            }
        }
    }

    private mutating func add(_ content: Component.Content) {
        sections.append(Component.Section(content))
    }

    private enum Item {
        case coreInstance(Component.CoreInstance)
        case definition(Component.Definition)

        /// The number of the section that it goes into.
        var section: UInt8 {
            switch self {
            case .coreInstance: 2
            case .definition(let definition):
                switch definition {
                case .coreType: 3
                case .component: 4
                case .instance: 5
                case .alias: 6
                case .type: 7
                case .canonical: 8
                case .start: 9
                case .import: 10
                case .export: 11
                case .value: 12
                }
            }
        }
    }
}
