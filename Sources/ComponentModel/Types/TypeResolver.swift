// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Evaluates the definitions of a component, but only what concerns types.
struct TypeResolver {
    var types: [ComponentTypes.TypeInformation] = []
    private var depth = 0
    private var work = 0

    /// The argument that an import of a component is taken from.
    struct Argument {
        let item: ComponentTypes.Item
        /// The definitions of a component.
        let template: TypeScope.Template?
    }

    /// Components that instantiate components that instantiate components can unfold to any size.
    private static let maximumWork = 2_000_000

    init() {}

    private mutating func spend() throws(ComponentsError) {
        work += 1
        guard work <= Self.maximumWork else {
            throw ComponentsError(.unsupported, "the component unfolds to more than \(Self.maximumWork) definitions")
        }
    }

    private mutating func deeper<Result>(
        _ body: (inout TypeResolver) throws(ComponentsError) -> Result
    ) throws(ComponentsError) -> Result {
        guard depth < BinaryReader.maximumDepth else {
            throw ComponentsError(.unsupported, "types refer to each other more than \(BinaryReader.maximumDepth) deep")
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    // MARK: - Components

    /// Resolves a component's definitions; imports are taken from `arguments` if it is instantiated.
    mutating func resolve(
        _ component: Component,
        in scope: TypeScope,
        arguments: [ExactName: Argument]?
    ) throws(ComponentsError) {
        for section in component.sections {
            try spend()
            switch section.content {
            case .component(let nested):
                scope.components.append(TypeScope.Template(body: .component(nested), scope: scope))
            case .instances(let instances): for instance in instances { try resolve(instance, in: scope) }
            case .aliases(let aliases): for alias in aliases { try resolve(alias, in: scope) }
            case .types(let definitions):
                for definition in definitions { scope.types.append(try resolve(definition, in: scope)) }
            case .canonicals(let canonicals):
                for case .lift(_, _, let type) in canonicals { scope.functions.append(try scope.functionType(type)) }
            case .start(let start):
                guard start.results <= 1000 else {
                    throw ComponentsError(.invalid, "a start function has \(start.results) results")
                }
                for _ in 0..<start.results { scope.values.append(nil) }
            case .imports(let imports):
                for item in imports { try resolveImport(item.name, item.type, in: scope, arguments: arguments) }
            case .exports(let exports): for export in exports { try resolve(export, in: scope) }
            case .values(let values): for value in values { scope.values.append(try scope.valueType(value.type)) }
            case .custom, .coreModule, .coreInstances, .coreTypes: break
            }
        }
    }

    private mutating func resolve(_ instance: Component.Instance, in scope: TypeScope) throws(ComponentsError) {
        try spend()
        switch instance {
        case .exports(let exports):
            var items: [ComponentTypes.NamedItem] = []
            for export in exports {
                try spend()
                items.append(named(export.name, try item(export.item, in: scope)))
            }
            scope.instances.append(ComponentTypes.Instance(items: items))
        case .instantiate(let index, let arguments):
            guard let template = try TypeScope.find(index, in: scope.components, "component") else {
                throw ComponentsError(.unsupported, "component \(index) has no known type")
            }
            var bindings: [ExactName: Argument] = [:]
            for argument in arguments {
                try spend()
                let item = try item(argument.item, in: scope)
                let template = argument.item.sort == .component ? scope.components[Int(argument.item.index)] : nil
                bindings[ExactName(argument.name)] = Argument(item: item, template: template)
            }
            let inner = try unfold(template, arguments: bindings)
            scope.instances.append(ComponentTypes.Instance(items: inner.exports))
        }
    }

    private mutating func unfold(
        _ template: TypeScope.Template,
        arguments: [ExactName: Argument]?
    ) throws(ComponentsError) -> TypeScope {
        try deeper { resolver throws(ComponentsError) in
            let scope = TypeScope(parent: template.scope)
            switch template.body {
            case .component(let component): try resolver.resolve(component, in: scope, arguments: arguments)
            case .declarations(let declarations):
                for declaration in declarations {
                    try resolver.spend()
                    switch declaration {
                    case .coreType: break
                    case .type(let type): scope.types.append(try resolver.resolve(type, in: scope))
                    case .alias(let alias): try resolver.resolve(alias, in: scope)
                    case .import(let name, let type):
                        try resolver.resolveImport(name, type, in: scope, arguments: arguments)
                    case .export(let name, let type):
                        let (item, template) = try resolver.fresh(type, name: name.name, in: scope)
                        resolver.add(item, template, to: scope)
                        scope.exports.append(resolver.named(name, item))
                    }
                }
            }
            return scope
        }
    }

    // MARK: - Imports and exports

    private mutating func resolveImport(
        _ name: Component.ExternName,
        _ type: Component.ExternType,
        in scope: TypeScope,
        arguments: [ExactName: Argument]?
    ) throws(ComponentsError) {
        try spend()
        var item: ComponentTypes.Item
        var template: TypeScope.Template?
        if let argument = arguments?[ExactName(name.name)] {
            item = argument.item
            template = argument.template
        } else {
            guard arguments == nil else {
                throw ComponentsError(.invalid, "a component is instantiated without its import \(name.name)")
            }
            (item, template) = try fresh(type, name: name.name, in: scope)
            if case .instance(let instance) = item { item = .instance(try own(instance, by: name.name)) }
        }
        add(item, template, to: scope)
        scope.imports.append(named(name, item))
    }

    private mutating func resolve(_ export: Component.Export, in scope: TypeScope) throws(ComponentsError) {
        try spend()
        var exported = try item(export.item, in: scope)
        if case .function(let type)? = export.type { exported = .function(try scope.functionType(type)) }
        switch exported {
        case .type(var id):
            // The type that is written beside an export says by which names it refers to others.
            if case .typeEqual(let index)? = export.type { id = try scope.typeID(index) }
            exported = .type(define(.alias(id), name: export.name.name))
        case .instance(let instance):
            exported = .instance(try own(instance, by: export.name.name))
        default: break
        }
        let template = export.item.sort == .component ? scope.components[Int(export.item.index)] : nil
        add(exported, template, to: scope)
        scope.exports.append(named(export.name, exported))
    }

    private func named(_ name: Component.ExternName, _ item: ComponentTypes.Item) -> ComponentTypes.NamedItem {
        ComponentTypes.NamedItem(name: name.name, attributes: name.attributes, item: item)
    }

    /// Says of the types in an instance which do not belong to another one that they belong to this.
    private mutating func own(
        _ instance: ComponentTypes.Instance,
        by name: String
    ) throws(ComponentsError) -> ComponentTypes.Instance {
        for item in instance.items {
            try spend()
            if case .type(let id) = item.item, types[id.index].owner == nil { types[id.index].owner = name }
        }
        return instance
    }

    /// Makes what an import or an exported declaration promises.
    private mutating func fresh(
        _ type: Component.ExternType,
        name: String,
        in scope: TypeScope
    ) throws(ComponentsError) -> (ComponentTypes.Item, TypeScope.Template?) {
        switch type {
        case .coreModule: return (.coreModule, nil)
        case .function(let index): return (.function(try scope.functionType(index)), nil)
        case .valueEqual(let index): return (.value(try TypeScope.find(index, in: scope.values, "value")), nil)
        case .value(let type): return (.value(try scope.valueType(type)), nil)
        case .typeEqual(let index): return (.type(define(.alias(try scope.typeID(index)), name: name)), nil)
        case .resource: return (.type(define(.resource, name: name)), nil)
        case .component(let index):
            guard case .component(let template) = try TypeScope.find(index, in: scope.types, "type") else {
                throw ComponentsError(.invalid, "type \(index) is not a type of components")
            }
            let inner = try unfold(template, arguments: nil)
            let signature = ComponentTypes.Signature(imports: inner.imports, exports: inner.exports)
            return (.component(signature), template)
        case .instance(let index):
            guard case .instance(let template) = try TypeScope.find(index, in: scope.types, "type") else {
                throw ComponentsError(.invalid, "type \(index) is not a type of instances")
            }
            let instance = ComponentTypes.Instance(items: try unfold(template, arguments: nil).exports)
            return (.instance(instance), nil)
        }
    }

    // MARK: - Index spaces

    private mutating func define(_ definition: ComponentTypes.Definition, name: String?) -> ComponentTypes.TypeID {
        types.append(ComponentTypes.TypeInformation(name: name, owner: nil, definition: definition))
        return ComponentTypes.TypeID(index: types.count - 1)
    }

    private func add(_ item: ComponentTypes.Item, _ template: TypeScope.Template?, to scope: TypeScope) {
        switch item {
        case .function(let function): scope.functions.append(function)
        case .type(let id): scope.types.append(.value(id))
        case .instance(let instance): scope.instances.append(instance)
        case .value(let type): scope.values.append(type)
        case .component: scope.components.append(template)
        case .coreModule: break
        }
    }

    private mutating func item(
        _ reference: Component.Reference,
        in scope: TypeScope
    ) throws(ComponentsError) -> ComponentTypes.Item {
        switch reference.sort {
        case .core: return .coreModule
        case .function: return .function(try TypeScope.find(reference.index, in: scope.functions, "function"))
        case .value: return .value(try TypeScope.find(reference.index, in: scope.values, "value"))
        case .type:
            switch try TypeScope.find(reference.index, in: scope.types, "type") {
            case .value(let id): return .type(id)
            // Types of functions and instances can be exported, but nothing can be made of them outside.
            case .function, .instance, .component: return .type(define(.tuple([]), name: nil))
            }
        case .component:
            guard let template = try TypeScope.find(reference.index, in: scope.components, "component") else {
                return .component(ComponentTypes.Signature(imports: [], exports: []))
            }
            let inner = try unfold(template, arguments: nil)
            return .component(ComponentTypes.Signature(imports: inner.imports, exports: inner.exports))
        case .instance: return .instance(try TypeScope.find(reference.index, in: scope.instances, "instance"))
        }
    }

    private mutating func resolve(_ alias: Component.Alias, in scope: TypeScope) throws(ComponentsError) {
        try spend()
        switch alias.target {
        case .coreExport: break
        case .export(let index, let name):
            guard alias.sort != .core(.module) else { return }
            guard let item = try TypeScope.find(index, in: scope.instances, "instance")[name] else {
                throw ComponentsError(.invalid, "instance \(index) exports no \(name)")
            }
            add(item, nil, to: scope)
        case .outer(let count, let index):
            let outer = try scope.outer(count)
            switch alias.sort {
            case .type: scope.types.append(try TypeScope.find(index, in: outer.types, "type"))
            case .component: scope.components.append(try TypeScope.find(index, in: outer.components, "component"))
            default: break
            }
        }
    }

    // MARK: - Types

    private mutating func resolve(
        _ definition: Component.TypeDefinition,
        in scope: TypeScope
    ) throws(ComponentsError) -> TypeScope.Entry {
        try spend()
        let result: ComponentTypes.Definition
        switch definition {
        case .primitive(let type): result = .primitive(type)
        case .record(let fields): result = .record(try self.fields(fields, in: scope))
        case .variant(let cases):
            var resolved: [ComponentTypes.Case] = []
            for item in cases {
                try spend()
                resolved.append(ComponentTypes.Case(name: item.name, type: try scope.valueType(item.type)))
            }
            result = .variant(resolved)
        case .list(let type): result = .list(try scope.valueType(type))
        case .fixedLengthList(let type, let count): result = .fixedLengthList(try scope.valueType(type), count: count)
        case .tuple(let elements):
            var resolved: [ComponentTypes.ValueType] = []
            for element in elements { resolved.append(try scope.valueType(element)) }
            result = .tuple(resolved)
        case .flags(let labels): result = .flags(labels)
        case .enumeration(let labels): result = .enumeration(labels)
        case .option(let type): result = .option(try scope.valueType(type))
        case .result(let success, let failure):
            result = .result(success: try scope.valueType(success), failure: try scope.valueType(failure))
        case .map(let key, let value): result = .map(key: try scope.valueType(key), value: try scope.valueType(value))
        case .own(let index): result = .own(try scope.typeID(index))
        case .borrow(let index): result = .borrow(try scope.typeID(index))
        case .stream(let type): result = .stream(try scope.valueType(type))
        case .future(let type): result = .future(try scope.valueType(type))
        case .resource: result = .resource
        case .function(let type):
            return .function(
                ComponentTypes.Function(
                    parameters: try fields(type.parameters, in: scope),
                    result: try scope.valueType(type.result),
                    isAsync: type.isAsync
                )
            )
        case .component(let declarations):
            return .component(TypeScope.Template(body: .declarations(declarations), scope: scope))
        case .instance(let declarations):
            return .instance(TypeScope.Template(body: .declarations(declarations), scope: scope))
        }
        return .value(define(result, name: nil))
    }

    private mutating func fields(
        _ fields: [Component.LabeledType],
        in scope: TypeScope
    ) throws(ComponentsError) -> [ComponentTypes.Field] {
        var resolved: [ComponentTypes.Field] = []
        for field in fields {
            try spend()
            resolved.append(ComponentTypes.Field(name: field.name, type: try scope.valueType(field.type)))
        }
        return resolved
    }
}
