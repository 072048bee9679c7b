// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// The Swift types that stand for types of WIT.
struct SwiftTypeMapping {
    let model: WITModel
    let names: SwiftNames
    /// A Boolean value that tells whether types are written with their whole paths, so that they mean the same everywhere.
    var usesPaths = false

    /// A type where it is used within its owner.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - context: Where it is used, for the error.
    /// - Returns: The Swift type.
    /// - Throws: ``BindgenError`` for types that have no bindings yet.
    func swiftType(_ type: WITType, _ context: String) throws(BindgenError) -> String {
        switch type {
        case .primitive(let primitive): return try swiftType(primitive, context)
        case .named(let id), .own(let id), .borrow(let id):
            let name = usesPaths ? names.path(of: id) : names.localName(of: id)
            return isHostResource(id) ? "any \(name)" : name
        case .list(let element): return "[\(try swiftType(element, context))]"
        case .fixedLengthList(_, let length):
            // The engine has no setting that would let components have such types.
            throw unsupported("a list of fixed length (`list<…, \(length)>`)", context)
        case .map(let key, let value): return "[\(try swiftType(key, context)): \(try swiftType(value, context))]"
        case .tuple(let elements):
            var converted: [String] = []
            for element in elements {
                converted.append(try swiftType(element, context))
            }
            return "(\(converted.joined(separator: ", ")))"
        case .option(let value):
            let wrapped = try swiftType(value, context)
            return wrapped.hasPrefix("any ") ? "(\(wrapped))?" : "\(wrapped)?"
        case .result(let ok, let error):
            let success =
                try ok.map { type throws(BindgenError) in try swiftType(type, context) }
                ?? names.standard("Void")
            return "\(names.standard("Result"))<\(success), \(try failureType(error, context))>"
        case .stream: throw unsupported("a stream", context)
        case .future: throw unsupported("a future", context)
        }
    }

    private func swiftType(_ primitive: WITPrimitiveType, _ context: String) throws(BindgenError) -> String {
        switch primitive {
        case .bool: return names.standard("Bool")
        case .s8: return names.standard("Int8")
        case .s16: return names.standard("Int16")
        case .s32: return names.standard("Int32")
        case .s64: return names.standard("Int64")
        case .u8: return names.standard("UInt8")
        case .u16: return names.standard("UInt16")
        case .u32: return names.standard("UInt32")
        case .u64: return names.standard("UInt64")
        case .f32: return names.standard("Float")
        case .f64: return names.standard("Double")
        case .char: return "\(names.standard("Unicode")).Scalar"
        case .string: return names.standard("String")
        case .errorContext: throw unsupported("an error context", context)
        }
    }

    /// The type that is thrown for the error of a `result`.
    ///
    /// A type of its own conforms to `Error`; others are carried by one that does.
    func failureType(_ error: WITType?, _ context: String) throws(BindgenError) -> String {
        guard let error else { return "\(names.world).\(names.failure)<\(names.standard("Void"))>" }
        if nominal(error) != nil {
            return try swiftType(error, context)
        }
        return "\(names.world).\(names.failure)<\(try swiftType(error, context))>"
    }

    /// The definition that a type is, if it is one with a Swift type of its own.
    func nominal(_ type: WITType) -> WITTypeDefinition? {
        switch type {
        case .named(let id), .own(let id), .borrow(let id):
            // An existential type is no error.
            guard let definition = model.resolved(id), !isHostResource(id) else { return nil }
            switch definition.kind {
            case .record, .variant, .enum, .flags, .resource: return definition
            case .alias(let target): return nominal(target)
            case .use: return nil
            }
        default: return nil
        }
    }

    /// Returns whether a type is a resource that the host implements: its Swift type is a protocol.
    func isHostResource(_ id: WITTypeID) -> Bool {
        guard let definition = model.resolved(id), case .resource = definition.kind else { return false }
        switch definition.id.owner {
        case .world: return true
        case .interface(let interface): return names.imported.contains(interface)
        }
    }

    /// A type as it is written anywhere in the file.
    func fullType(_ type: WITType) throws(BindgenError) -> String {
        try SwiftTypeMapping(model: model, names: names, usesPaths: true).swiftType(type, "the world")
    }

    /// Returns whether the Swift type can be compared and hashed: tuples, `Void` and resources cannot.
    func isHashable(_ type: WITType) -> Bool {
        switch type {
        case .primitive: return true
        case .own, .borrow, .tuple, .stream, .future, .fixedLengthList: return false
        case .list(let element), .option(let element): return isHashable(element)
        case .map(let key, let value): return isHashable(key) && isHashable(value)
        case .result(let ok?, let error?): return isHashable(ok) && isHashable(error)
        case .result: return false
        case .named(let id):
            guard let definition = model.resolved(id) else { return false }
            return isHashable(definition)
        }
    }

    /// Returns whether the Swift type of a definition can be compared and hashed.
    func isHashable(_ definition: WITTypeDefinition) -> Bool {
        switch definition.kind {
        case .record(let fields): fields.allSatisfy { isHashable($0.type) }
        case .variant(let cases): cases.allSatisfy { $0.type.map(isHashable) ?? true }
        case .enum, .flags: true
        case .alias(let type): isHashable(type)
        case .resource, .use: false
        }
    }

    private func unsupported(_ what: String, _ context: String) -> BindgenError {
        BindgenError(code: .unsupported, message: "\(context) holds \(what), for which no bindings are generated yet")
    }
}
