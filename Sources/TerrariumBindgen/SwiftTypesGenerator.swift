// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// Generates the Swift types of a world.
///
/// Records become structs, variants and enums become enums, flags option sets, resources classes. `option` becomes
/// `Optional`, `result` becomes `Result` within types; lists become arrays. All types are `Sendable`, and `Hashable`
/// where Swift allows it.
struct SwiftTypesGenerator {
    let world: WITWorld
    let access: String
    let names: SwiftNames
    let mapping: SwiftTypeMapping
    let marshalling: SwiftMarshalling
    /// The types that are thrown.
    private let errors: Set<WITTypeID>
    private let needsFailure: Bool

    /// Prepares to generate the types of a world.
    ///
    /// - Parameters:
    ///   - model: The model that holds the world.
    ///   - worldName: The name or path of the world; nil if the main package has only one.
    ///   - name: What the Swift name is made of; the world's name if nil.
    ///   - accessLevel: Who may use what is generated; everyone by default.
    /// - Throws: ``BindgenError`` if there is no such world.
    init(
        model: WITModel,
        world worldName: String?,
        name: String? = nil,
        accessLevel: SwiftBindingsGenerator.AccessLevel = .public
    ) throws(BindgenError) {
        do throws(WITError) {
            world = try model.world(named: worldName).withoutWASI(model)
        } catch {
            throw BindgenError(code: .unknownWorld, message: error.message)
        }
        access = accessLevel.keyword
        names = SwiftNames(world, model, name: name)
        let mapping = SwiftTypeMapping(model: model, names: names)
        self.mapping = mapping
        marshalling = SwiftMarshalling(world: world, mapping: mapping)
        var errors: Set<WITTypeID> = []
        var needsFailure = false
        for type in Self.types(in: world, model) {
            type.forEachResult { error in
                if let definition = error.flatMap(mapping.nominal) {
                    errors.insert(definition.id)
                } else {
                    needsFailure = true
                }
            }
        }
        self.errors = errors
        self.needsFailure = needsFailure
    }

    /// Writes the types.
    func write(to writer: inout SwiftSourceWriter) throws(BindgenError) {
        writer.docs(world.docs ?? "The types of the world `\(world.id)`.")
        try writer.block("\(access)enum \(names.world)") { writer throws(BindgenError) in
            try definitions(world.types, &writer)
            if needsFailure {
                if !world.types.isEmpty {
                    writer.line()
                }
                failure(&writer)
            }
        }
        for id in names.interfaceOrder {
            guard let interface = mapping.model.interface(id) else { continue }
            writer.line()
            try writer.block("extension \(names.world)") { writer throws(BindgenError) in
                writer.docs(interface.docs ?? "The types of the interface `\(id)`.")
                try writer.block("\(access)enum \(names.interfaces[id] ?? "")") { writer throws(BindgenError) in
                    try definitions(interface.types, &writer)
                }
            }
        }
    }

    /// The type that carries errors which are no types of their own.
    private func failure(_ writer: inout SwiftSourceWriter) {
        let sendable = names.standard("Sendable")
        writer.docs("An error whose value is not an error by itself.")
        writer.block("\(access)struct \(names.failure)<Value: \(sendable)>: \(names.standard("Error"))") { writer in
            writer.docs("The value.")
            writer.line("\(access)var value: Value")
            writer.line()
            writer.docs("Creates an error from its value.")
            writer.block("\(access)init(_ value: Value)") { $0.line("self.value = value") }
        }
    }

    private func definitions(
        _ definitions: [WITTypeDefinition],
        _ writer: inout SwiftSourceWriter
    ) throws(BindgenError) {
        var isFirst = true
        for definition in definitions {
            if !isFirst {
                writer.line()
            }
            isFirst = false
            try self.definition(definition, &writer)
        }
    }

    // MARK: - Types

    private func definition(
        _ definition: WITTypeDefinition,
        _ writer: inout SwiftSourceWriter
    ) throws(BindgenError) {
        let name = names.localName(of: definition.id)
        let context = "the type `\(definition.id)`"
        if definition.docs != nil || !definition.isUse {
            writer.docs(definition.docs ?? "The type `\(definition.name)`.")
        }
        switch definition.kind {
        case .use(let target): writer.line("\(access)typealias \(name) = \(names.path(of: target))")
        case .alias(.named(let target)) where mapping.isHostResource(target):
            writer.line("\(access)typealias \(name) = \(names.localName(of: target))")
        case .alias(let type):
            let target = try mapping.swiftType(type, context)
            writer.line("\(access)typealias \(name) = \(target)")
        case .record(let fields): try record(fields, definition, name, context, &writer)
        case .variant(let cases):
            let labels = UniqueNames.members(cases.map(\.name))
            let conformances = conformances(definition, ["Sendable"])
            try writer.block("\(access)enum \(name): \(conformances)") { writer throws(BindgenError) in
                for (label, item) in zip(labels, cases) {
                    let payload = try item.type.map { type throws(BindgenError) in
                        "(\(try mapping.swiftType(type, context)))"
                    }
                    writer.docs(item.docs ?? "The case `\(item.name)`.")
                    writer.line("case \(SwiftNaming.escaped(label))\(payload ?? "")")
                }
            }
        case .enum(let cases):
            let labels = UniqueNames.members(cases.map(\.name))
            let conformances = conformances(definition, ["CaseIterable", "Sendable"])
            writer.block("\(access)enum \(name): \(conformances)") { writer in
                for (label, item) in zip(labels, cases) {
                    writer.docs(item.docs ?? "The case `\(item.name)`.")
                    writer.line("case \(SwiftNaming.escaped(label))")
                }
            }
        case .flags(let flags): self.flags(flags, definition, name, &writer)
        case .resource: try resource(definition, name, &writer)
        }
    }

    private func conformances(_ definition: WITTypeDefinition, _ conformances: [String]) -> String {
        var conformances = conformances
        if mapping.isHashable(definition) { conformances.append("Hashable") }
        if errors.contains(definition.id) { conformances.append("Error") }
        return conformances.sorted().map(names.standard).joined(separator: ", ")
    }

    private func record(
        _ fields: [WITField],
        _ definition: WITTypeDefinition,
        _ name: String,
        _ context: String,
        _ writer: inout SwiftSourceWriter
    ) throws(BindgenError) {
        let labels = UniqueNames.members(fields.map(\.name))
        var properties: [(name: String, type: String, isOptional: Bool)] = []
        for (label, field) in zip(labels, fields) {
            let isOptional = if case .option = field.type { true } else { false }
            properties.append((SwiftNaming.escaped(label), try mapping.swiftType(field.type, context), isOptional))
        }
        writer.block("\(access)struct \(name): \(conformances(definition, ["Sendable"]))") { writer in
            for (property, field) in zip(properties, fields) {
                writer.docs(field.docs ?? "The field `\(field.name)`.")
                writer.line("\(access)var \(property.name): \(property.type)")
            }
            writer.line()
            writer.docs("Creates a value from its fields.")
            let parameters = properties.map { "\($0.name): \($0.type)\($0.isOptional ? " = nil" : "")" }
            writer.block("\(access)init(\(parameters.joined(separator: ", ")))") { writer in
                for property in properties {
                    writer.line("self.\(property.name) = \(property.name)")
                }
            }
        }
    }

    private func flags(
        _ flags: [WITLabel],
        _ definition: WITTypeDefinition,
        _ name: String,
        _ writer: inout SwiftSourceWriter
    ) {
        let labels = UniqueNames.members(flags.map(\.name))
        let bits = flags.count <= 8 ? "UInt8" : flags.count <= 16 ? "UInt16" : "UInt32"
        let rawValue = names.standard(bits)
        writer.block("\(access)struct \(name): \(conformances(definition, ["OptionSet", "Sendable"]))") { writer in
            writer.docs("The bits of the flags that are set.")
            writer.line("\(access)var rawValue: \(rawValue)")
            writer.line()
            writer.docs("Creates flags from their bits.")
            writer.block("\(access)init(rawValue: \(rawValue))") { $0.line("self.rawValue = rawValue") }
            for (index, (label, flag)) in zip(labels, flags).enumerated() {
                writer.line()
                writer.docs(flag.docs ?? "The flag `\(flag.name)`.")
                writer.line("\(access)static let \(SwiftNaming.escaped(label)) = Self(rawValue: 1 << \(index))")
            }
        }
    }

    private func resource(
        _ definition: WITTypeDefinition,
        _ name: String,
        _ writer: inout SwiftSourceWriter
    ) throws(BindgenError) {
        let methods = ResourceMembers(definition, names).methods
        guard !mapping.isHostResource(definition.id) else {
            let head = "\(access)protocol \(name): AnyObject, \(names.standard("Sendable"))"
            try writer.block(head) { writer throws(BindgenError) in
                for (index, method) in methods.enumerated() {
                    if index > 0 { writer.line() }
                    writer.docs(method.function.docs ?? "The method `\(method.function.name)`.")
                    let signature = try SwiftSignature(method.function, mapping)
                    writer.line(signature.declaration(named: method.name))
                }
            }
            return
        }
        let conformances = conformances(definition, ["Sendable"])
        try writer.block("\(access)final class \(name): \(conformances)") { writer throws(BindgenError) in
            writer.line("fileprivate let resource_handle: Wasmtime.GuestResourceHandle")
            writer.line("fileprivate let world_context: \(marshalling.name)")
            writer.line()
            writer.block(
                "fileprivate init(resource_handle: Wasmtime.GuestResourceHandle, world_context: \(marshalling.name))"
            ) { writer in
                writer.line("self.resource_handle = resource_handle")
                writer.line("self.world_context = world_context")
            }
            for method in methods {
                writer.line()
                let calls = GuestCallWriter(marshalling, access)
                try calls.method(method, of: definition, &writer)
            }
        }
    }

    /// The types in the definitions and functions of a world.
    private static func types(in world: WITWorld, _ model: WITModel) -> [WITType] {
        var definitions = world.types
        var functions: [WITFunction] = []
        for item in world.imports + world.exports {
            if case .function(let function) = item.kind {
                functions.append(function)
            } else if let interface = item.interface.flatMap(model.interface) {
                definitions += interface.types
                functions += interface.functions
            }
        }
        functions += definitions.flatMap(\.resourceFunctions)
        return definitions.flatMap(\.componentTypes)
            + functions.flatMap { $0.parameters.map(\.type) + [$0.result].compactMap(\.self) }
    }
}

extension WITType {
    /// Calls a function with the error of each `result` in the type.
    fileprivate func forEachResult(_ body: (WITType?) -> Void) {
        if case .result(_, let error) = self { body(error) }
        for component in components {
            component.forEachResult(body)
        }
    }
}

extension WITTypeDefinition {
    /// The types that the definition is made of, without those behind names.
    fileprivate var componentTypes: [WITType] {
        switch kind {
        case .record(let fields): fields.map(\.type)
        case .variant(let cases): cases.compactMap(\.type)
        case .alias(let type): [type]
        case .enum, .flags, .resource, .use: []
        }
    }

    /// A Boolean value that tells whether the definition is a `use`.
    var isUse: Bool {
        if case .use = kind { true } else { false }
    }
}
