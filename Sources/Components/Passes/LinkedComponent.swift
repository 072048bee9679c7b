// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

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
public struct LinkedComponent: Sendable {
    /// The module.
    public var core: LinkedModule
    /// The definitions around the module in their original order.
    var entries: [Entry]
    /// The custom sections to keep.
    var customSections: [CustomSection]
    /// The next free identity in each index space.
    var nextIdentity: [Component.Sort: UInt32]

    /// A definition with what it adds to the index spaces.
    ///
    /// References are identities that stay the same whatever is added or removed: the original indices for what was
    /// there at first. References to core functions, memories and tables are those of ``core``.
    struct Entry: Sendable {
        var definition: Component.Definition
        var identities: [Component.Reference]
    }

    /// Something that the component offers, with the core function behind it.
    public struct LiftedExport: Hashable, Sendable {
        /// The name of the exported instance that it is part of; nil if the function is exported directly.
        public var instance: String?
        /// The name of the function.
        public var name: String
        /// The number of the core function.
        public var function: UInt32
    }
}

// MARK: - Queries

extension LinkedComponent {
    /// The size of the memory at instantiation in bytes; 0 without a memory.
    public var initialMemorySize: UInt64 {
        guard let memory = core.memories.first else { return 0 }
        return memory.minimum.multipliedReportingOverflow(by: memory.pageSize).partialValue
    }

    /// The exported functions that are lifted from core functions.
    ///
    /// Functions of exported instances are found if the instance bundles them or a nested component passes them on.
    public var liftedExports: [LiftedExport] {
        var lifted: [UInt32: UInt32] = [:]
        var instances: [UInt32: [(name: String, function: UInt32)]] = [:]
        var components: [UInt32: Component] = [:]
        var result: [LiftedExport] = []
        for entry in entries {
            guard let identity = entry.identities.first?.index else { continue }
            switch entry.definition {
            case .canonical(.lift(let function, _, _)): lifted[identity] = core.resolved(function)
            case .component(let component): components[identity] = component
            case .instance(.exports(let exports)):
                instances[identity] = exports.compactMap { export in
                    guard export.item.sort == .function, let function = lifted[export.item.index] else { return nil }
                    return (export.name.name, function)
                }
            case .instance(.instantiate(let component, let arguments)):
                guard let component = components[component] else { continue }
                let items = Dictionary(arguments.map { ($0.name, $0.item) }) { first, _ in first }
                instances[identity] = component.functionsPassedThrough().compactMap { name, argument in
                    guard let item = items[argument], item.sort == .function, let function = lifted[item.index] else {
                        return nil
                    }
                    return (name, function)
                }
            case .export(let export):
                if export.item.sort == .function, let function = lifted[export.item.index] {
                    lifted[identity] = function
                    result.append(LiftedExport(instance: nil, name: export.name.name, function: function))
                } else if export.item.sort == .instance, let functions = instances[export.item.index] {
                    instances[identity] = functions
                    result += functions.map {
                        LiftedExport(instance: export.name.name, name: $0.name, function: $0.function)
                    }
                }
            default: break
            }
        }
        return result
    }

    /// The names of the component's imports that are left.
    public var importNames: [String] {
        entries.compactMap { if case .import(let item) = $0.definition { item.name.name } else { nil } }
    }
}

extension Component {
    /// The exports that are just imported functions, with the names of both.
    fileprivate func functionsPassedThrough() -> [(export: String, import: String)] {
        var functions: [String?] = []
        var result: [(export: String, import: String)] = []
        for section in sections {
            switch section.content {
            case .imports(let imports):
                functions += imports.filter { $0.type.sort == .function }.map(\.name.name)
            case .aliases(let aliases):
                functions += aliases.filter { $0.sort == .function }.map { _ in nil }
            case .canonicals(let canonicals):
                for case .lift in canonicals { functions.append(nil) }
            case .exports(let exports):
                for export in exports where export.item.sort == .function {
                    let index = Int(export.item.index)
                    let source = index < functions.count ? functions[index] : nil
                    functions.append(source)
                    if let source { result.append((export.name.name, source)) }
                }
            default: break
            }
        }
        return result
    }
}
