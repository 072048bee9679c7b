// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Parses WIT text to its syntax tree.
///
/// A recursive-descent parser after the grammar in the component model's WIT.md, with one token of look-ahead.
struct WITParser {
    /// The maximum nesting depth of types, so that no text exhausts the stack.
    static let maxTypeDepth = 100

    private var lexer: WITLexer
    /// The next token.
    var token: WITLexer.Token
    /// The offset at which the last token that was taken ends.
    private(set) var previousEnd = 0

    /// Parses a file.
    static func document(_ file: WITSourceFile) throws(WITError) -> WITSyntax.Document {
        var parser = try WITParser(WITSource(file))
        return try parser.parseDocument()
    }

    private init(_ source: WITSource) throws(WITError) {
        lexer = try WITLexer(source)
        token = try lexer.next()
    }

    // MARK: - Tokens

    /// Takes the next token.
    mutating func advance() throws(WITError) {
        previousEnd = token.end
        token = try lexer.next()
    }

    /// The range of the next token.
    var tokenRange: WITSourceRange { lexer.range(token.start, token.end) }

    /// The range from an offset to the last token that was taken.
    func range(from start: Int) -> WITSourceRange { lexer.range(start, previousEnd) }

    /// Returns whether the next token is a keyword.
    func isNext(_ keyword: String) -> Bool { token.kind == .word(keyword) }

    /// Returns whether the next token is a sign.
    func isNext(sign: Character) -> Bool { token.kind == .sign(sign) }

    /// Takes a keyword if it is next.
    mutating func take(_ keyword: String) throws(WITError) -> Bool {
        guard isNext(keyword) else { return false }
        try advance()
        return true
    }

    /// Takes a sign if it is next.
    mutating func take(sign: Character) throws(WITError) -> Bool {
        guard isNext(sign: sign) else { return false }
        try advance()
        return true
    }

    /// Takes `->` if it is next.
    mutating func takeArrow() throws(WITError) -> Bool {
        guard token.kind == .arrow else { return false }
        try advance()
        return true
    }

    /// Takes a keyword, which must be next.
    mutating func expect(_ keyword: String) throws(WITError) {
        guard try take(keyword) else { throw unexpected("`\(keyword)`") }
    }

    /// Takes a sign, which must be next.
    mutating func expect(sign: Character) throws(WITError) {
        guard try take(sign: sign) else { throw unexpected("`\(sign)`") }
    }

    /// The error that something else was expected than the next token.
    func unexpected(_ expected: String) -> WITError {
        WITError(.syntax, "expected \(expected), found \(token.kind.description)", at: tokenRange)
    }

    /// Takes an identifier.
    mutating func identifier(_ what: String = "an identifier") throws(WITError) -> WITSyntax.Identifier {
        let range = tokenRange
        switch token.kind {
        case .word(let text):
            guard !WITCharacters.keywords.contains(text) else {
                throw WITError(
                    .syntax,
                    "expected \(what), found keyword `\(text)`; write `%\(text)` to use it as a name",
                    at: range
                )
            }
            try advance()
            return WITSyntax.Identifier(text: text, range: range)
        case .escapedWord(let text):
            try advance()
            return WITSyntax.Identifier(text: text, range: range)
        default:
            throw unexpected(what)
        }
    }

    /// A Boolean value that tells whether the next token is an identifier.
    var isIdentifierNext: Bool {
        switch token.kind {
        case .word(let text): !WITCharacters.keywords.contains(text)
        case .escapedWord: true
        default: false
        }
    }

    /// Takes items separated by commas, of which one may trail, up to a closing sign.
    mutating func list<Element>(
        until end: Character,
        _ element: (inout WITParser) throws(WITError) -> Element
    ) throws(WITError) -> [Element] {
        var elements: [Element] = []
        while try !take(sign: end) {
            elements.append(try element(&self))
            guard try take(sign: ",") else {
                guard try take(sign: end) else { throw unexpected("`,` or `\(end)`") }
                break
            }
        }
        return elements
    }

    /// Tries a way to go on, and goes back if it answers nil.
    mutating func attempt<Value>(
        _ body: (inout WITParser) throws(WITError) -> Value?
    ) throws(WITError) -> Value? {
        var copy = self
        guard let value = try body(&copy) else { return nil }
        self = copy
        return value
    }

    // MARK: - What stands before items

    /// The text of the documentation comments before the next token.
    func docs() -> String? {
        guard !token.comments.isEmpty else { return nil }
        return WITDocumentation.text(ofComments: token.comments.map { lexer.source.bytes[$0] })
    }

    /// Takes comments and gates.
    mutating func attributes() throws(WITError) -> WITSyntax.Attributes {
        let start = token.start
        var comments = token.comments
        var gates = WITGates()
        while try take(sign: "@") {
            let name = try identifier("`since`, `unstable`, `deprecated` or `external-id`")
            try expect(sign: "(")
            switch name.text {
            case "since":
                try gates.setOnce(\.since, to: try versionField(), name)
            case "deprecated":
                try gates.setOnce(\.deprecated, to: try versionField(), name)
            case "unstable":
                try expectField("feature")
                try gates.setOnce(\.feature, to: try identifier("the name of a feature").text, name)
            case "external-id":
                guard case .string(let text) = token.kind else { throw unexpected("a string") }
                try advance()
                try gates.setOnce(\.externalID, to: text, name)
            default:
                throw WITError(
                    .syntax,
                    "`@\(name.text)` is not known; expected `@since`, `@unstable`, `@deprecated` or `@external-id`",
                    at: name.range
                )
            }
            try expect(sign: ")")
            comments += token.comments
        }
        let range = start < previousEnd ? range(from: start) : tokenRange
        let docs =
            comments.isEmpty
            ? nil : WITDocumentation.text(ofComments: comments.map { lexer.source.bytes[$0] })
        return WITSyntax.Attributes(
            docs: docs,
            stability: try gates.stability(at: range),
            externalID: gates.externalID,
            range: range
        )
    }

    /// Takes `version = 1.0.0`.
    private mutating func versionField() throws(WITError) -> WITVersion {
        try expectField("version")
        return try version()
    }

    private mutating func expectField(_ name: String) throws(WITError) {
        guard token.kind == .word(name) || token.kind == .escapedWord(name) else { throw unexpected("`\(name)`") }
        try advance()
        try expect(sign: "=")
    }

    /// Takes a version number, which the next token begins.
    mutating func version() throws(WITError) -> WITVersion {
        let (version, end) = try lexer.version(at: token.start)
        previousEnd = end
        token = try lexer.next()
        return version
    }
}

/// The gates before an item, while they are being read.
private struct WITGates {
    var since: WITVersion?
    var deprecated: WITVersion?
    var feature: String?
    var externalID: String?

    mutating func setOnce<Value>(
        _ gate: WritableKeyPath<WITGates, Value?>,
        to value: Value,
        _ name: WITSyntax.Identifier
    ) throws(WITError) {
        guard self[keyPath: gate] == nil else {
            throw WITError(.syntax, "`@\(name.text)` stands twice before one item", at: name.range)
        }
        self[keyPath: gate] = value
    }

    func stability(at range: WITSourceRange) throws(WITError) -> WITStability {
        switch (since, feature) {
        case (nil, nil):
            guard deprecated == nil else {
                throw WITError(.invalid, "`@deprecated` needs `@since` or `@unstable` beside it", at: range)
            }
            return .ungated
        case (let since?, nil):
            return .stable(since: since, deprecated: deprecated)
        case (nil, let feature?):
            return .unstable(feature: feature, deprecated: deprecated)
        case (.some, .some):
            throw WITError(.invalid, "an item has either `@since` or `@unstable`, not both", at: range)
        }
    }
}
