// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Writes syntax trees as WIT text, laid out as `wasm-tools component wit` does.
struct WITPrinter {
    private(set) var text = ""
    private var depth = 0

    /// Writes a line at the current indentation.
    mutating func line(_ content: String) {
        if !content.isEmpty {
            text += String(repeating: "  ", count: depth)
            text += content
        }
        text += "\n"
    }

    /// Writes `head {`, the lines of a body one step further in, and `}`.
    mutating func block(_ head: String, _ body: (inout WITPrinter) -> Void) {
        line(head + " {")
        depth += 1
        body(&self)
        depth -= 1
        line("}")
    }

    /// Writes documentation comments.
    mutating func docs(_ docs: String?) {
        guard let docs else { return }
        for content in docs.split(separator: "\n", omittingEmptySubsequences: false) {
            line(content.isEmpty ? "///" : "/// " + content)
        }
    }

    /// Writes comments and gates, each on its line.
    mutating func attributes(_ attributes: WITSyntax.Attributes) {
        docs(attributes.docs)
        var deprecated: WITVersion?
        switch attributes.stability {
        case .ungated: break
        case .stable(let since, let version):
            line("@since(version = \(since))")
            deprecated = version
        case .unstable(let feature, let version):
            line("@unstable(feature = \(WITCharacters.escaped(feature)))")
            deprecated = version
        }
        if let deprecated {
            line("@deprecated(version = \(deprecated))")
        }
        if let externalID = attributes.externalID {
            line("@external-id(\(Self.quoted(externalID)))")
        }
    }

    /// A string literal.
    static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\\", "\"":
                text += "\\"
                text.unicodeScalars.append(scalar)
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case " "..."~": text.unicodeScalars.append(scalar)
            default: text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text + "\""
    }

    // MARK: - Packages

    /// Writes a file.
    mutating func document(_ document: WITSyntax.Document) {
        if let package = document.package {
            docs(package.docs)
            line("package \(Self.name(package.name));")
            if !document.items.isEmpty {
                line("")
            }
        }
        items(document.items)
    }

    private mutating func items(_ items: [WITSyntax.Item]) {
        var isFirst = true
        for item in items {
            if !isFirst {
                line("")
            }
            isFirst = false
            switch item {
            case .interface(let interface):
                attributes(interface.attributes)
                block("interface \(Self.name(interface.name))") { $0.interfaceItems(interface.items) }
            case .world(let world):
                attributes(world.attributes)
                block("world \(Self.name(world.name))") { $0.worldItems(world.items) }
            case .use(let use):
                attributes(use.attributes)
                line("use \(Self.path(use.path))" + (use.alias.map { " as \(Self.name($0))" } ?? "") + ";")
            case .package(let package):
                docs(package.declaration.docs)
                block("package \(Self.name(package.declaration.name))") { $0.items(package.items) }
            }
        }
    }

    static func name(_ identifier: WITSyntax.Identifier) -> String {
        WITCharacters.escaped(identifier.text)
    }

    static func name(_ package: WITPackageName) -> String {
        escapedPath(package) + (package.version.map { "@\($0)" } ?? "")
    }

    static func path(_ path: WITSyntax.Path) -> String {
        guard let package = path.package else { return name(path.name) }
        return escapedPath(package) + "/" + name(path.name) + (package.version.map { "@\($0)" } ?? "")
    }

    private static func escapedPath(_ package: WITPackageName) -> String {
        func escaped(_ text: String, _ separator: Character) -> String {
            text.split(separator: separator, omittingEmptySubsequences: false)
                .map { WITCharacters.escaped(String($0)) }
                .joined(separator: String(separator))
        }
        return escaped(package.namespace, ":") + ":" + escaped(package.name, "/")
    }

    // MARK: - Worlds

    private mutating func worldItems(_ items: [WITSyntax.WorldItem]) {
        var previous: WITSyntax.WorldItem?
        for item in items {
            if let previous, Self.needsBlankLine(after: previous, before: item) {
                line("")
            }
            previous = item
            switch item {
            case .use(let use): self.use(use)
            case .type(let type): typeDefinition(type)
            case .include(let include): self.include(include)
            case .import(let extern): self.extern("import", extern)
            case .export(let extern): self.extern("export", extern)
            }
        }
    }

    private static func needsBlankLine(after previous: WITSyntax.WorldItem, before next: WITSyntax.WorldItem) -> Bool {
        switch (previous, next) {
        case (_, .type): true
        case (.export, .export): false
        case (_, .export), (.export, _): true
        default: false
        }
    }

    private mutating func extern(_ keyword: String, _ extern: WITSyntax.Extern) {
        attributes(extern.attributes)
        switch extern.kind {
        case .path(let path):
            line("\(keyword) \(Self.path(path));")
        case .named(let name, let path):
            line("\(keyword) \(Self.name(name)): \(Self.path(path));")
        case .function(let function):
            line("\(keyword) \(Self.name(function.name)): \(Self.signature(function));")
        case .interface(let name, let items):
            block("\(keyword) \(Self.name(name)): interface") { $0.interfaceItems(items) }
        }
    }

    private mutating func include(_ include: WITSyntax.Include) {
        attributes(include.attributes)
        let head = "include \(Self.path(include.path))"
        guard !include.renamings.isEmpty else { return line(head + ";") }
        let names = include.renamings.map { "\(Self.name($0.name)) as \(Self.name($0.alias))" }
        line("\(head) with { \(names.joined(separator: ", ")) }")
    }

    // MARK: - Interfaces

    private mutating func interfaceItems(_ items: [WITSyntax.InterfaceItem]) {
        var isFirst = true
        var previousIsUse = false
        for item in items {
            switch item {
            case .use(let use):
                if !isFirst, !previousIsUse {
                    line("")
                }
                self.use(use)
                (isFirst, previousIsUse) = (false, true)
                continue
            case .type(let type):
                if !isFirst {
                    line("")
                }
                typeDefinition(type)
            case .function(let function):
                if !isFirst {
                    line("")
                }
                attributes(function.attributes)
                line("\(Self.name(function.name)): \(Self.signature(function));")
            }
            (isFirst, previousIsUse) = (false, false)
        }
    }

    private mutating func use(_ use: WITSyntax.Use) {
        attributes(use.attributes)
        let names = use.names.map { name in
            Self.name(name.name) + (name.alias.map { " as \(Self.name($0))" } ?? "")
        }
        line("use \(Self.path(use.path)).{\(names.joined(separator: ", "))};")
    }
}
