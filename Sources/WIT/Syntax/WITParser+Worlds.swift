// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITParser {
    /// Takes `{ … }` of a world.
    mutating func worldItems() throws(WITError) -> [WITSyntax.WorldItem] {
        try expect(sign: "{")
        var items: [WITSyntax.WorldItem] = []
        while try !take(sign: "}") {
            items.append(try worldItem())
        }
        return items
    }

    private mutating func worldItem() throws(WITError) -> WITSyntax.WorldItem {
        let attributes = try attributes()
        if try take("import") { return .import(try extern(attributes)) }
        if try take("export") { return .export(try extern(attributes)) }
        if isNext("use") { return .use(try use(attributes)) }
        if isNext("include") { return .include(try include(attributes)) }
        if let type = try typeDefinition(attributes) { return .type(type) }
        throw unexpected("`import`, `export`, `use`, `include`, a type or `}`")
    }

    /// Takes what follows `import` or `export`.
    private mutating func extern(_ attributes: WITSyntax.Attributes) throws(WITError) -> WITSyntax.Extern {
        let named = try attempt { parser throws(WITError) -> WITSyntax.Extern.Kind? in
            let name = try parser.identifier("a name")
            let nameEnd = parser.previousEnd
            let colon = parser.token
            guard try parser.take(sign: ":") else { return nil }
            if parser.isNext("func") || parser.isNext("async") {
                let function = try parser.function(WITSyntax.Attributes(), name: name, kind: .plain)
                try parser.expect(sign: ";")
                return .function(function)
            }
            if try parser.take("interface") {
                return .interface(name, try parser.interfaceItems())
            }
            // `a:b/c` is a path; `a: b` and `a: b:c/d` give the interface at a path another name.
            let isOneWord = colon.start == nameEnd && parser.token.start == colon.end
            let path = try parser.attempt { parser throws(WITError) -> WITSyntax.Path? in
                guard parser.isIdentifierNext else { return nil }
                _ = try parser.identifier()
                return parser.isNext(sign: "/") ? WITSyntax.Path(name: name) : nil
            }
            if isOneWord || path != nil { return nil }
            let target = try parser.path()
            try parser.expect(sign: ";")
            return .named(name, target)
        }
        if let named {
            return WITSyntax.Extern(attributes: attributes, kind: named)
        }
        let path = try path()
        try expect(sign: ";")
        return WITSyntax.Extern(attributes: attributes, kind: .path(path))
    }

    private mutating func include(_ attributes: WITSyntax.Attributes) throws(WITError) -> WITSyntax.Include {
        try expect("include")
        let path = try path()
        var renamings: [WITSyntax.Include.Renaming] = []
        if try take("with") {
            try expect(sign: "{")
            renamings = try list(until: "}") { parser throws(WITError) in
                let name = try parser.identifier("a name of the included world")
                try parser.expect("as")
                return WITSyntax.Include.Renaming(name: name, alias: try parser.identifier("another name"))
            }
        } else {
            guard try take(sign: ";") else { throw unexpected("`;` or `with`") }
        }
        return WITSyntax.Include(attributes: attributes, path: path, renamings: renamings)
    }
}
