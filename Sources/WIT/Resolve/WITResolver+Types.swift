// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITResolver {
    /// The names of an interface or of a world's types, while it is being resolved.
    struct TypeScope {
        let owner: WITOwner
        let scope: Scope
        /// The names, in lower case, and how they are written: names differ in more than case.
        private var names: [String: String] = [:]
        /// The names of types that their gates keep out, and the features.
        var gatedOut: [String: String] = [:]

        init(owner: WITOwner, scope: Scope) {
            self.owner = owner
            self.scope = scope
        }

        mutating func define(_ name: WITSyntax.Identifier, _ what: String = "name") throws(WITError) {
            if let other = names.updateValue(name.text, forKey: name.text.lowercased()) {
                throw WITResolver.duplicate(what, name, other)
            }
        }
    }

    /// The error that a name comes twice.
    static func duplicate(_ what: String, _ name: WITSyntax.Identifier, _ other: String) -> WITError {
        WITError(
            .duplicateName,
            name.text == other
                ? "the \(what) `\(name.text)` is defined twice"
                : "the \(what) `\(name.text)` differs from `\(other)` in case only",
            at: name.range
        )
    }

    /// Resolves an interface.
    mutating func interface(
        _ id: WITInterfaceID,
        _ attributes: WITSyntax.Attributes,
        _ items: [WITSyntax.InterfaceItem],
        _ scope: Scope
    ) throws(WITError) -> WITInterface {
        var typeScope = TypeScope(owner: .interface(id), scope: scope)
        var interface = WITInterface(id: id, docs: attributes.docs, stability: attributes.stability)
        interface.types = try types(
            items.compactMap { item in
                switch item {
                case .use(let use): .use(use)
                case .type(let type): .definition(type)
                case .function: nil
                }
            },
            &typeScope
        )
        for case .function(let syntax) in items where try isIncluded(syntax.attributes, scope.package) {
            try typeScope.define(syntax.name)
            interface.functions.append(try function(syntax, resource: nil, typeScope))
        }
        let range = items.lazy.compactMap(\.path).first?.range ?? attributes.range
        try register(interface, at: range)
        return interface
    }

    /// The item that brings types into an interface or a world.
    enum TypeSource {
        case use(WITSyntax.Use)
        case definition(WITSyntax.TypeDefinition)
    }

    /// Resolves types: first those of others, then the scope's own, each after those it refers to.
    mutating func types(
        _ sources: [TypeSource],
        _ typeScope: inout TypeScope
    ) throws(WITError) -> [WITTypeDefinition] {
        var definitions: [WITTypeDefinition] = []
        // Used types are nodes too: so the order is the one that wasm-tools finds.
        var nodes: [(name: WITSyntax.Identifier, definition: WITSyntax.TypeDefinition?)] = []
        for source in sources {
            switch source {
            case .use(let use):
                guard try isIncluded(use.attributes, typeScope.scope.package) else {
                    use.attributes.gate.map { gate in
                        use.names.forEach { typeScope.gatedOut[$0.local.text] = gate }
                    }
                    continue
                }
                let interface = try interface(at: use.path, typeScope.scope)
                for name in use.names {
                    definitions.append(try usedType(name, of: interface, use, &typeScope))
                    nodes.append((name.local, nil))
                }
            case .definition(let definition):
                guard try isIncluded(definition.attributes, typeScope.scope.package) else {
                    typeScope.gatedOut[definition.name.text] = definition.attributes.gate
                    continue
                }
                try typeScope.define(definition.name)
                nodes.append((definition.name, definition))
            }
        }
        var resources: [(index: Int, syntax: [WITSyntax.Function])] = []
        for index in try order(nodes, typeScope) {
            guard let syntax = nodes[index].definition else { continue }
            if case .resource(let functions) = syntax.kind {
                resources.append((definitions.count, functions))
            }
            definitions.append(try definition(syntax, typeScope))
        }
        // The functions of resources may use any type.
        for (index, syntax) in resources {
            definitions[index].kind = .resource(try resourceFunctions(syntax, definitions[index].id, typeScope))
        }
        return definitions
    }

    private mutating func usedType(
        _ name: WITSyntax.Use.Name,
        of interface: WITInterfaceID,
        _ use: WITSyntax.Use,
        _ typeScope: inout TypeScope
    ) throws(WITError) -> WITTypeDefinition {
        let target = WITTypeID(owner: .interface(interface), name: name.name.text)
        guard let facts = types[target] else {
            let isFunction = interfaces[interface]?.functions.contains { $0.name == name.name.text } ?? false
            throw WITError(
                isFunction ? .invalid : .unknownName,
                isFunction
                    ? "`\(name.name.text)` is a function of `\(interface)`; only types can be used"
                    : "there is no type `\(name.name.text)` in `\(interface)`",
                at: name.name.range
            )
        }
        try typeScope.define(name.local)
        let id = WITTypeID(owner: typeScope.owner, name: name.local.text)
        types[id] = facts
        return WITTypeDefinition(
            id: id,
            stability: use.attributes.stability,
            externalID: use.attributes.externalID,
            kind: .use(target)
        )
    }

    /// Sorts definitions so that each comes after those it refers to.
    private func order(
        _ nodes: [(name: WITSyntax.Identifier, definition: WITSyntax.TypeDefinition?)],
        _ typeScope: TypeScope
    ) throws(WITError) -> [Int] {
        let indices = Dictionary(nodes.enumerated().map { ($1.name.text, $0) }) { first, _ in first }
        var dependencies: [[Int]] = []
        for node in nodes {
            var targets: [Int] = []
            for name in node.definition?.references ?? [] {
                guard let target = indices[name.text] else { throw unknownType(name, typeScope) }
                targets.append(target)
            }
            dependencies.append(targets)
        }
        do throws(TopologicalOrder.Cycle) {
            return try TopologicalOrder.sort(dependencies)
        } catch {
            let names = (error.nodes + error.nodes.prefix(1)).map { "`\(nodes[$0].name.text)`" }
            throw WITError(
                .cycle,
                "types may not hold themselves: \(names.joined(separator: " → "))",
                at: nodes[error.nodes[0]].name.range
            )
        }
    }

    private mutating func definition(
        _ syntax: WITSyntax.TypeDefinition,
        _ typeScope: TypeScope
    ) throws(WITError) -> WITTypeDefinition {
        let id = WITTypeID(owner: typeScope.owner, name: syntax.name.text)
        var facts = TypeFacts()
        let kind: WITTypeDefinition.Kind
        switch syntax.kind {
        case .alias(.name(let name)):
            // An alias of a resource is a resource, and no handle to it.
            let target = try typeName(name, typeScope)
            facts = types[target] ?? facts
            kind = .alias(.named(target))
        case .alias(let expression):
            kind = .alias(try type(expression, typeScope, &facts))
        case .record(let fields):
            try checkLabels(fields.map(\.name), "field", of: syntax)
            var converted: [WITField] = []
            for field in fields {
                let type = try type(field.type, typeScope, &facts)
                converted.append(WITField(name: field.name.text, docs: field.docs, type: type))
            }
            kind = .record(converted)
        case .variant(let cases):
            try checkLabels(cases.map(\.name), "case", of: syntax)
            var converted: [WITCase] = []
            for variantCase in cases {
                var payload: WITType?
                if let expression = variantCase.type {
                    payload = try type(expression, typeScope, &facts)
                }
                converted.append(WITCase(name: variantCase.name.text, docs: variantCase.docs, type: payload))
            }
            kind = .variant(converted)
        case .enum(let labels):
            try checkLabels(labels.map(\.name), "case", of: syntax)
            kind = .enum(labels.map { WITLabel(name: $0.name.text, docs: $0.docs) })
        case .flags(let labels):
            try checkLabels(labels.map(\.name), "flag", of: syntax)
            guard labels.count <= 32 else {
                throw WITError(.invalid, "`\(syntax.name.text)` has more than 32 flags", at: syntax.name.range)
            }
            kind = .flags(labels.map { WITLabel(name: $0.name.text, docs: $0.docs) })
        case .resource:
            facts.isResource = true
            kind = .resource([])
        }
        facts.depth += 1
        guard facts.depth <= Self.maxDepth else {
            throw WITError(.limit, "types refer to one another more than \(Self.maxDepth) deep", at: syntax.name.range)
        }
        types[id] = facts
        return WITTypeDefinition(
            id: id,
            docs: syntax.attributes.docs,
            stability: syntax.attributes.stability,
            externalID: syntax.attributes.externalID,
            kind: kind
        )
    }

    private func checkLabels(
        _ labels: [WITSyntax.Identifier],
        _ what: String,
        of syntax: WITSyntax.TypeDefinition
    ) throws(WITError) {
        guard !labels.isEmpty else {
            throw WITError(.invalid, "`\(syntax.name.text)` needs at least one \(what)", at: syntax.name.range)
        }
        var names: [String: String] = [:]
        for label in labels {
            if let other = names.updateValue(label.text, forKey: label.text.lowercased()) {
                throw Self.duplicate(what, label, other)
            }
        }
    }

    /// The identity of the type that a name stands for.
    func typeName(_ name: WITSyntax.Identifier, _ typeScope: TypeScope) throws(WITError) -> WITTypeID {
        let id = WITTypeID(owner: typeScope.owner, name: name.text)
        guard types[id] != nil else { throw unknownType(name, typeScope) }
        return id
    }

    private func unknownType(_ name: WITSyntax.Identifier, _ typeScope: TypeScope) -> WITError {
        if let feature = typeScope.gatedOut[name.text] {
            return gatedOut(name.text, feature, at: name.range)
        }
        let hint =
            switch name.text {
            case "float32": "; it is called `f32`"
            case "float64": "; it is called `f64`"
            default: ""
            }
        return WITError(.unknownName, "there is no type `\(name.text)`\(hint)", at: name.range)
    }
}

extension WITSyntax.Attributes {
    /// The feature that the item is there with.
    var gate: String? {
        if case .unstable(let feature, _) = stability { feature } else { nil }
    }
}
