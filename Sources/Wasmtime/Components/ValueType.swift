// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A value type of the component model.
///
/// See the
/// [component model's explainer](https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-definitions).
@nonexhaustive
public indirect enum ValueType: Sendable, Hashable {
    /// A truth value.
    case bool
    /// A signed 8-bit integer.
    case s8
    /// An unsigned 8-bit integer.
    case u8
    /// A signed 16-bit integer.
    case s16
    /// An unsigned 16-bit integer.
    case u16
    /// A signed 32-bit integer.
    case s32
    /// An unsigned 32-bit integer.
    case u32
    /// A signed 64-bit integer.
    case s64
    /// An unsigned 64-bit integer.
    case u64
    /// A 32-bit float.
    case f32
    /// A 64-bit float.
    case f64
    /// A Unicode scalar value.
    case char
    /// A text.
    case string
    /// Values of one type.
    case list(ValueType)
    /// Named fields.
    case record([NamedType])
    /// Values of given types.
    case tuple([ValueType])
    /// One of several cases, with a payload or without.
    case variant([Case])
    /// One of several names.
    case enumeration([String])
    /// A value, or none.
    case option(ValueType)
    /// Success or failure, each with a payload or without.
    case result(ok: ValueType?, error: ValueType?)
    /// A set of names.
    case flags([String])
    /// Keys with values.
    case map(key: ValueType, value: ValueType)
    /// A handle that owns a resource.
    case own(ResourceType)
    /// A handle that borrows a resource.
    case borrow(ResourceType)
    /// A type that this binding has no values for, by its name.
    case unsupported(String)

    /// A field or a parameter.
    public struct NamedType: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The type of its values.
        public let type: ValueType

        /// Creates a field or a parameter.
        public init(_ name: String, _ type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// A case of a variant.
    public struct Case: Sendable, Hashable {
        /// The case's name.
        public let name: String
        /// The type of its payload, if it has one.
        public let payload: ValueType?

        /// Creates a case.
        public init(_ name: String, _ payload: ValueType? = nil) {
            self.name = name
            self.payload = payload
        }
    }
}

/// The type of a function.
public struct FunctionType: Sendable, Hashable {
    /// The parameters, in order.
    public let parameters: [ValueType.NamedType]
    /// The result, if there is one.
    public let result: ValueType?

    /// Creates a type.
    public init(parameters: [ValueType.NamedType], result: ValueType?) {
        self.parameters = parameters
        self.result = result
    }
}

/// The type of an import or export of a component.
@nonexhaustive
public indirect enum ExternType: Sendable, Hashable {
    /// A function.
    case function(FunctionType)
    /// An instance, with what it exports.
    case instance([NamedExtern])
    /// A resource type.
    case resource(ResourceType)
    /// A value type.
    case type(ValueType)
    /// A component.
    case component
    /// A core module.
    case module
    /// A core function.
    case coreFunction
}

/// A name that a component imports or exports, with its type.
public struct NamedExtern: Sendable, Hashable {
    /// The name, such as `eval` or `wasi:cli/stdout@0.2.0`.
    public let name: String
    /// The type of the import or export.
    public let type: ExternType
}
