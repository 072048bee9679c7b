// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITParser {
    /// Takes `{ … }` of an interface.
    mutating func interfaceItems() throws(WITError) -> [WITSyntax.InterfaceItem] {
        try expect(sign: "{")
        var items: [WITSyntax.InterfaceItem] = []
        while try !take(sign: "}") {
            items.append(try interfaceItem())
        }
        return items
    }

    private mutating func interfaceItem() throws(WITError) -> WITSyntax.InterfaceItem {
        let attributes = try attributes()
        if isNext("use") { return .use(try use(attributes)) }
        if let type = try typeDefinition(attributes) { return .type(type) }
        guard isIdentifierNext else { throw unexpected("a function, a type, `use` or `}`") }
        let name = try identifier()
        try expect(sign: ":")
        let function = try function(attributes, name: name, kind: .plain)
        try expect(sign: ";")
        return .function(function)
    }

    /// Takes `use a.{b, c as d};`.
    mutating func use(_ attributes: WITSyntax.Attributes) throws(WITError) -> WITSyntax.Use {
        try expect("use")
        let path = try path()
        try expect(sign: ".")
        try expect(sign: "{")
        let names = try list(until: "}") { parser throws(WITError) in
            let name = try parser.identifier("the name of a type")
            let alias = try parser.take("as") ? try parser.identifier("another name") : nil
            return WITSyntax.Use.Name(name: name, alias: alias)
        }
        try expect(sign: ";")
        return WITSyntax.Use(attributes: attributes, path: path, names: names)
    }

    /// Takes a function from `async` or `func` to its result.
    mutating func function(
        _ attributes: WITSyntax.Attributes,
        name: WITSyntax.Identifier,
        kind: WITSyntax.Function.Kind
    ) throws(WITError) -> WITSyntax.Function {
        let isAsync = try take("async")
        guard try take("func") else { throw unexpected(isAsync ? "`func`" : "`func` or `async func`") }
        return try signature(attributes, name: name, kind: kind, isAsync: isAsync)
    }

    /// Takes a function's parameters and result.
    private mutating func signature(
        _ attributes: WITSyntax.Attributes,
        name: WITSyntax.Identifier,
        kind: WITSyntax.Function.Kind,
        isAsync: Bool
    ) throws(WITError) -> WITSyntax.Function {
        try expect(sign: "(")
        let parameters = try list(until: ")") { parser throws(WITError) in
            let name = try parser.identifier("the name of a parameter")
            try parser.expect(sign: ":")
            return WITSyntax.Parameter(name: name, type: try parser.type())
        }
        let result = try takeArrow() ? try type() : nil
        return WITSyntax.Function(
            attributes: attributes,
            name: name,
            kind: kind,
            isAsync: isAsync,
            parameters: parameters,
            result: result
        )
    }

    /// Takes the definition of a type, if one is next.
    mutating func typeDefinition(_ attributes: WITSyntax.Attributes) throws(WITError) -> WITSyntax.TypeDefinition? {
        guard case .word(let keyword) = token.kind,
            ["type", "record", "variant", "enum", "flags", "resource"].contains(keyword)
        else { return nil }
        try advance()
        let name = try identifier("the name of the type")
        let kind: WITSyntax.TypeDefinition.Kind
        switch keyword {
        case "type":
            try expect(sign: "=")
            kind = .alias(try type())
            try expect(sign: ";")
        case "record":
            try expect(sign: "{")
            kind = .record(
                try list(until: "}") { parser throws(WITError) in
                    let docs = parser.docs()
                    let name = try parser.identifier("the name of a field")
                    try parser.expect(sign: ":")
                    return WITSyntax.Field(docs: docs, name: name, type: try parser.type())
                }
            )
        case "variant":
            try expect(sign: "{")
            kind = .variant(
                try list(until: "}") { parser throws(WITError) in
                    let docs = parser.docs()
                    let name = try parser.identifier("the name of a case")
                    var payload: WITSyntax.TypeExpression?
                    if try parser.take(sign: "(") {
                        payload = try parser.type()
                        try parser.expect(sign: ")")
                    }
                    return WITSyntax.Case(docs: docs, name: name, type: payload)
                }
            )
        case "enum":
            kind = .enum(try labels("the name of a case"))
        case "flags":
            kind = .flags(try labels("the name of a flag"))
        default:
            kind = .resource(try resourceFunctions())
        }
        return WITSyntax.TypeDefinition(attributes: attributes, name: name, kind: kind)
    }

    private mutating func labels(_ what: String) throws(WITError) -> [WITSyntax.Label] {
        try expect(sign: "{")
        return try list(until: "}") { parser throws(WITError) in
            let docs = parser.docs()
            return WITSyntax.Label(docs: docs, name: try parser.identifier(what))
        }
    }

    private mutating func resourceFunctions() throws(WITError) -> [WITSyntax.Function] {
        if try take(sign: ";") { return [] }
        guard try take(sign: "{") else { throw unexpected("`{` or `;`") }
        var functions: [WITSyntax.Function] = []
        while try !take(sign: "}") {
            let attributes = try attributes()
            let range = tokenRange
            if try take("constructor") {
                let name = WITSyntax.Identifier(text: "constructor", range: range)
                functions.append(try signature(attributes, name: name, kind: .constructor, isAsync: false))
            } else {
                guard isIdentifierNext else { throw unexpected("`constructor`, the name of a function or `}`") }
                let name = try identifier()
                try expect(sign: ":")
                let kind: WITSyntax.Function.Kind = try take("static") ? .static : .plain
                functions.append(try function(attributes, name: name, kind: kind))
            }
            try expect(sign: ";")
        }
        return functions
    }
}
