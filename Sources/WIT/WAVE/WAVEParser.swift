// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Parses WAVE text to values of types that are known beforehand.
struct WAVEParser {
    /// Words that are no labels unless written with `%`.
    static let keywords: Set<String> = ["true", "false", "inf", "nan", "some", "none", "ok", "err"]

    /// The maximum nesting depth of values, so that no text exhausts the stack.
    static let maxDepth = 200

    let source: WITSource
    let model: WITModel
    /// The offset of the next byte.
    var position = 0
    private var depth = 0

    var bytes: [UInt8] { source.bytes }

    init(_ text: String, path: String, model: WITModel) {
        source = WITSource(WITSourceFile(path: path, text: text))
        self.model = model
    }

    // MARK: - Characters

    /// The next byte, or one after it.
    func byte(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    /// Takes some bytes.
    mutating func advance(_ count: Int = 1) {
        position += count
    }

    /// Skips white space and comments.
    mutating func skipSpace() {
        while let next = byte() {
            if next == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "/") {
                while let next = byte(), next != UInt8(ascii: "\n") {
                    advance()
                }
            } else if [0x20, 0x09, 0x0A, 0x0D].contains(next) {
                advance()
            } else {
                return
            }
        }
    }

    /// Takes a sign, and the space before it, if it is next.
    mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipSpace()
        guard byte() == UInt8(ascii: sign) else { return false }
        advance()
        return true
    }

    /// Takes a sign, which must be next.
    mutating func expect(_ sign: Unicode.Scalar) throws(WITError) {
        guard take(sign) else { throw unexpected("`\(sign)`") }
    }

    /// Refuses what comes after a value.
    mutating func expectEnd() throws(WITError) {
        skipSpace()
        guard byte() == nil else { throw unexpected("the end") }
    }

    /// The error that something else was expected than what is next.
    func unexpected(_ expected: String) -> WITError {
        let rest = String(decoding: bytes[min(position, bytes.count)..<min(position + 4, bytes.count)], as: UTF8.self)
        let found = rest.unicodeScalars.first.map { WITCharacters.isForbidden($0) ? "a control character" : "`\($0)`" }
        return error("expected \(expected), found \(found ?? "the end")", from: position)
    }

    /// An error about the text from an offset to what is next.
    func error(_ message: String, from start: Int, code: WITError.Code = .syntax) -> WITError {
        WITError(code, message, at: WITSourceRange(source: source, start: start, end: max(position, start + 1)))
    }

    // MARK: - Values

    /// Takes a value of a type.
    mutating func value(_ type: WITType) throws(WITError) -> WAVEValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else {
            throw error("values are nested more than \(Self.maxDepth) deep", from: position, code: .limit)
        }
        skipSpace()
        switch type {
        case .primitive(let primitive): return try self.primitive(primitive)
        case .list(let element): return .list(try list(of: element))
        case .fixedLengthList(let element, let length):
            let start = position
            let elements = try list(of: element)
            guard elements.count == length else {
                throw error("expected \(length) elements, found \(elements.count)", from: start, code: .invalid)
            }
            return .list(elements)
        case .map(let key, let value): return .list(try list(of: .tuple([key, value])))
        case .tuple(let types): return .tuple(try tuple(types))
        case .option(let value): return try option(value)
        case .result(let ok, let error): return try result(ok, error)
        case .named(let id): return try named(id)
        case .own, .borrow:
            throw error("a handle to a resource cannot be written as text", from: position, code: .invalid)
        case .stream, .future:
            throw error("a stream or future cannot be written as text", from: position, code: .invalid)
        }
    }

    private mutating func named(_ id: WITTypeID) throws(WITError) -> WAVEValue {
        switch model.resolved(id)?.kind {
        case .alias(let type): return try value(type)
        case .record(let fields): return .record(try record(fields, id))
        case .variant(let cases): return try variant(cases, id)
        case .enum(let labels):
            let start = position
            let name = try caseLabel("a case of `\(id.name)`")
            guard labels.contains(where: { $0.name == name }) else {
                throw unknown("case", name, id, labels.map(\.name), from: start)
            }
            return .enum(name)
        case .flags(let labels): return .flags(try flags(labels, id))
        case .resource, .use, nil:
            throw error("a value of the type `\(id)` cannot be written as text", from: position, code: .invalid)
        }
    }

    /// Takes values separated by commas, of which one may trail, up to a closing sign.
    private mutating func elements(
        until end: Unicode.Scalar,
        _ element: (inout WAVEParser, Int) throws(WITError) -> Void
    ) throws(WITError) {
        var index = 0
        while !take(end) {
            try element(&self, index)
            index += 1
            guard take(",") else {
                guard take(end) else { throw unexpected("`,` or `\(end)`") }
                return
            }
        }
    }

    private mutating func list(of type: WITType) throws(WITError) -> [WAVEValue] {
        guard take("[") else { throw unexpected("a list in `[…]`") }
        var values: [WAVEValue] = []
        try elements(until: "]") { parser, _ throws(WITError) in
            values.append(try parser.value(type))
        }
        return values
    }

    private mutating func tuple(_ types: [WITType]) throws(WITError) -> [WAVEValue] {
        let start = position
        guard take("(") else { throw unexpected("a tuple in `(…)`") }
        var values: [WAVEValue] = []
        try elements(until: ")") { parser, index throws(WITError) in
            guard index < types.count else {
                parser.skipSpace()
                throw parser.error("expected \(types.count) values", from: parser.position, code: .invalid)
            }
            values.append(try parser.value(types[index]))
        }
        guard values.count == types.count else {
            throw error("expected \(types.count) values, found \(values.count)", from: start, code: .invalid)
        }
        return values
    }

    /// Takes the arguments of a call; those at the end that may be none may be left out.
    mutating func arguments(_ parameters: [WITParameter]) throws(WITError) -> [WAVEValue] {
        let start = position
        try expect("(")
        var values: [WAVEValue] = []
        try elements(until: ")") { parser, index throws(WITError) in
            guard index < parameters.count else {
                parser.skipSpace()
                throw parser.error(
                    parameters.isEmpty ? "expected no arguments" : "expected \(parameters.count) arguments at most",
                    from: parser.position,
                    code: .invalid
                )
            }
            values.append(try parser.value(parameters[index].type))
        }
        for parameter in parameters[values.count...] {
            guard isOption(parameter.type) else {
                throw error("the argument `\(parameter.name)` is missing", from: start, code: .invalid)
            }
            values.append(.option(nil))
        }
        return values
    }

    private mutating func record(_ fields: [WITField], _ id: WITTypeID) throws(WITError) -> [WAVEValue.Field] {
        let start = position
        guard take("{") else { throw unexpected("a record in `{…}`") }
        var values: [String: WAVEValue] = [:]
        skipSpace()
        if byte() == UInt8(ascii: "}") {
            throw error("a record of which every field is left out is written `{:}`", from: start)
        }
        if take(":") {
            try expect("}")
        } else {
            try elements(until: "}") { parser, _ throws(WITError) in
                parser.skipSpace()
                let start = parser.position
                let name = try parser.label("a field of `\(id.name)`")
                guard let field = fields.first(where: { $0.name == name }) else {
                    throw parser.unknown("field", name, id, fields.map(\.name), from: start)
                }
                guard values[name] == nil else {
                    throw parser.error("the field `\(name)` comes twice", from: start, code: .duplicateName)
                }
                try parser.expect(":")
                values[name] = try parser.value(field.type)
            }
        }
        var result: [WAVEValue.Field] = []
        for field in fields {
            if let value = values[field.name] {
                result.append(WAVEValue.Field(field.name, value))
            } else if isOption(field.type) {
                result.append(WAVEValue.Field(field.name, .option(nil)))
            } else {
                throw error("the field `\(field.name)` is missing", from: start, code: .invalid)
            }
        }
        return result
    }

    private mutating func flags(_ labels: [WITLabel], _ id: WITTypeID) throws(WITError) -> [String] {
        guard take("{") else { throw unexpected("flags in `{…}`") }
        var names: Set<String> = []
        try elements(until: "}") { parser, _ throws(WITError) in
            parser.skipSpace()
            let start = parser.position
            let name = try parser.label("a flag of `\(id.name)`")
            guard labels.contains(where: { $0.name == name }) else {
                throw parser.unknown("flag", name, id, labels.map(\.name), from: start)
            }
            guard names.insert(name).inserted else {
                throw parser.error("the flag `\(name)` comes twice", from: start, code: .duplicateName)
            }
        }
        return labels.map(\.name).filter(names.contains)
    }

    private mutating func variant(_ cases: [WITCase], _ id: WITTypeID) throws(WITError) -> WAVEValue {
        let start = position
        let name = try caseLabel("a case of `\(id.name)`")
        guard let variantCase = cases.first(where: { $0.name == name }) else {
            throw unknown("case", name, id, cases.map(\.name), from: start)
        }
        guard let type = variantCase.type else {
            return .variant(name, nil)
        }
        return .variant(name, try payload(type, of: name))
    }

    private mutating func payload(_ type: WITType, of name: String) throws(WITError) -> WAVEValue {
        guard take("(") else { throw unexpected("`(` and the payload of `\(name)`") }
        let value = try value(type)
        try expect(")")
        return value
    }

    /// Takes `none`, `some(…)`, or the value without `some` if that cannot be mistaken.
    private mutating func option(_ type: WITType) throws(WITError) -> WAVEValue {
        if takeKeyword("none") { return .option(nil) }
        if takeKeyword("some") { return .option(try payload(type, of: "some")) }
        guard !isOptionOrResult(type) else { throw unexpected("`some(…)` or `none`") }
        return .option(try value(type))
    }

    /// Takes `ok(…)`, `err(…)`, or the value without `ok` if that cannot be mistaken.
    private mutating func result(_ ok: WITType?, _ error: WITType?) throws(WITError) -> WAVEValue {
        if takeKeyword("ok") {
            guard let ok else { return .ok(nil) }
            return .ok(try payload(ok, of: "ok"))
        }
        if takeKeyword("err") {
            guard let error else { return .error(nil) }
            return .error(try payload(error, of: "err"))
        }
        guard let ok, !isOptionOrResult(ok) else { throw unexpected("`ok` or `err`") }
        return .ok(try value(ok))
    }

    // MARK: - Types

    /// A type past its names.
    private func structural(_ type: WITType) -> WITType {
        var type = type
        while case .named(let id) = type, case .alias(let target) = model.resolved(id)?.kind {
            type = target
        }
        return type
    }

    private func isOption(_ type: WITType) -> Bool {
        if case .option = structural(type) { true } else { false }
    }

    private func isOptionOrResult(_ type: WITType) -> Bool {
        switch structural(type) {
        case .option, .result: true
        default: false
        }
    }

    private func unknown(
        _ what: String,
        _ name: String,
        _ id: WITTypeID,
        _ known: [String],
        from start: Int
    ) -> WITError {
        return error(
            "`\(id.name)` has no \(what) `\(name)`; it has \(WITError.list(known))",
            from: start,
            code: .unknownName
        )
    }
}
