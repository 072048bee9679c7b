// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension LinkedComponent {
    /// Adds an alias of what an instance exports.
    ///
    /// - Returns: its index.
    package mutating func alias(_ sort: Component.Sort, _ name: String, of instance: UInt32) -> UInt32 {
        let alias = Component.Alias(sort: sort, target: .export(instance: instance, name: name))
        return add(.alias(alias), sort: sort).index
    }

    /// Adds an import of a function whose parameters and result are numbers, and returns its number in ``core``.
    ///
    /// - Returns: the number that the module's code calls it by.
    package mutating func addImport(
        _ name: String,
        parameters: [Component.ScalarParameter],
        result: Component.PrimitiveType?
    ) throws(ComponentsError) -> UInt32 {
        let core = try Self.coreType(parameters: parameters, result: result)
        let type = addFunctionType(parameters: parameters, result: result)
        let item = Component.Import(name: Component.ExternName(name), type: .function(type: type.index))
        // Imports come before everything that might use them; their types are simple and stand before them.
        let function = add(.import(item), sort: .function)
        let host = LinkedModule.HostFunction(
            interface: nil,
            name: name,
            canonical: .lower(function: function.index, options: [])
        )
        return self.core.addHostFunction(host, type: core)
    }

    /// Adds an export of a core function whose parameters and result are numbers.
    ///
    /// - Throws: an error of the code `invalid` if the core function has another type.
    package mutating func addExport(
        _ name: String,
        function: UInt32,
        parameters: [Component.ScalarParameter],
        result: Component.PrimitiveType?
    ) throws(ComponentsError) {
        let expected = try Self.coreType(parameters: parameters, result: result)
        guard Int(function) < core.functions.count, core.functionType(function) == expected else {
            throw ComponentsError(.invalid, "the core function for \(name) is missing or not of the type \(expected)")
        }
        let type = addFunctionType(parameters: parameters, result: result)
        let lifted = add(
            .canonical(.lift(function: function, options: [], type: type.index)),
            sort: .function
        )
        _ = add(.export(Component.Export(name: Component.ExternName(name), item: lifted, type: nil)), sort: .function)
    }

    /// Drops imports of the component that nothing needs any more, together with the definitions around them.
    ///
    /// Imports of which types are still in use stay, whatever is asked for.
    /// - Returns: the names of the dropped imports.
    @discardableResult
    package mutating func removeUnusedImports(
        where shouldRemove: (String) -> Bool = { _ in true }
    ) throws(ComponentsError) -> [String] {
        var definedBy: [Component.Reference: Int] = [:]
        for (position, entry) in entries.enumerated() {
            for identity in entry.identities { definedBy[identity] = position }
        }
        var needed: Set<Int> = []
        var pending: [Int] = []
        func need(_ position: Int) {
            if needed.insert(position).inserted { pending.append(position) }
        }
        func note(_ reference: Component.Reference) -> UInt32 {
            if let position = definedBy[reference] { need(position) }
            return reference.index
        }
        for (position, entry) in entries.enumerated() {
            switch entry.definition {
            case .export, .start: need(position)
            case .import(let item) where !shouldRemove(item.name.name): need(position)
            default: break
            }
        }
        for (_, host) in core.hostFunctions {
            _ = try host.canonical.mapped { reference throws(ComponentsError) in note(reference) }
        }
        while let position = pending.popLast() {
            _ = try entries[position].definition.mapped { reference throws(ComponentsError) in note(reference) }
        }
        var dropped: [String] = []
        var kept: [Entry] = []
        for (position, entry) in entries.enumerated() {
            if needed.contains(position) {
                kept.append(entry)
            } else if case .import(let item) = entry.definition {
                dropped.append(item.name.name)
            }
        }
        entries = kept
        return dropped
    }

    // MARK: - Definitions

    package mutating func add(_ definition: Component.Definition, sort: Component.Sort) -> Component.Reference {
        let identity = Component.Reference(sort, nextIdentity[sort, default: 0])
        nextIdentity[sort, default: 0] += 1
        entries.append(Entry(definition: definition, identities: [identity]))
        return identity
    }

    package mutating func addFunctionType(
        parameters: [Component.ScalarParameter],
        result: Component.PrimitiveType?
    ) -> Component.Reference {
        let type = Component.FunctionType(
            parameters: parameters.map { Component.LabeledType($0.name, .primitive($0.type)) },
            result: result.map { .primitive($0) }
        )
        return add(.type(.function(type)), sort: .type)
    }

    package static func coreType(
        parameters: [Component.ScalarParameter],
        result: Component.PrimitiveType?
    ) throws(ComponentsError) -> CoreFunctionType {
        // More parameters than this are passed through memory.
        guard parameters.count <= 16 else {
            throw ComponentsError(.unsupported, "a function has \(parameters.count) parameters, more than 16")
        }
        var type = CoreFunctionType()
        for parameter in parameters { type.parameters.append(try parameter.type.coreType()) }
        if let result { type.results = [try result.coreType()] }
        return type
    }
}

extension Component {
    /// A parameter that is a number, a truth value or a character.
    package struct ScalarParameter: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The type; not `string` or `errorContext`.
        package var type: PrimitiveType

        /// Creates a parameter.
        package init(_ name: String, _ type: PrimitiveType) {
            self.name = name
            self.type = type
        }
    }
}

extension Component.PrimitiveType {
    /// The core type that values of the type have on the stack.
    fileprivate func coreType() throws(ComponentsError) -> CoreValueType {
        switch self {
        case .bool, .s8, .u8, .s16, .u16, .s32, .u32, .char: .i32
        case .s64, .u64: .i64
        case .f32: .f32
        case .f64: .f64
        case .string, .errorContext:
            throw ComponentsError(.unsupported, "values of the type \(self) are passed through memory")
        }
    }
}
