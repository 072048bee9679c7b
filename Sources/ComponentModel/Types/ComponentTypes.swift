// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The imports and exports of a component, with all types resolved.
///
/// Indices, aliases and nested components are gone: an item is a function with its type, a type, or an instance with
/// items of its own. Types are identified by ``TypeID``, so two uses of one resource can be told to be the same.
///
/// ```swift
/// let component = try Component(decoding: bytes)
/// let types = try ComponentTypes(of: component)
/// for export in types.exports {
///     if case .function(let function) = export.item { print(export.name, function.parameters.map(\.name)) }
/// }
/// ```
package struct ComponentTypes: Sendable {
    /// The imports of the component, in the order of the file.
    package internal(set) var imports: [NamedItem] = []
    /// The exports of the component, in the order of the file.
    package internal(set) var exports: [NamedItem] = []
    var types: [TypeInformation] = []

    /// Makes an empty list.
    package init() {}

    /// The identity of a type in one component.
    package struct TypeID: Hashable, Sendable {
        let index: Int
    }

    /// The type of a value.
    package enum ValueType: Hashable, Sendable {
        /// A primitive type.
        case primitive(Component.PrimitiveType)
        /// A defined type.
        case defined(TypeID)
    }

    /// A name with a type: a field or a parameter.
    package struct Field: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The type.
        package var type: ValueType
    }

    /// A case of a variant.
    package struct Case: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The type of what it carries, if anything.
        package var type: ValueType?
    }

    /// The type of a function.
    package struct Function: Hashable, Sendable {
        /// The parameters.
        package var parameters: [Field]
        /// The type of the result, if there is one.
        package var result: ValueType?
        /// A Boolean value that tells whether it may suspend its caller.
        package var isAsync: Bool
    }

    /// The structure of a type.
    package enum Definition: Hashable, Sendable {
        /// A primitive type.
        case primitive(Component.PrimitiveType)
        /// Another defined type under a new name.
        case alias(TypeID)
        /// Fields with names.
        case record([Field])
        /// One of several cases.
        case variant([Case])
        /// Any number of elements.
        case list(ValueType)
        /// A fixed number of elements.
        case fixedLengthList(ValueType, count: UInt32)
        /// Fields without names.
        case tuple([ValueType])
        /// A set of labels.
        case flags([String])
        /// One of several labels.
        case enumeration([String])
        /// A value or nothing.
        case option(ValueType)
        /// Success or failure.
        case result(success: ValueType?, failure: ValueType?)
        /// Keys with values.
        case map(key: ValueType, value: ValueType)
        /// A handle that owns a resource.
        case own(TypeID)
        /// A handle for the duration of a call.
        case borrow(TypeID)
        /// Values that arrive over time.
        case stream(ValueType?)
        /// A value that arrives later.
        case future(ValueType?)
        /// A resource, equal only to itself.
        case resource
    }

    /// The information about a type.
    package struct TypeInformation: Hashable, Sendable {
        /// The name that it was imported or exported with.
        package internal(set) var name: String?
        /// The name of the imported or exported instance that it is part of; nil if it belongs to the world itself.
        package internal(set) var owner: String?
        /// The structure of the type.
        package internal(set) var definition: Definition
    }

    /// An import, an export, or a part of an instance.
    package struct NamedItem: Sendable {
        /// The name.
        package var name: String
        /// The further attributes that the binary gives to the name.
        package var attributes: [Component.ExternName.Attribute]
        /// The item that has the name.
        package var item: Item
    }

    /// Something that can be imported and exported.
    package indirect enum Item: Sendable {
        /// A function.
        case function(Function)
        /// A type.
        case type(TypeID)
        /// An instance, usually of an interface.
        case instance(Instance)
        /// A component.
        case component(Signature)
        /// A core module.
        case coreModule
        /// A value.
        case value(ValueType?)
    }

    /// The parts of an instance.
    package struct Instance: Sendable {
        /// The parts in the order of the file.
        package private(set) var items: [NamedItem]
        private let positions: [ExactName: Int]

        init(items: [NamedItem]) {
            self.items = items
            positions = Dictionary(items.indices.map { (ExactName(items[$0].name), $0) }) { first, _ in first }
        }

        /// The part with a name.
        package subscript(name: String) -> Item? {
            positions[ExactName(name)].map { items[$0].item }
        }
    }

    /// The imports and exports of a component that is itself imported or exported.
    package struct Signature: Sendable {
        /// The imports of the component.
        package var imports: [NamedItem]
        /// The exports of the component.
        package var exports: [NamedItem]
    }

    // MARK: - Queries

    /// Accesses the information about a type.
    package subscript(id: TypeID) -> TypeInformation { types[id.index] }

    /// The type that stands at the end of a chain of aliases.
    package func unaliased(_ id: TypeID) -> TypeID {
        var id = id
        // A type only refers to types before it, so the chain ends.
        while case .alias(let target) = types[id.index].definition { id = target }
        return id
    }

    /// Returns the structure of a type, whatever it is called.
    package func definition(of id: TypeID) -> Definition { types[unaliased(id).index].definition }

    /// The import with a name.
    package func `import`(named name: String) -> Item? { imports.first { $0.name.hasSameBytes(as: name) }?.item }

    /// The export with a name.
    package func export(named name: String) -> Item? { exports.first { $0.name.hasSameBytes(as: name) }?.item }
}
