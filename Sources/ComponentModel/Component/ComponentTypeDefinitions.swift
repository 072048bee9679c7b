// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Component {
    /// A type that needs no definition.
    package enum PrimitiveType: UInt8, Hashable, Sendable, CaseIterable {
        /// A truth value.
        case bool = 0x7f
        /// A signed integer of 8 bits.
        case s8 = 0x7e
        /// An unsigned integer of 8 bits.
        case u8 = 0x7d
        /// A signed integer of 16 bits.
        case s16 = 0x7c
        /// An unsigned integer of 16 bits.
        case u16 = 0x7b
        /// A signed integer of 32 bits.
        case s32 = 0x7a
        /// An unsigned integer of 32 bits.
        case u32 = 0x79
        /// A signed integer of 64 bits.
        case s64 = 0x78
        /// An unsigned integer of 64 bits.
        case u64 = 0x77
        /// A floating-point number of 32 bits.
        case f32 = 0x76
        /// A floating-point number of 64 bits.
        case f64 = 0x75
        /// A Unicode scalar value.
        case char = 0x74
        /// A string.
        case string = 0x73
        /// Information about an error of an asynchronous operation.
        case errorContext = 0x64
    }

    /// The type of a value where it is used: primitive, or the index of a definition.
    package enum ValueType: Hashable, Sendable {
        /// A primitive type.
        case primitive(PrimitiveType)
        /// A defined type.
        case index(UInt32)
    }

    /// A label with a type: a field of a record or a parameter.
    package struct LabeledType: Hashable, Sendable {
        /// The label.
        package var name: String
        /// The type.
        package var type: ValueType

        /// Creates a labelled type.
        package init(_ name: String, _ type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// A case of a variant.
    package struct VariantCase: Hashable, Sendable {
        /// Its label.
        package var name: String
        /// The type of what it carries, if anything.
        package var type: ValueType?

        package init(name: String, type: ValueType? = nil) {
            self.name = name
            self.type = type
        }
    }

    /// The type of a component function.
    package struct FunctionType: Hashable, Sendable {
        /// The parameters.
        package var parameters: [LabeledType]
        /// The type of the result, if there is one.
        package var result: ValueType?
        /// A Boolean value that tells whether it may suspend its caller.
        package var isAsync: Bool

        /// Creates a function type.
        package init(parameters: [LabeledType], result: ValueType?, isAsync: Bool = false) {
            self.parameters = parameters
            self.result = result
            self.isAsync = isAsync
        }
    }

    /// A definition in a type section.
    package enum TypeDefinition: Hashable, Sendable {
        /// Another name for a primitive type.
        case primitive(PrimitiveType)
        /// Fields with names.
        case record([LabeledType])
        /// One of several cases.
        case variant([VariantCase])
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
        case own(UInt32)
        /// A handle for the duration of a call.
        case borrow(UInt32)
        /// Values that arrive over time.
        case stream(ValueType?)
        /// A value that arrives later.
        case future(ValueType?)
        /// A function.
        case function(FunctionType)
        /// A component.
        case component([Declaration])
        /// An instance.
        case instance([Declaration])
        /// A resource implemented by this component.
        case resource(representation: CoreValueType, destructor: UInt32?)
    }

    /// A declaration in the type of a component or instance.
    package indirect enum Declaration: Hashable, Sendable {
        /// A core type.
        case coreType(CoreType)
        /// A type.
        case type(TypeDefinition)
        /// An alias.
        case alias(Alias)
        /// An import; only in component types.
        case `import`(ExternName, ExternType)
        /// An export.
        case export(ExternName, ExternType)
    }

    /// The type of an import or export.
    package enum ExternType: Hashable, Sendable {
        /// A core module of a core type.
        case coreModule(type: UInt32)
        /// A function of a type.
        case function(type: UInt32)
        /// A value equal to another one.
        case valueEqual(UInt32)
        /// A value of a type.
        case value(ValueType)
        /// A type equal to another one.
        case typeEqual(UInt32)
        /// A fresh resource type.
        case resource
        /// A component of a type.
        case component(type: UInt32)
        /// An instance of a type.
        case instance(type: UInt32)

        /// The index space it adds to.
        package var sort: Sort {
            switch self {
            case .coreModule: .core(.module)
            case .function: .function
            case .valueEqual, .value: .value
            case .typeEqual, .resource: .type
            case .component: .component
            case .instance: .instance
            }
        }
    }

    /// A definition in a core type section.
    package enum CoreType: Hashable, Sendable {
        /// Core types as a core module defines them.
        case group(CoreRecursionGroup)
        /// The type of a core module.
        case module([CoreModuleDeclaration])
    }

    /// A declaration in the type of a core module.
    package enum CoreModuleDeclaration: Hashable, Sendable {
        /// An import.
        case `import`(CoreModule.Import)
        /// A type.
        case type(CoreType)
        /// A type of an enclosing scope.
        case outerAlias(count: UInt32, index: UInt32)
        /// An export.
        case export(name: String, type: CoreExternType)
    }
}
