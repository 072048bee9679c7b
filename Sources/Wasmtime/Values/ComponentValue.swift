// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A value of the component model, with its type's shape.
///
/// The cases are those of the
/// [component model's value types](https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-definitions);
/// `enum` is called `enumeration`, because of Swift's keyword. `stream`, `future` and `error-context` are not supported.
@nonexhaustive
public enum ComponentValue: Sendable, Hashable {
    /// A truth value.
    case bool(Bool)
    /// A signed 8-bit integer.
    case s8(Int8)
    /// An unsigned 8-bit integer.
    case u8(UInt8)
    /// A signed 16-bit integer.
    case s16(Int16)
    /// An unsigned 16-bit integer.
    case u16(UInt16)
    /// A signed 32-bit integer.
    case s32(Int32)
    /// An unsigned 32-bit integer.
    case u32(UInt32)
    /// A signed 64-bit integer.
    case s64(Int64)
    /// An unsigned 64-bit integer.
    case u64(UInt64)
    /// A 32-bit float.
    case f32(Float)
    /// A 64-bit float.
    case f64(Double)
    /// A Unicode scalar value.
    case char(Unicode.Scalar)
    /// A text.
    case string(String)
    /// Values of one type.
    case list([ComponentValue])
    /// Named fields, in the type's order.
    case record([Field])
    /// Values of given types, in order.
    case tuple([ComponentValue])
    /// A case with its payload, if it has one.
    indirect case variant(String, ComponentValue?)
    /// A case without payload.
    case enumeration(String)
    /// A value, or none.
    indirect case option(ComponentValue?)
    /// Success, with its payload if the type has one.
    indirect case ok(ComponentValue?)
    /// Failure, with its payload if the type has one.
    indirect case error(ComponentValue?)
    /// The names of the flags that are set.
    case flags([String])
    /// Keys with their values; needs ``Engine/Configuration/componentModelMaps``.
    case map([Entry])
    /// A handle to a resource of the host or of the guest.
    case resource(Resource)

    /// A field of a record.
    public struct Field: Sendable, Hashable {
        /// The field's name in the type.
        public var name: String
        /// The field's value.
        public var value: ComponentValue

        /// Creates a field.
        public init(_ name: String, _ value: ComponentValue) {
            self.name = name
            self.value = value
        }
    }

    /// A key of a map with its value.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public var key: ComponentValue
        /// The value.
        public var value: ComponentValue

        /// Creates an entry.
        public init(_ key: ComponentValue, _ value: ComponentValue) {
            self.key = key
            self.value = value
        }
    }

    /// The maximum nesting depth of values on their way in or out.
    ///
    /// Deeper ones are refused with an error.
    ///
    /// No component type is nested this deeply: its validation allows 100 levels.
    public static let maxDepth = 128

    /// A `list<u8>` with the bytes.
    ///
    /// Each byte takes 32 bytes on its way through the engine's C API. Use strings for anything large.
    public static func bytes(_ bytes: some Sequence<UInt8>) -> ComponentValue { .list(bytes.map { .u8($0) }) }

    /// The bytes of a `list<u8>`; `nil` for any other value.
    public var bytes: [UInt8]? {
        guard case .list(let elements) = self else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(elements.count)
        for element in elements {
            guard case .u8(let byte) = element else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
