// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITResolver {
    /// Resolves a type where it is used, and adds what is known of it to what holds it.
    func type(
        _ expression: WITSyntax.TypeExpression,
        _ typeScope: TypeScope,
        _ facts: inout TypeFacts
    ) throws(WITError) -> WITType {
        switch expression {
        case .primitive(let primitive): return .primitive(primitive)
        case .name(let name):
            let id = try typeName(name, typeScope)
            guard let known = types[id], !known.isResource else { return .own(id) }
            facts.depth = max(facts.depth, known.depth)
            facts.holdsBorrow = facts.holdsBorrow || known.holdsBorrow
            return .named(id)
        case .own(let name): return .own(try resource(name, typeScope))
        case .borrow(let name):
            facts.holdsBorrow = true
            return .borrow(try resource(name, typeScope))
        case .list(let element): return .list(try type(element, typeScope, &facts))
        case .fixedLengthList(let element, let length):
            return .fixedLengthList(try type(element, typeScope, &facts), length: length)
        case .map(let key, let value, let range):
            let keyType = try type(key, typeScope, &facts)
            guard case .primitive(let primitive) = keyType, primitive.canBeMapKey else {
                throw WITError(
                    .invalid,
                    "the keys of a map are integers, `bool`, `char` or `string`",
                    at: range
                )
            }
            return .map(key: keyType, value: try type(value, typeScope, &facts))
        case .tuple(let elements):
            var converted: [WITType] = []
            for element in elements {
                converted.append(try type(element, typeScope, &facts))
            }
            return .tuple(converted)
        case .option(let value): return .option(try type(value, typeScope, &facts))
        case .result(let ok, let error):
            return .result(
                ok: try optionalType(ok, typeScope, &facts),
                error: try optionalType(error, typeScope, &facts)
            )
        case .stream(let element): return .stream(try optionalType(element, typeScope, &facts))
        case .future(let value): return .future(try optionalType(value, typeScope, &facts))
        }
    }

    private func optionalType(
        _ expression: WITSyntax.TypeExpression?,
        _ typeScope: TypeScope,
        _ facts: inout TypeFacts
    ) throws(WITError) -> WITType? {
        guard let expression else { return nil }
        return try type(expression, typeScope, &facts)
    }

    private func resource(_ name: WITSyntax.Identifier, _ typeScope: TypeScope) throws(WITError) -> WITTypeID {
        let id = try typeName(name, typeScope)
        guard types[id]?.isResource == true else {
            throw WITError(.invalid, "`\(name.text)` is no resource, so there are no handles to it", at: name.range)
        }
        return id
    }

    /// Resolves the functions of a resource.
    func resourceFunctions(
        _ syntax: [WITSyntax.Function],
        _ resource: WITTypeID,
        _ typeScope: TypeScope
    ) throws(WITError) -> [WITFunction] {
        var functions: [WITFunction] = []
        var names: [String: String] = [:]
        var hasConstructor = false
        for function in syntax where try isIncluded(function.attributes, typeScope.scope.package) {
            if function.kind == .constructor {
                guard !hasConstructor else {
                    throw WITError(
                        .duplicateName,
                        "the resource `\(resource.name)` has two constructors",
                        at: function.name.range
                    )
                }
                hasConstructor = true
            } else if let other = names.updateValue(function.name.text, forKey: function.name.text.lowercased()) {
                throw Self.duplicate("function", function.name, other)
            }
            functions.append(try self.function(function, resource: resource, typeScope))
        }
        return functions
    }

    /// Resolves a function.
    func function(
        _ syntax: WITSyntax.Function,
        resource: WITTypeID?,
        _ typeScope: TypeScope
    ) throws(WITError) -> WITFunction {
        var function = WITFunction(
            name: syntax.name.text,
            isAsync: syntax.isAsync,
            docs: syntax.attributes.docs,
            stability: syntax.attributes.stability,
            externalID: syntax.attributes.externalID
        )
        var names: [String: String] = [:]
        if let resource {
            switch syntax.kind {
            case .plain:
                function.kind = .method(resource)
                names["self"] = "self"
            case .static: function.kind = .static(resource)
            case .constructor: function.kind = .constructor(resource)
            }
        }
        for parameter in syntax.parameters {
            if let other = names.updateValue(parameter.name.text, forKey: parameter.name.text.lowercased()) {
                throw Self.duplicate("parameter", parameter.name, other)
            }
            var facts = TypeFacts()
            let type = try type(parameter.type, typeScope, &facts)
            function.parameters.append(WITParameter(name: parameter.name.text, type: type))
        }
        if let expression = syntax.result {
            var facts = TypeFacts()
            function.result = try type(expression, typeScope, &facts)
            guard !facts.holdsBorrow else {
                throw WITError(
                    .invalid,
                    "`\(syntax.name.text)` returns a borrowed handle; handles are borrowed for the time of a call only",
                    at: syntax.name.range
                )
            }
        }
        if case .constructor(let resource) = function.kind {
            switch function.result {
            case nil: function.result = .own(resource)
            case .result(.own(resource), _): break
            default:
                throw WITError(
                    .invalid,
                    "a constructor returns nothing in writing, or `result<\(resource.name)>` with or without an error",
                    at: syntax.name.range
                )
            }
        }
        return function
    }
}

extension WITSyntax.TypeDefinition {
    /// The names that the definition refers to; those in a resource's functions are not needed to define it.
    var references: [WITSyntax.Identifier] {
        var names: [WITSyntax.Identifier] = []
        switch kind {
        case .alias(let type): type.collectNames(&names)
        case .record(let fields): fields.forEach { $0.type.collectNames(&names) }
        case .variant(let cases): cases.forEach { $0.type?.collectNames(&names) }
        case .enum, .flags, .resource: break
        }
        return names
    }
}

extension WITSyntax.TypeExpression {
    fileprivate func collectNames(_ names: inout [WITSyntax.Identifier]) {
        switch self {
        case .primitive: break
        case .name(let name), .own(let name), .borrow(let name): names.append(name)
        case .list(let element), .fixedLengthList(let element, _), .option(let element): element.collectNames(&names)
        case .map(let key, let value, _):
            key.collectNames(&names)
            value.collectNames(&names)
        case .tuple(let elements): elements.forEach { $0.collectNames(&names) }
        case .result(let ok, let error):
            ok?.collectNames(&names)
            error?.collectNames(&names)
        case .stream(let element), .future(let element): element?.collectNames(&names)
        }
    }
}
