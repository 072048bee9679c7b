// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Writes a resolved package as a syntax tree.
struct WITSyntaxBuilder {
    /// The package that is written: its own interfaces are named without it.
    let package: WITPackageName
    let includesDocs: Bool

    /// The items of a package.
    func items(of package: WITPackage) -> [WITSyntax.Item] {
        package.interfaces.map { .interface(interface($0)) } + package.worlds.map { .world(world($0)) }
    }

    private func interface(_ interface: WITInterface) -> WITSyntax.Interface {
        WITSyntax.Interface(
            attributes: attributes(interface.docs, interface.stability),
            name: name(interface.name),
            items: items(of: interface)
        )
    }

    private func items(of interface: WITInterface) -> [WITSyntax.InterfaceItem] {
        uses(interface.types).map { .use($0) }
            + interface.types.filter { !$0.isUse }.map { .type(definition($0)) }
            + interface.functions.map { .function(function($0)) }
    }

    /// A world.
    func world(_ world: WITWorld) -> WITSyntax.World {
        var items: [WITSyntax.WorldItem] = []
        items += world.imports.filter { $0.interface != nil }.map { .import(extern($0)) }
        items += uses(world.types).map { .use($0) }
        items += world.types.filter { !$0.isUse }.map { .type(definition($0)) }
        items += world.imports.filter { $0.interface == nil }.map { .import(extern($0)) }
        items += world.exports.map { .export(extern($0)) }
        return WITSyntax.World(
            attributes: attributes(world.docs, world.stability),
            name: name(world.name),
            items: items
        )
    }

    private func extern(_ item: WITWorldItem) -> WITSyntax.Extern {
        var attributes = attributes(item.docs, item.stability, item.externalID)
        let kind: WITSyntax.Extern.Kind
        switch (item.kind, item.plainName) {
        case (.interface(let id), let plainName?): kind = .named(name(plainName), path(id))
        case (.interface(let id), nil): kind = .path(path(id))
        case (.inlineInterface(let interface), _):
            kind = .interface(name(item.plainName ?? interface.name), items(of: interface))
        case (.function(let function), _):
            attributes = self.attributes(function.docs, function.stability, function.externalID)
            var syntax = self.function(function)
            syntax.attributes = WITSyntax.Attributes()
            kind = .function(syntax)
        }
        return WITSyntax.Extern(attributes: attributes, kind: kind)
    }

    /// The `use` statements that bring in types, one for each run of types from one interface.
    private func uses(_ definitions: [WITTypeDefinition]) -> [WITSyntax.Use] {
        var uses: [WITSyntax.Use] = []
        for definition in definitions {
            guard case .use(let target) = definition.kind, case .interface(let interface) = target.owner else {
                continue
            }
            let used = WITSyntax.Use.Name(
                name: name(target.name),
                alias: target.name == definition.name ? nil : name(definition.name)
            )
            let use = WITSyntax.Use(
                attributes: attributes(nil, definition.stability, definition.externalID),
                path: path(interface),
                names: [used]
            )
            if uses.last?.path == use.path, uses.last?.attributes == use.attributes {
                uses[uses.count - 1].names.append(used)
            } else {
                uses.append(use)
            }
        }
        return uses
    }

    private func definition(_ definition: WITTypeDefinition) -> WITSyntax.TypeDefinition {
        let kind: WITSyntax.TypeDefinition.Kind
        switch definition.kind {
        case .record(let fields):
            kind = .record(
                fields.map { WITSyntax.Field(docs: docs($0.docs), name: name($0.name), type: type($0.type)) }
            )
        case .variant(let cases):
            kind = .variant(
                cases.map { WITSyntax.Case(docs: docs($0.docs), name: name($0.name), type: $0.type.map(type)) }
            )
        case .enum(let labels): kind = .enum(labels.map(label))
        case .flags(let labels): kind = .flags(labels.map(label))
        case .resource(let functions): kind = .resource(functions.map(function))
        case .alias(.own(let id)):
            // `type a = own<b>` names a handle, `type a = b` the resource itself.
            kind = .alias(.own(name(id.name)))
        case .alias(let type): kind = .alias(self.type(type))
        case .use(let target): kind = .alias(.name(name(target.name)))
        }
        return WITSyntax.TypeDefinition(
            attributes: attributes(definition.docs, definition.stability, definition.externalID),
            name: name(definition.name),
            kind: kind
        )
    }

    private func function(_ function: WITFunction) -> WITSyntax.Function {
        let kind: WITSyntax.Function.Kind
        var result = function.result.map(type)
        switch function.kind {
        case .freestanding, .method: kind = .plain
        case .static: kind = .static
        case .constructor(let resource):
            kind = .constructor
            if function.result == .own(resource) { result = nil }
        }
        return WITSyntax.Function(
            attributes: attributes(function.docs, function.stability, function.externalID),
            name: name(function.name),
            kind: kind,
            isAsync: function.isAsync,
            parameters: function.parameters.map { WITSyntax.Parameter(name: name($0.name), type: type($0.type)) },
            result: result
        )
    }

    private func type(_ type: WITType) -> WITSyntax.TypeExpression {
        switch type {
        case .primitive(let primitive): .primitive(primitive)
        case .named(let id), .own(let id): .name(name(id.name))
        case .borrow(let id): .borrow(name(id.name))
        case .list(let element): .list(self.type(element))
        case .fixedLengthList(let element, let length): .fixedLengthList(self.type(element), length: length)
        case .map(let key, let value): .map(key: self.type(key), value: self.type(value), range: .none)
        case .tuple(let elements): .tuple(elements.map(self.type))
        case .option(let value): .option(self.type(value))
        case .result(let ok, let error): .result(ok: ok.map(self.type), error: error.map(self.type))
        case .stream(let element): .stream(element.map(self.type))
        case .future(let value): .future(value.map(self.type))
        }
    }

    private func path(_ interface: WITInterfaceID) -> WITSyntax.Path {
        WITSyntax.Path(package: interface.package == package ? nil : interface.package, name: name(interface.name))
    }

    private func label(_ label: WITLabel) -> WITSyntax.Label {
        WITSyntax.Label(docs: docs(label.docs), name: name(label.name))
    }

    private func attributes(
        _ docs: String?,
        _ stability: WITStability,
        _ externalID: String? = nil
    ) -> WITSyntax.Attributes {
        WITSyntax.Attributes(docs: self.docs(docs), stability: stability, externalID: externalID)
    }

    private func docs(_ docs: String?) -> String? { includesDocs ? docs : nil }

    private func name(_ text: String) -> WITSyntax.Identifier { WITSyntax.Identifier(text: text) }
}
