// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Component {
    /// One definition of a component, outside of the section that it was in.
    package enum Definition: Sendable {
        case coreType(CoreType)
        case component(Component)
        case instance(Instance)
        case alias(Alias)
        case type(TypeDefinition)
        case canonical(Canonical)
        case start(Start)
        case `import`(Import)
        case export(Export)
        case value(Value)
    }

    /// Gives the new index of what a definition refers to.
    package typealias ReferenceMap = (Reference) throws(ComponentsError) -> UInt32
}

extension Component.Definition {
    /// The index spaces that the definition adds to.
    package func produced() -> [Component.Sort] {
        switch self {
        case .coreType(.group(let group)): Array(repeating: .core(.type), count: group.types.count)
        case .coreType(.module): [.core(.type)]
        case .component: [.component]
        case .instance: [.instance]
        case .alias(let alias): [alias.sort]
        case .type: [.type]
        case .canonical(.lift): [.function]
        case .canonical: [.core(.function)]
        case .start(let start): Array(repeating: .value, count: Int(start.results))
        case .import(let item): [item.type.sort]
        case .export(let export): [export.item.sort]
        case .value: [.value]
        }
    }

    /// The definition with every index into the component's index spaces replaced, those of nested scopes included.
    package func mapped(_ map: Component.ReferenceMap) throws(ComponentsError) -> Component.Definition {
        switch self {
        case .coreType(let type): return .coreType(try type.mapped(map, scope: 0))
        case .component(let component): return .component(try component.mappedOuter(map, scope: 1))
        case .instance(let instance): return .instance(try instance.mapped(map))
        case .alias(let alias): return .alias(try alias.mapped(map, scope: 0))
        case .type(let type): return .type(try type.mapped(map, scope: 0))
        case .canonical(let canonical): return .canonical(try canonical.mapped(map))
        case .start(var start):
            start.function = try map(Component.Reference(.function, start.function))
            for index in start.arguments.indices {
                start.arguments[index] = try map(Component.Reference(.value, start.arguments[index]))
            }
            return .start(start)
        case .import(var item):
            item.type = try item.type.mapped(map)
            return .import(item)
        case .export(var export):
            export.item.index = try map(export.item)
            export.type = try export.type?.mapped(map)
            return .export(export)
        case .value(var value):
            value.type = try value.type.mapped(map)
            return .value(value)
        }
    }
}

extension Component.ValueType {
    func mapped(_ map: Component.ReferenceMap) throws(ComponentsError) -> Component.ValueType {
        guard case .index(let index) = self else { return self }
        return .index(try map(Component.Reference(.type, index)))
    }
}

extension Optional<Component.ValueType> {
    func mapped(_ map: Component.ReferenceMap) throws(ComponentsError) -> Component.ValueType? {
        guard let self else { return nil }
        return try self.mapped(map)
    }
}

extension Component.ExternType {
    func mapped(_ map: Component.ReferenceMap) throws(ComponentsError) -> Component.ExternType {
        switch self {
        case .coreModule(let index): .coreModule(type: try map(Component.Reference(.core(.type), index)))
        case .function(let index): .function(type: try map(Component.Reference(.type, index)))
        case .valueEqual(let index): .valueEqual(try map(Component.Reference(.value, index)))
        case .value(let type): .value(try type.mapped(map))
        case .typeEqual(let index): .typeEqual(try map(Component.Reference(.type, index)))
        case .resource: .resource
        case .component(let index): .component(type: try map(Component.Reference(.type, index)))
        case .instance(let index): .instance(type: try map(Component.Reference(.type, index)))
        }
    }
}

extension Component.Instance {
    func mapped(_ map: Component.ReferenceMap) throws(ComponentsError) -> Component.Instance {
        switch self {
        case .instantiate(let component, var arguments):
            for index in arguments.indices { arguments[index].item.index = try map(arguments[index].item) }
            return .instantiate(
                component: try map(Component.Reference(.component, component)),
                arguments: arguments
            )
        case .exports(var exports):
            for index in exports.indices { exports[index].item.index = try map(exports[index].item) }
            return .exports(exports)
        }
    }
}

extension Component.Alias {
    /// Replaces the indices of a component that the alias is `scope` scopes inside of.
    func mapped(_ map: Component.ReferenceMap, scope: UInt32) throws(ComponentsError) -> Component.Alias {
        var alias = self
        switch target {
        case .export(let instance, let name) where scope == 0:
            alias.target = .export(instance: try map(Component.Reference(.instance, instance)), name: name)
        case .coreExport(let instance, let name) where scope == 0:
            alias.target = .coreExport(instance: try map(Component.Reference(.core(.instance), instance)), name: name)
        case .outer(let count, let index) where count == scope:
            alias.target = .outer(count: count, index: try map(Component.Reference(sort, index)))
        default: break
        }
        return alias
    }
}

extension Component.CoreType {
    func mapped(_ map: Component.ReferenceMap, scope: UInt32) throws(ComponentsError) -> Component.CoreType {
        switch self {
        case .group(let group):
            // Only core types of the component itself are indices into its index space.
            guard scope == 0 else { return self }
            return .group(
                try group.mapped { index throws(ComponentsError) in
                    try map(Component.Reference(.core(.type), index))
                }
            )
        case .module(var declarations):
            for index in declarations.indices {
                switch declarations[index] {
                case .outerAlias(let count, let target) where count == scope + 1:
                    declarations[index] = .outerAlias(
                        count: count,
                        index: try map(Component.Reference(.core(.type), target))
                    )
                case .type(let type): declarations[index] = .type(try type.mapped(map, scope: scope + 1))
                default: break
                }
            }
            return .module(declarations)
        }
    }
}

extension Component.TypeDefinition {
    /// Replaces the indices of a component that the type is `scope` scopes inside of.
    func mapped(_ map: Component.ReferenceMap, scope: UInt32) throws(ComponentsError) -> Component.TypeDefinition {
        switch self {
        case .component(let declarations): return .component(try Self.mapped(declarations, map, scope: scope + 1))
        case .instance(let declarations): return .instance(try Self.mapped(declarations, map, scope: scope + 1))
        default: break
        }
        guard scope == 0 else { return self }
        switch self {
        case .record(var fields):
            for index in fields.indices { fields[index].type = try fields[index].type.mapped(map) }
            return .record(fields)
        case .variant(var cases):
            for index in cases.indices { cases[index].type = try cases[index].type.mapped(map) }
            return .variant(cases)
        case .list(let type): return .list(try type.mapped(map))
        case .fixedLengthList(let type, let count): return .fixedLengthList(try type.mapped(map), count: count)
        case .tuple(var types):
            for index in types.indices { types[index] = try types[index].mapped(map) }
            return .tuple(types)
        case .option(let type): return .option(try type.mapped(map))
        case .result(let success, let failure):
            return .result(success: try success.mapped(map), failure: try failure.mapped(map))
        case .map(let key, let value): return .map(key: try key.mapped(map), value: try value.mapped(map))
        case .own(let index): return .own(try map(Component.Reference(.type, index)))
        case .borrow(let index): return .borrow(try map(Component.Reference(.type, index)))
        case .stream(let type): return .stream(try type.mapped(map))
        case .future(let type): return .future(try type.mapped(map))
        case .function(var function):
            for index in function.parameters.indices {
                function.parameters[index].type = try function.parameters[index].type.mapped(map)
            }
            function.result = try function.result.mapped(map)
            return .function(function)
        case .resource(let representation, let destructor):
            guard let destructor else { return self }
            return .resource(
                representation: representation,
                destructor: try map(Component.Reference(.core(.function), destructor))
            )
        case .primitive, .flags, .enumeration, .component, .instance: return self
        }
    }

    private static func mapped(
        _ declarations: [Component.Declaration],
        _ map: Component.ReferenceMap,
        scope: UInt32
    ) throws(ComponentsError) -> [Component.Declaration] {
        var result = declarations
        for index in result.indices {
            switch result[index] {
            case .coreType(let type): result[index] = .coreType(try type.mapped(map, scope: scope))
            case .type(let type): result[index] = .type(try type.mapped(map, scope: scope))
            case .alias(let alias): result[index] = .alias(try alias.mapped(map, scope: scope))
            case .import, .export: break
            }
        }
        return result
    }
}

extension Component.Canonical {
    package func mapped(_ map: Component.ReferenceMap) throws(ComponentsError) -> Component.Canonical {
        switch self {
        case .lift(let function, let options, let type):
            return .lift(
                function: try map(Component.Reference(.core(.function), function)),
                options: try Self.mapped(options, map),
                type: try map(Component.Reference(.type, type))
            )
        case .lower(let function, let options):
            return .lower(
                function: try map(Component.Reference(.function, function)),
                options: try Self.mapped(options, map)
            )
        case .builtin(let builtin, var operands):
            for index in operands.indices {
                switch operands[index] {
                case .type(let type): operands[index] = .type(try map(Component.Reference(.type, type)))
                case .coreType(let type): operands[index] = .coreType(try map(Component.Reference(.core(.type), type)))
                case .memory(let memory):
                    operands[index] = .memory(try map(Component.Reference(.core(.memory), memory)))
                case .table(let table): operands[index] = .table(try map(Component.Reference(.core(.table), table)))
                case .result(let type): operands[index] = .result(try type.mapped(map))
                case .options(let options): operands[index] = .options(try Self.mapped(options, map))
                case .coreValueType, .number, .flag: break
                }
            }
            return .builtin(builtin, operands)
        }
    }

    private static func mapped(
        _ options: [Component.CanonicalOption],
        _ map: Component.ReferenceMap
    ) throws(ComponentsError) -> [Component.CanonicalOption] {
        var result = options
        for index in result.indices {
            switch result[index] {
            case .memory(let memory): result[index] = .memory(try map(Component.Reference(.core(.memory), memory)))
            case .realloc(let function):
                result[index] = .realloc(try map(Component.Reference(.core(.function), function)))
            case .postReturn(let function):
                result[index] = .postReturn(try map(Component.Reference(.core(.function), function)))
            case .callback(let function):
                result[index] = .callback(try map(Component.Reference(.core(.function), function)))
            case .coreType(let type): result[index] = .coreType(try map(Component.Reference(.core(.type), type)))
            case .utf8, .utf16, .latin1OrUTF16, .async, .garbageCollected: break
            }
        }
        return result
    }
}

extension Component {
    /// The component with the indices of its aliases that reach out of it, to `scope` scopes further out, replaced.
    fileprivate func mappedOuter(_ map: ReferenceMap, scope: UInt32) throws(ComponentsError) -> Component {
        var result = self
        for index in result.sections.indices {
            switch result.sections[index].content {
            case .aliases(var aliases):
                for position in aliases.indices {
                    aliases[position] = try aliases[position].mapped(map, scope: scope)
                }
                result.sections[index].content = .aliases(aliases)
            case .types(var types):
                for position in types.indices { types[position] = try types[position].mapped(map, scope: scope) }
                result.sections[index].content = .types(types)
            case .coreTypes(var types):
                for position in types.indices { types[position] = try types[position].mapped(map, scope: scope) }
                result.sections[index].content = .coreTypes(types)
            case .component(let component):
                result.sections[index].content = .component(try component.mappedOuter(map, scope: scope + 1))
            default: break
            }
        }
        return result
    }
}

extension Component.Reference {
    /// A Boolean value that tells whether it refers to something inside of core modules: core types are definitions of the
    /// component itself.
    package var isInModule: Bool {
        guard case .core(let sort) = sort else { return false }
        return sort != .type
    }
}

extension Component.Definition {
    /// The core function that runs when a resource of the defined type is dropped.
    package var destructor: UInt32? {
        guard case .type(.resource(_, let destructor)) = self else { return nil }
        return destructor
    }
}
