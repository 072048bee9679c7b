// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITParser {
    /// Takes a whole file.
    mutating func parseDocument() throws(WITError) -> WITSyntax.Document {
        // `package a:b;` heads the file, `package a:b {` is an item of it.
        let header = try attempt { parser throws(WITError) -> WITSyntax.PackageDeclaration? in
            guard parser.isNext("package") else { return nil }
            let declaration = try parser.packageDeclaration(docs: parser.docs())
            if parser.isNext(sign: "{") { return nil }
            guard try parser.take(sign: ";") else { throw parser.unexpected("`;` or `{`") }
            return declaration
        }
        var items: [WITSyntax.Item] = []
        while token.kind != .end {
            items.append(try packageItem(isNested: false))
        }
        return WITSyntax.Document(package: header, items: items)
    }

    /// Takes an item of a package.
    private mutating func packageItem(isNested: Bool) throws(WITError) -> WITSyntax.Item {
        let attributes = try attributes()
        if isNext("interface") {
            try advance()
            let name = try identifier("the name of the interface")
            return .interface(WITSyntax.Interface(attributes: attributes, name: name, items: try interfaceItems()))
        }
        if isNext("world") {
            try advance()
            let name = try identifier("the name of the world")
            return .world(WITSyntax.World(attributes: attributes, name: name, items: try worldItems()))
        }
        if isNext("use") {
            return .use(try topLevelUse(attributes))
        }
        guard isNext("package") else { throw unexpected("`interface`, `world`, `use` or `package`") }
        if isNested {
            throw WITError(.syntax, "a package within a package may not hold a third", at: tokenRange)
        }
        if attributes.stability != .ungated || attributes.externalID != nil {
            throw WITError(.syntax, "a package has no gates", at: attributes.range)
        }
        let declaration = try packageDeclaration(docs: attributes.docs)
        guard try take(sign: "{") else {
            throw isNext(sign: ";")
                ? WITError(.syntax, "`package …;` stands first in a file", at: declaration.range) : unexpected("`{`")
        }
        var items: [WITSyntax.Item] = []
        while try !take(sign: "}") {
            items.append(try packageItem(isNested: true))
        }
        return .package(WITSyntax.NestedPackage(declaration: declaration, items: items))
    }

    /// Takes `package a:b@1.0.0`.
    private mutating func packageDeclaration(docs: String?) throws(WITError) -> WITSyntax.PackageDeclaration {
        try expect("package")
        let start = token.start
        var namespace = [try identifier("the namespace of the package").text]
        try expect(sign: ":")
        var name = try identifier("the name of the package").text
        while try take(sign: ":") {
            namespace.append(name)
            name = try identifier("the name of the package").text
        }
        while try take(sign: "/") {
            name += "/" + (try identifier("the name of the package").text)
        }
        let version = try take(sign: "@") ? try version() : nil
        return WITSyntax.PackageDeclaration(
            docs: docs,
            name: WITPackageName(namespace: namespace.joined(separator: ":"), name: name, version: version),
            range: range(from: start)
        )
    }

    private mutating func topLevelUse(_ attributes: WITSyntax.Attributes) throws(WITError) -> WITSyntax.TopLevelUse {
        if attributes.stability != .ungated || attributes.externalID != nil {
            throw WITError(.syntax, "a `use` outside of interfaces and worlds has no gates", at: attributes.range)
        }
        try expect("use")
        let path = try path()
        let alias = try take("as") ? try identifier("another name") : nil
        try expect(sign: ";")
        return WITSyntax.TopLevelUse(attributes: attributes, path: path, alias: alias)
    }

    /// Takes the path of an interface or world.
    mutating func path() throws(WITError) -> WITSyntax.Path {
        let start = token.start
        let first = try identifier("the name of an interface or world")
        guard try take(sign: ":") else {
            return WITSyntax.Path(package: nil, name: first, range: range(from: start))
        }
        var namespace = [first.text]
        var name = try identifier("the name of a package")
        while try take(sign: ":") {
            namespace.append(name.text)
            name = try identifier("the name of a package")
        }
        guard isNext(sign: "/") else {
            throw WITError(
                .syntax,
                "`\(namespace.joined(separator: ":")):\(name.text)` names a package; expected `/` and the name of an"
                    + " interface or world in it",
                at: range(from: start)
            )
        }
        var names: [String] = [name.text]
        while try take(sign: "/") {
            name = try identifier("the name of an interface or world")
            names.append(name.text)
        }
        let version = try take(sign: "@") ? try version() : nil
        let package = WITPackageName(
            namespace: namespace.joined(separator: ":"),
            name: names.dropLast().joined(separator: "/"),
            version: version
        )
        return WITSyntax.Path(package: package, name: name, range: range(from: start))
    }
}
