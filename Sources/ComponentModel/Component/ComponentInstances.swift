// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Component {
    /// An instance of a core module, or a bundle of core definitions that serves as one.
    package enum CoreInstance: Hashable, Sendable {
        /// Instantiates a core module.
        case instantiate(module: UInt32, arguments: [Argument])
        /// Bundles definitions under names.
        case exports([InlineExport])

        /// The core instance from which a module's imports from one module name are taken.
        package struct Argument: Hashable, Sendable {
            /// The module name in the imports.
            package var name: String
            /// The index of the core instance.
            package var instance: UInt32

            package init(name: String, instance: UInt32) {
                self.name = name
                self.instance = instance
            }
        }

        /// A named core definition.
        package struct InlineExport: Hashable, Sendable {
            /// Its name.
            package var name: String
            /// The index space.
            package var sort: CoreSort
            /// The index in it.
            package var index: UInt32

            package init(name: String, sort: CoreSort, index: UInt32) {
                self.name = name
                self.sort = sort
                self.index = index
            }
        }
    }

    /// An instance of a component, or a bundle of definitions that serves as one.
    package enum Instance: Hashable, Sendable {
        /// Instantiates a component.
        case instantiate(component: UInt32, arguments: [Argument])
        /// Bundles definitions under names.
        case exports([InlineExport])

        /// The definition from which an import of a component is taken.
        package struct Argument: Hashable, Sendable {
            /// The name of the import.
            package var name: String
            /// The definition that is passed.
            package var item: Reference

            package init(name: String, item: Reference) {
                self.name = name
                self.item = item
            }
        }

        /// A named definition.
        package struct InlineExport: Hashable, Sendable {
            /// Its name.
            package var name: ExternName
            /// The definition that it names.
            package var item: Reference

            package init(name: ExternName, item: Reference) {
                self.name = name
                self.item = item
            }
        }
    }

    /// A definition that stands for one from elsewhere.
    package struct Alias: Hashable, Sendable {
        /// The kind of definition that it stands for.
        package var sort: Sort
        /// The source of that definition.
        package var target: Target

        package init(sort: Sort, target: Target) {
            self.sort = sort
            self.target = target
        }

        /// The definition that an alias points to.
        package enum Target: Hashable, Sendable {
            /// An export of an instance.
            case export(instance: UInt32, name: String)
            /// An export of a core instance.
            case coreExport(instance: UInt32, name: String)
            /// A definition of an enclosing component or type, so many scopes further out.
            case outer(count: UInt32, index: UInt32)
        }
    }

    /// Something that the component needs.
    package struct Import: Hashable, Sendable {
        /// Its name.
        package var name: ExternName
        /// Its type.
        package var type: ExternType

        /// Creates an import.
        package init(name: ExternName, type: ExternType) {
            self.name = name
            self.type = type
        }
    }

    /// Something that the component offers; it also becomes a definition of its own.
    package struct Export: Hashable, Sendable {
        /// Its name.
        package var name: ExternName
        /// The definition that is exported.
        package var item: Reference
        /// The type it is exported with, if it is not just its own.
        package var type: ExternType?

        package init(name: ExternName, item: Reference, type: ExternType? = nil) {
            self.name = name
            self.item = item
            self.type = type
        }
    }

    /// A function to call at instantiation.
    package struct Start: Hashable, Sendable {
        /// The function.
        package var function: UInt32
        /// The values it is given.
        package var arguments: [UInt32]
        /// The number of values that it yields.
        package var results: UInt32
    }

    /// A constant value, with its encoding.
    package struct Value: Hashable, Sendable {
        /// Its type.
        package var type: ValueType
        /// Its encoding, which depends on its type.
        package var bytes: ArraySlice<UInt8>
    }
}

extension BinaryReader {
    mutating func coreInstance() throws(ComponentsError) -> Component.CoreInstance {
        switch try byte() {
        case 0:
            let module = try u32()
            typealias Argument = Component.CoreInstance.Argument
            let arguments = try vector(of: "arguments") { r throws(ComponentsError) -> Argument in
                let name = try r.name()
                guard try r.byte() == 0x12 else { throw r.malformed("an argument is no instance", at: r.position - 1) }
                return Argument(name: name, instance: try r.u32())
            }
            return .instantiate(module: module, arguments: arguments)
        case 1:
            return .exports(
                try vector(of: "exports") { r throws(ComponentsError) in
                    Component.CoreInstance.InlineExport(name: try r.name(), sort: try r.coreSort(), index: try r.u32())
                }
            )
        case let other: throw malformed("0x\(hex: other) is no core instance", at: position - 1)
        }
    }

    mutating func instance() throws(ComponentsError) -> Component.Instance {
        switch try byte() {
        case 0:
            let component = try u32()
            let arguments = try vector(of: "arguments") { r throws(ComponentsError) in
                Component.Instance.Argument(name: try r.name(), item: try r.reference())
            }
            return .instantiate(component: component, arguments: arguments)
        case 1:
            return .exports(
                try vector(of: "exports") { r throws(ComponentsError) in
                    Component.Instance.InlineExport(name: try r.externName(), item: try r.reference())
                }
            )
        case let other: throw malformed("0x\(hex: other) is no instance", at: position - 1)
        }
    }

    mutating func alias() throws(ComponentsError) -> Component.Alias {
        let sort = try sort()
        switch try byte() {
        case 0: return Component.Alias(sort: sort, target: .export(instance: try u32(), name: try name()))
        case 1: return Component.Alias(sort: sort, target: .coreExport(instance: try u32(), name: try name()))
        case 2: return Component.Alias(sort: sort, target: .outer(count: try u32(), index: try u32()))
        case let other: throw malformed("0x\(hex: other) is no alias", at: position - 1)
        }
    }

    mutating func componentImport() throws(ComponentsError) -> Component.Import {
        Component.Import(name: try externName(), type: try externType())
    }

    mutating func componentExport() throws(ComponentsError) -> Component.Export {
        let name = try externName()
        let item = try reference()
        return Component.Export(
            name: name,
            item: item,
            type: try optional { r throws(ComponentsError) in try r.externType() }
        )
    }

    mutating func start() throws(ComponentsError) -> Component.Start {
        let function = try u32()
        let arguments = try vector(of: "arguments") { r throws(ComponentsError) in try r.u32() }
        return Component.Start(function: function, arguments: arguments, results: try u32())
    }

    mutating func value() throws(ComponentsError) -> Component.Value {
        let type = try componentValueType()
        return Component.Value(type: type, bytes: try take(try size()))
    }
}

extension BinaryWriter {
    mutating func coreInstance(_ instance: Component.CoreInstance) {
        switch instance {
        case .instantiate(let module, let arguments):
            byte(0)
            u32(module)
            vector(arguments) {
                $0.name($1.name)
                $0.byte(0x12)
                $0.u32($1.instance)
            }
        case .exports(let exports):
            byte(1)
            vector(exports) {
                $0.name($1.name)
                $0.byte($1.sort.rawValue)
                $0.u32($1.index)
            }
        }
    }

    mutating func instance(_ instance: Component.Instance) {
        switch instance {
        case .instantiate(let component, let arguments):
            byte(0)
            u32(component)
            vector(arguments) {
                $0.name($1.name)
                $0.reference($1.item)
            }
        case .exports(let exports):
            byte(1)
            vector(exports) {
                $0.externName($1.name)
                $0.reference($1.item)
            }
        }
    }

    mutating func alias(_ alias: Component.Alias) {
        sort(alias.sort)
        switch alias.target {
        case .export(let instance, let name):
            byte(0)
            u32(instance)
            self.name(name)
        case .coreExport(let instance, let name):
            byte(1)
            u32(instance)
            self.name(name)
        case .outer(let count, let index):
            byte(2)
            u32(count)
            u32(index)
        }
    }

    mutating func componentImport(_ item: Component.Import) {
        externName(item.name)
        externType(item.type)
    }

    mutating func componentExport(_ export: Component.Export) {
        externName(export.name)
        reference(export.item)
        optional(export.type) { $0.externType($1) }
    }

    mutating func start(_ start: Component.Start) {
        u32(start.function)
        vector(start.arguments) { $0.u32($1) }
        u32(start.results)
    }

    mutating func value(_ value: Component.Value) {
        componentValueType(value.type)
        size(value.bytes.count)
        append(value.bytes)
    }
}
