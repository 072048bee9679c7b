// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITParser {
    /// Takes a type.
    mutating func type(depth: Int = 0) throws(WITError) -> WITSyntax.TypeExpression {
        guard depth < Self.maxTypeDepth else {
            throw WITError(.limit, "types are nested more than \(Self.maxTypeDepth) deep", at: tokenRange)
        }
        let inner = depth + 1
        guard case .word(let word) = token.kind else {
            guard isIdentifierNext else { throw unexpected("a type") }
            return .name(try identifier())
        }
        let range = tokenRange
        if let primitive = WITPrimitiveType(rawValue: word) {
            try advance()
            return .primitive(primitive)
        }
        guard WITCharacters.keywords.contains(word) else { return .name(try identifier()) }
        switch word {
        case "list":
            return try list(depth: inner)
        case "option":
            try advance()
            return .option(try argument(depth: inner))
        case "tuple":
            try advance()
            try expect(sign: "<")
            return .tuple(try list(until: ">") { parser throws(WITError) in try parser.type(depth: inner) })
        case "result":
            return try result(depth: inner)
        case "map":
            try advance()
            try expect(sign: "<")
            let key = try type(depth: inner)
            try expect(sign: ",")
            let value = try type(depth: inner)
            try expect(sign: ">")
            return .map(key: key, value: value, range: range)
        case "stream":
            try advance()
            return .stream(isNext(sign: "<") ? try argument(depth: inner) : nil)
        case "future":
            try advance()
            return .future(isNext(sign: "<") ? try argument(depth: inner) : nil)
        case "own", "borrow":
            try advance()
            try expect(sign: "<")
            let resource = try identifier("the name of a resource")
            try expect(sign: ">")
            return word == "own" ? .own(resource) : .borrow(resource)
        default:
            throw unexpected("a type")
        }
    }

    /// Takes `<T>`.
    private mutating func argument(depth: Int) throws(WITError) -> WITSyntax.TypeExpression {
        try expect(sign: "<")
        let argument = try type(depth: depth)
        try expect(sign: ">")
        return argument
    }

    /// Takes `list<T>` or `list<T, N>`.
    private mutating func list(depth: Int) throws(WITError) -> WITSyntax.TypeExpression {
        try expect("list")
        try expect(sign: "<")
        let element = try type(depth: depth)
        guard try take(sign: ",") else {
            guard try take(sign: ">") else { throw unexpected("`>` or `,`") }
            return .list(element)
        }
        guard case .integer(let digits) = token.kind else { throw unexpected("the length of the list") }
        guard let length = UInt32(digits) else {
            throw WITError(.invalid, "a list's length must be below 4294967296", at: tokenRange)
        }
        try advance()
        try expect(sign: ">")
        return .fixedLengthList(element, length: length)
    }

    /// Takes `result`, `result<T>`, `result<T, E>` or `result<_, E>`.
    private mutating func result(depth: Int) throws(WITError) -> WITSyntax.TypeExpression {
        try expect("result")
        guard try take(sign: "<") else { return .result(ok: nil, error: nil) }
        var ok: WITSyntax.TypeExpression?
        var error: WITSyntax.TypeExpression?
        if try take("_") {
            try expect(sign: ",")
            error = try type(depth: depth)
        } else {
            ok = try type(depth: depth)
            if try take(sign: ",") {
                error = try type(depth: depth)
            }
        }
        guard try take(sign: ">") else { throw unexpected(ok != nil && error == nil ? "`>` or `,`" : "`>`") }
        return .result(ok: ok, error: error)
    }
}
