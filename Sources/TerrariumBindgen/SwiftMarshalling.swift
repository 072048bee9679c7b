// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// Writes the code that turns Swift values into those of the engine and back.
///
/// Expressions do it for types without a name; those with a name have a function each, in a class that also knows the
/// resources on both sides. Names with an underscore in the middle are never names of WIT, so nothing is hidden by them.
struct SwiftMarshalling {
    let world: WITWorld
    let mapping: SwiftTypeMapping

    /// The class that has the functions; its instances belong to one instance of the component.
    var name: String { "\(mapping.names.world)_Context" }

    private var names: SwiftNames { mapping.names }

    /// The name of the table of a resource of the host.
    func table(_ id: WITTypeID) -> String { "resources_\(functionName(id))" }

    private func functionName(_ id: WITTypeID) -> String {
        names.path(of: id).split(separator: ".").joined(separator: "_")
    }

    // MARK: - From the engine

    /// An expression for what a value of the engine is in Swift.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - value: An expression for the value, which is evaluated once.
    ///   - context: An expression for the class's instance.
    ///   - depth: How many closures are around it.
    /// - Returns: The expression.
    /// - Throws: ``BindgenError`` for types that have no bindings yet.
    func decode(
        _ type: WITType,
        _ value: String,
        context: String = "self",
        depth: Int = 0
    ) throws(BindgenError) -> String {
        let item = "item_\(depth)"
        func inner(_ type: WITType, _ value: String) throws(BindgenError) -> String {
            try decode(type, value, context: context, depth: depth + 1)
        }
        switch type {
        case .primitive(let primitive): return "try \(value).\(Self.reader(primitive))()"
        case .list(.primitive(.u8)): return "try \(value).byteArray()"
        case .list(let element):
            return "try \(value).elements().map { \(item) in \(try inner(element, item)) }"
        case .map(let key, let element):
            let full = try mapping.fullType(type)
            let pair = "(\(try inner(key, "\(item).key")), \(try inner(element, "\(item).value")))"
            return "\(full)(try \(value).entries().map { \(item) in \(pair) }) { _, last in last }"
        case .tuple(let elements):
            let full = try mapping.fullType(type)
            var parts: [String] = []
            for (index, element) in elements.enumerated() { parts.append(try inner(element, "\(item)[\(index)]")) }
            let body =
                "let \(item) = try $0.elements(ofTuple: \(elements.count)); return (\(parts.joined(separator: ", ")))"
            return "try { (\(Self.argument(depth)): Wasmtime.ComponentValue) throws -> \(full) in "
                + body.replacing("$0", with: Self.argument(depth)) + " }(\(value))"
        case .option(let wrapped):
            return "try \(value).optionValue().map { \(item) in \(try inner(wrapped, item)) }"
        case .result(let ok, let error):
            let full = try mapping.fullType(type)
            let failure = try failureInitializer(error)
            let success = try ok.map { type throws(BindgenError) in
                try inner(type, "ComponentValue.present(\(item).payload)")
            }
            let reason = try error.map { type throws(BindgenError) in
                try inner(type, "ComponentValue.present(\(item).payload)")
            }
            return "try { (\(Self.argument(depth)): Wasmtime.ComponentValue) throws -> \(full) in "
                + "let \(item) = try \(Self.argument(depth)).outcome(); "
                + "return \(item).isSuccess ? .success(\(success ?? "()")) : .failure(\(failure(reason ?? "()"))) }(\(value))"
        case .named(let id), .own(let id), .borrow(let id): return try decode(named: id, value, context, depth)
        case .stream, .future, .fixedLengthList: throw Self.unsupported
        }
    }

    /// The mapping has refused such types before, and named them.
    private static let unsupported = BindgenError(
        code: .unsupported,
        message: "streams, futures and lists of fixed length have no bindings yet"
    )

    private func decode(
        named id: WITTypeID,
        _ value: String,
        _ context: String,
        _ depth: Int
    ) throws(BindgenError) -> String {
        guard let definition = mapping.model.resolved(id) else { return value }
        switch definition.kind {
        case .alias(let type): return try decode(type, value, context: context, depth: depth)
        case .resource where mapping.isHostResource(id):
            return "try \(context).\(table(definition.id)).element(\(value))"
        case .resource:
            return
                "\(names.path(of: definition.id))(resource_handle: Wasmtime.GuestResourceHandle(try \(value).resource(), "
                + "drops: \(context).base.drops), world_context: \(context))"
        default: return "try \(context).decode_\(functionName(definition.id))(\(value))"
        }
    }

    // MARK: - To the engine

    /// An expression for a Swift value in the engine; see ``decode(_:_:context:depth:)``.
    func encode(
        _ type: WITType,
        _ value: String,
        context: String = "self",
        depth: Int = 0
    ) throws(BindgenError) -> String {
        let item = "item_\(depth)"
        func inner(_ type: WITType, _ value: String) throws(BindgenError) -> String {
            try encode(type, value, context: context, depth: depth + 1)
        }
        let prefix = "Wasmtime.ComponentValue"
        switch type {
        case .primitive(let primitive): return "\(prefix).\(Self.caseName(primitive))(\(value))"
        case .list(.primitive(.u8)): return "\(prefix).bytes(\(value))"
        case .list(let element):
            let mark = canThrow(element) ? "try " : ""
            return "\(prefix).list(\(mark)\(value).map { \(item) in \(try inner(element, item)) })"
        case .map(let key, let element):
            let pair = "\(prefix).Entry(\(try inner(key, "\(item).key")), \(try inner(element, "\(item).value")))"
            let mark = canThrow(key) || canThrow(element) ? "try " : ""
            return "\(prefix).map(\(mark)\(value).map { \(item) in \(pair) })"
        case .tuple(let elements):
            var parts: [String] = []
            // A tuple of one element is that element.
            for (index, element) in elements.enumerated() {
                parts.append(try inner(element, elements.count == 1 ? value : "\(value).\(index)"))
            }
            return "\(prefix).tuple([\(parts.joined(separator: ", "))])"
        case .option(let wrapped):
            let mark = canThrow(wrapped) ? "try " : ""
            return "\(prefix).option(\(mark)\(value).map { \(item) in \(try inner(wrapped, item)) })"
        case .result(let ok, let error):
            let success = try ok.map { type throws(BindgenError) in try inner(type, "\(item)_s") } ?? "nil"
            let reason = try error.map { type throws(BindgenError) in try inner(type, failureValue(type, "\(item)_f")) }
            return "try { (\(Self.argument(depth)): \(try mapping.fullType(type))) throws -> \(prefix) in "
                + "switch \(Self.argument(depth)) { "
                + "case .success\(ok == nil ? "" : "(let \(item)_s)"): return .ok(\(success)); "
                + "case .failure\(error == nil ? "" : "(let \(item)_f)"): return .error(\(reason ?? "nil")) } }(\(value))"
        case .named(let id): return try encode(named: id, value, context, depth, isBorrowed: false)
        case .own(let id): return try encode(named: id, value, context, depth, isBorrowed: false)
        case .borrow(let id): return try encode(named: id, value, context, depth, isBorrowed: true)
        case .stream, .future, .fixedLengthList: throw Self.unsupported
        }
    }

    private func encode(
        named id: WITTypeID,
        _ value: String,
        _ context: String,
        _ depth: Int,
        isBorrowed: Bool
    ) throws(BindgenError) -> String {
        guard let definition = mapping.model.resolved(id) else { return value }
        switch definition.kind {
        case .alias(let type): return try encode(type, value, context: context, depth: depth)
        case .resource where mapping.isHostResource(id):
            return "try \(context).\(table(definition.id)).\(isBorrowed ? "lend" : "insert")(\(value))"
        case .resource: return "try \(value).resource_handle.\(isBorrowed ? "lend" : "take")()"
        default: return "try \(context).encode_\(functionName(definition.id))(\(value))"
        }
    }

    /// Returns whether the expression that encodes a type can throw: a `try` too many is a warning.
    private func canThrow(_ type: WITType) -> Bool {
        switch type {
        case .primitive, .list(.primitive(.u8)): false
        case .list(let element), .option(let element): canThrow(element)
        case .map(let key, let value): canThrow(key) || canThrow(value)
        case .tuple(let elements): elements.contains(where: canThrow)
        case .named(let id), .own(let id), .borrow(let id):
            if case .alias(let type)? = mapping.model.resolved(id)?.kind { canThrow(type) } else { true }
        case .result, .stream, .future, .fixedLengthList: true
        }
    }

    // MARK: - Failures

    /// Returns a function that turns the source text of a value into that of the error of a `result`.
    func failureInitializer(_ error: WITType?) throws(BindgenError) -> (String) -> String {
        if let error, mapping.nominal(error) != nil { return { $0 } }
        let type = try error.map { type throws(BindgenError) in try mapping.fullType(type) } ?? names.standard("Void")
        return { "\(names.world).\(names.failure)<\(type)>(\($0))" }
    }

    /// The type of the error of a `result`, as it is written anywhere.
    func failureType(_ error: WITType?) throws(BindgenError) -> String {
        try SwiftTypeMapping(model: mapping.model, names: names, usesPaths: true).failureType(error, "the world")
    }

    /// An expression for the value in an error.
    func failureValue(_ error: WITType, _ expression: String) -> String {
        mapping.nominal(error) == nil ? "\(expression).value" : expression
    }

    // MARK: - Functions of types with names

    /// Writes the functions for a type.
    func functions(for definition: WITTypeDefinition, _ writer: inout SwiftSourceWriter) throws(BindgenError) {
        let path = names.path(of: definition.id)
        let name = functionName(definition.id)
        let value = "Wasmtime.ComponentValue"
        func write(
            _ decoding: (inout SwiftSourceWriter) throws(BindgenError) -> Void,
            _ encoding: (inout SwiftSourceWriter) throws(BindgenError) -> Void
        ) throws(BindgenError) {
            writer.line()
            try writer.block("func decode_\(name)(_ value_in: \(value)) throws -> \(path)", decoding)
            writer.line()
            try writer.block("func encode_\(name)(_ value_in: \(path)) throws -> \(value)", encoding)
        }
        switch definition.kind {
        case .record(let fields):
            let names = UniqueNames.members(fields.map(\.name))
            let labels = names.map(SwiftNaming.escaped)
            try write { (writer) throws(BindgenError) in
                let list = fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
                writer.line("let fields_in = try value_in.fields([\(list)])")
                var arguments: [String] = []
                for (index, field) in fields.enumerated() {
                    arguments.append(
                        "\(SwiftNaming.label(names[index])): \(try decode(field.type, "fields_in[\(index)]"))"
                    )
                }
                writer.line("return \(path)(")
                for (index, argument) in arguments.enumerated() {
                    writer.line("    \(argument)\(index + 1 < arguments.count ? "," : "")")
                }
                writer.line(")")
            } _: { (writer) throws(BindgenError) in
                writer.line("\(value).record([")
                for (index, field) in fields.enumerated() {
                    let encoded = try encode(field.type, "value_in.\(labels[index])")
                    writer.line("    \(value).Field(\"\(field.name)\", \(encoded)),")
                }
                writer.line("])")
            }
        case .variant(let cases):
            let labels = UniqueNames.members(cases.map(\.name)).map(SwiftNaming.escaped)
            try write { (writer) throws(BindgenError) in
                writer.line("let case_in = try value_in.variantCase()")
                writer.line("switch case_in.name {")
                for (label, item) in zip(labels, cases) {
                    let payload = try item.type.map { type throws(BindgenError) in
                        "(\(try decode(type, "ComponentValue.present(case_in.payload)")))"
                    }
                    writer.line("case \"\(item.name)\": return \(path).\(label)\(payload ?? "")")
                }
                writer.line("default: throw Wasmtime.WasmtimeError(.typeMismatch, \"there is no such case\")")
                writer.line("}")
            } _: { (writer) throws(BindgenError) in
                writer.line("switch value_in {")
                for (label, item) in zip(labels, cases) {
                    let payload = try item.type.map { type throws(BindgenError) in try encode(type, "payload_in") }
                    let pattern = item.type == nil ? "" : "(let payload_in)"
                    writer.line("case .\(label)\(pattern): return .variant(\"\(item.name)\", \(payload ?? "nil"))")
                }
                writer.line("}")
            }
        case .enum(let cases):
            let labels = UniqueNames.members(cases.map(\.name)).map(SwiftNaming.escaped)
            try write { (writer) throws(BindgenError) in
                writer.line("switch try value_in.caseName() {")
                for (label, item) in zip(labels, cases) {
                    writer.line("case \"\(item.name)\": return \(path).\(label)")
                }
                writer.line("default: throw Wasmtime.WasmtimeError(.typeMismatch, \"there is no such case\")")
                writer.line("}")
            } _: { (writer) throws(BindgenError) in
                writer.line("switch value_in {")
                for (label, item) in zip(labels, cases) {
                    writer.line("case .\(label): return .enumeration(\"\(item.name)\")")
                }
                writer.line("}")
            }
        case .flags(let flags):
            let list = flags.map { "\"\($0.name)\"" }.joined(separator: ", ")
            try write { (writer) throws(BindgenError) in
                writer.line("let names_in: [\(names.standard("String"))] = [\(list)]")
                writer.line("var flags_in: \(path) = []")
                writer.line("for name_in in try value_in.flagNames() {")
                writer.line("    guard let index_in = names_in.firstIndex(of: name_in) else {")
                writer.line("        throw Wasmtime.WasmtimeError(.typeMismatch, \"there is no such flag\")")
                writer.line("    }")
                writer.line("    flags_in.formUnion(\(path)(rawValue: 1 << index_in))")
                writer.line("}")
                writer.line("return flags_in")
            } _: { (writer) throws(BindgenError) in
                writer.line("let names_in: [\(names.standard("String"))] = [\(list)]")
                writer.line("let set_in = names_in.indices.filter { value_in.rawValue & (1 << $0) != 0 }")
                writer.line("return .flags(set_in.map { names_in[$0] })")
            }
        case .resource, .alias, .use: break
        }
    }

    // MARK: - Names in the engine's binding

    private static func argument(_ depth: Int) -> String { "argument_\(depth)" }

    private static func reader(_ type: WITPrimitiveType) -> String {
        switch type {
        case .bool: "boolean"
        case .s8: "int8"
        case .s16: "int16"
        case .s32: "int32"
        case .s64: "int64"
        case .u8: "uint8"
        case .u16: "uint16"
        case .u32: "uint32"
        case .u64: "uint64"
        case .f32: "float"
        case .f64: "double"
        case .char: "scalar"
        case .string, .errorContext: "text"
        }
    }

    private static func caseName(_ type: WITPrimitiveType) -> String {
        switch type {
        case .bool: "bool"
        case .s8: "s8"
        case .s16: "s16"
        case .s32: "s32"
        case .s64: "s64"
        case .u8: "u8"
        case .u16: "u16"
        case .u32: "u32"
        case .u64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .char: "char"
        case .string, .errorContext: "string"
        }
    }
}
