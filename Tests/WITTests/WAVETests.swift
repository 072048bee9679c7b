// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import WIT

struct WAVETests {
    /// A model with named types, and an alias of the type under test.
    private func model(_ type: String = "u8") throws -> WITModel {
        try WITModel(
            parsing: """
                package a:b@1.0.0;
                interface i {
                  record point { x: s32, y: s32 }
                  record config { required: u8, optional: option<u8>, name: maybe-name }
                  record all-optional { a: option<u8>, b: option<u8> }
                  record keyword-fields { true: bool, none: option<u8>, ok: result }
                  type maybe-name = option<string>;
                  variant shape { nothing, circle(f64), polygon(list<point>), some(u8), err }
                  enum color { red, dark-BLUE, ok }
                  flags permissions { read, write, execute, some }
                  resource r;
                  type tested = \(type);
                }
                """
        )
    }

    private func parse(_ text: String, as type: String) throws -> WAVEValue {
        let model = try model(type)
        let id = WITTypeID(owner: .interface(model.mainPackage.interfaces[0].id), name: "tested")
        return try WAVEValue(parsing: text, as: .named(id), in: model)
    }

    @Test(arguments: [
        ("bool", "true", WAVEValue.bool(true)), ("bool", " false // no", .bool(false)),
        ("u8", "255", .u8(255)), ("s8", "-128", .s8(-128)), ("u16", "65535", .u16(65535)),
        ("s16", "-32768", .s16(-32768)), ("u32", "4294967295", .u32(.max)), ("s32", "-0", .s32(0)),
        ("u64", "18446744073709551615", .u64(.max)), ("s64", "-9223372036854775808", .s64(.min)),
        ("f32", "3.4028234664e38", .f32(.greatestFiniteMagnitude)), ("f32", "3.5e38", .f32(.infinity)),
        ("f64", "-inf", .f64(-.infinity)), ("f64", "6.022e+23", .f64(6.022e23)), ("f64", "-0.0", .f64(-0.0)),
        ("f64", "10", .f64(10)), ("char", "'x'", .char("x")), ("char", "'☃'", .char("☃")),
        ("char", "'\\''", .char("'")), ("char", "'\"'", .char("\"")), ("char", "'\\u{1F30A}'", .char("🌊")),
        ("string", #""""#, .string("")), ("string", #""a\tb\n\r\\\"'\'\u{e9}""#, .string("a\tb\n\r\\\"''é")),
        ("string", "\"\"\"\n    two\n      lines\n  \"\"\"", .string("  two\n    lines")),
        ("string", "\"\"\"\r\nwindows\r\n\"\"\"", .string("windows")), ("string", "\"\"\"\n\"\"\"", .string("")),
        ("string", "\"\"\"\n\"\"\\\"\"\n\"\"\"", .string("\"\"\"\"")),
        ("list<u8>", "[]", .list([])), ("list<u8>", "[1, 2,]", .list([.u8(1), .u8(2)])),
        ("list<u8, 2>", "[1,2]", .list([.u8(1), .u8(2)])),
        ("map<string, u8>", #"[("a", 1)]"#, .list([.tuple([.string("a"), .u8(1)])])),
        ("tuple<u8, string>", #"(1, "b",)"#, .tuple([.u8(1), .string("b")])),
        ("point", "{y: 2, x: 1}", .record([.init("x", .s32(1)), .init("y", .s32(2))])),
        (
            "config", "{%required: 1}",
            .record([.init("required", .u8(1)), .init("optional", .option(nil)), .init("name", .option(nil))])
        ),
        (
            "config", #"{required: 1, name: "n", optional: 2}"#,
            .record([
                .init("required", .u8(1)), .init("optional", .option(.u8(2))), .init("name", .option(.string("n"))),
            ])
        ),
        ("all-optional", "{ : }", .record([.init("a", .option(nil)), .init("b", .option(nil))])),
        (
            "keyword-fields", "{true: true, ok: ok, none: none}",
            .record([.init("true", .bool(true)), .init("none", .option(nil)), .init("ok", .ok(nil))])
        ),
        ("shape", "nothing", .variant("nothing", nil)), ("shape", "circle(1.5)", .variant("circle", .f64(1.5))),
        ("shape", "%some ( 3 )", .variant("some", .u8(3))), ("shape", "%err", .variant("err", nil)),
        (
            "shape", "polygon([{x: 1, y: 2}])",
            .variant("polygon", .list([.record([.init("x", .s32(1)), .init("y", .s32(2))])]))
        ),
        ("color", "red", .enum("red")), ("color", "%dark-BLUE", .enum("dark-BLUE")), ("color", "%ok", .enum("ok")),
        ("permissions", "{}", .flags([])), ("permissions", "{write, read, some}", .flags(["read", "write", "some"])),
        ("option<u8>", "none", .option(nil)), ("option<u8>", "some(1)", .option(.u8(1))),
        ("option<u8>", "1", .option(.u8(1))),
        ("option<option<u8>>", "some(none)", .option(.option(nil))),
        ("option<option<u8>>", "some(1)", .option(.option(.u8(1)))),
        ("option<shape>", "nothing", .option(.variant("nothing", nil))),
        ("option<color>", "%ok", .option(.enum("ok"))), ("option<bool>", "true", .option(.bool(true))),
        ("result", "ok", .ok(nil)), ("result", "err", .error(nil)), ("result<u8>", "1", .ok(.u8(1))),
        ("result<u8, string>", #"err("no")"#, .error(.string("no"))), ("result<_, string>", "ok", .ok(nil)),
        ("result<option<u8>>", "ok(none)", .ok(.option(nil))), ("result<list<u8>, u8>", "[1]", .ok(.list([.u8(1)]))),
    ])
    func `values are read, and what is printed of them reads alike`(
        type: String,
        text: String,
        value: WAVEValue
    ) throws {
        #expect(try parse(text, as: type) == value)
        #expect(try parse(value.description, as: type) == value, "\(value)")
    }

    @Test func `not a number is read and printed`() throws {
        guard case .f64(let number) = try parse("nan", as: "f64") else {
            Issue.record("no f64")
            return
        }
        #expect(number.isNaN)
        #expect(WAVEValue.f64(-.nan).description == "nan")
    }

    @Test(arguments: [
        (WAVEValue.f32(3), "3"), (.f64(-0.0), "-0"), (.f64(1e300), "1e+300"), (.f32(.infinity), "inf"),
        (.string("\u{1}\u{202E}\"'\\\n☃"), #""\u{1}\u{202e}\"'\\\n☃""#), (.char("'"), #"'\''"#),
        (.enum("none"), "%none"), (.variant("ok", .u8(1)), "%ok(1)"), (.ok(.ok(nil)), "ok(ok)"),
        (.record([.init("a", .option(nil))]), "{:}"), (.option(.u8(1)), "some(1)"), (.error(nil), "err"),
        (.record([.init("a", .option(nil)), .init("some", .bool(true))]), "{some: true}"),
        (.flags(["a", "some"]), "{a, some}"), (.tuple([.list([]), .list([.u8(1), .u8(2)])]), "([], [1, 2])"),
    ])
    func `values are printed in one form`(value: WAVEValue, text: String) {
        #expect(value.description == text)
    }

    @Test(arguments: [
        ("u8", "256", "256 is out of range: the type holds 0 to 255", 1), ("u8", "-1", "out of range", 1),
        ("s8", "128", "out of range", 1), ("u64", "18446744073709551616", "out of range", 1),
        ("u8", "1.0", "expected an integer", 1), ("u8", "01", "expected an integer", 1), ("u8", "", "found the end", 1),
        ("u8", "1 2", "expected the end, found `2`", 3), ("u8", "+1", "expected an integer", 1),
        ("u8", "0x1", "an integer", 1),
        ("f32", ".5", "expected a number", 1), ("f32", "1.", "expected a number", 1), ("f32", "-nan", "a number", 1),
        ("f32", "Inf", "expected a number", 1), ("bool", "truer", "expected `true` or `false`", 1),
        ("char", "''", "expected a character", 1), ("char", "'ab'", "expected `'` after one character", 1),
        ("char", #"'\u{d800}'"#, "U+D800 is no Unicode scalar value", 2), ("char", #"'\x'"#, "expected an escape", 2),
        ("string", "\"a", "the string has no end", 1), ("string", "\"a\nb\"", "is written `\\n`", 1),
        ("string", "\"\"\"a\n\"\"\"", "a line break follows", 1),
        ("string", "\"\"\"\na\"\"\"\n\"\"\"", "within a string", 1),
        ("string", "\"\"\"\na\n  \"\"\"", "fewer spaces", 1), ("string", "\"\"\"\na", "has no end", 1),
        ("list<u8>", "[1 2]", "expected `,` or `]`, found `2`", 4), ("list<u8>", "[,]", "expected an integer", 2),
        ("list<u8, 2>", "[1]", "expected 2 elements, found 1", 1),
        ("tuple<u8, u8>", "(1)", "expected 2 values, found 1", 1),
        ("tuple<u8>", "(1, 2)", "expected 1 values", 5), ("point", "{x: 1}", "the field `y` is missing", 1),
        ("point", "{x: 1, x: 2, y: 3}", "the field `x` comes twice", 8), ("point", "{z: 1}", "it has `x`, `y`", 2),
        ("all-optional", "{}", "is written `{:}`", 1), ("shape", "circle", "`(` and the payload of `circle`", 7),
        ("shape", "nothing(1)", "expected the end", 8), ("shape", "square", "has no case `square`", 1),
        ("shape", "some(1)", "write `%some`", 1), ("color", "ok", "write `%ok`", 1),
        ("color", "1", "expected a case", 1),
        ("permissions", "{read, read}", "the flag `read` comes twice", 8),
        ("permissions", "{see}", "has no flag `see`", 2),
        ("option<option<u8>>", "1", "expected `some(…)` or `none`", 1), ("option<u8>", "some", "payload of `some`", 5),
        ("option<u8>", "none()", "expected the end", 5), ("result", "ok(1)", "expected the end", 3),
        ("result<u8>", "ok", "payload of `ok`", 3), ("result<option<u8>>", "none", "expected `ok` or `err`", 1),
        ("own<r>", "1", "a handle to a resource", 1), ("stream<u8>", "1", "a stream or future", 1),
        ("r", "1", "cannot be written", 1),
        ("error-context", "1", "an error context", 1), ("tuple<u8,u8>", "// (1, 2)", "found the end", 10),
    ])
    func `what is no value of the type is refused`(type: String, text: String, message: String, column: Int) throws {
        let error = try #require(throws: WITError.self) { try parse(text, as: type) }
        #expect(error.message.contains(message), "\(error)")
        #expect(error.column == column || error.line != 1, "\(error)")
    }

    // MARK: - Calls

    private func call(_ text: String) throws -> WAVECall {
        let model = try WITModel(
            parsing: """
                package a:b@1.0.0;
                interface math { add: func(x: u8, y: u8) -> u8; twice: func(x: u8); }
                interface text { twice: func(x: string); same: func(); }
                world w {
                  export math;
                  export text;
                  export run: func();
                  export greet: func(name: string, title: option<string>, times: option<u8>) -> string;
                  export own-one: interface { only: func(); }
                  export same: func();
                }
                """
        )
        return try WAVECall(parsing: text, world: model.world(named: nil), in: model)
    }

    @Test(arguments: [
        ("run()", "run", []), (" run ( ) ", "run", []),
        ("a:b/math.add@1.0.0(1, 2)", "a:b/math@1.0.0", [WAVEValue.u8(1), .u8(2)]),
        ("a:b/math@1.0.0.add(1, 2)", "a:b/math@1.0.0", [.u8(1), .u8(2)]),
        ("math@1.0.0.add(1, 2)", "a:b/math@1.0.0", [.u8(1), .u8(2)]),
        ("a:b/math.add(1, 2,)", "a:b/math@1.0.0", [.u8(1), .u8(2)]),
        ("math.add(1, 2)", "a:b/math@1.0.0", [.u8(1), .u8(2)]), ("add(1, 2)", "a:b/math@1.0.0", [.u8(1), .u8(2)]),
        (#"text.twice("x")"#, "a:b/text@1.0.0", [.string("x")]), ("own-one.only()", "own-one", []),
        ("only()", "own-one", []),
        ("same()", "same", []), ("text.same()", "a:b/text@1.0.0", []),
        (#"greet("a")"#, "greet", [.string("a"), .option(nil), .option(nil)]),
        (#"greet("a", "b")"#, "greet", [.string("a"), .option(.string("b")), .option(nil)]),
        (#"greet("a", none, 3)"#, "greet", [.string("a"), .option(nil), .option(.u8(3))]),
    ])
    func `a call finds its function and reads its arguments`(text: String, export: String, values: [WAVEValue]) throws {
        let call = try call(text)
        #expect(call.export.externName == export)
        #expect(call.arguments == values)
    }

    @Test(arguments: [
        ("", "expected the name of a function"), ("run", "expected `(` and the arguments"), ("run(", "expected"),
        ("run(1)", "expected no arguments"), ("run() x", "expected the end"), ("add(1)", "the argument `y` is missing"),
        ("add(1, 2, 3)", "expected 2 arguments at most"), ("twice(1)", "could be any of"),
        ("fly()", "no function `fly`; known are"),
        ("math.fly()", "no function `math.fly`"), ("a:b/math.add@1.0.1(1, 2)", "no function"),
        ("a:b/math@1.0.1.add(1, 2)", "no function"), ("math@2.0.0.add(1, 2)", "no function"),
        ("add(1 2)", "expected `,` or `)`"),
    ])
    func `what is no call is refused`(text: String, message: String) throws {
        let error = try #require(throws: WITError.self) { try call(text) }
        #expect(error.message.contains(message), "\(error)")
    }

    // MARK: - Many values, hostile input

    @Test func `random values of every type read as they were printed`() throws {
        let model = try model()
        var generator = WAVEGenerator(model: model)
        for definition in model.mainPackage.interfaces[0].types where definition.name != "r" {
            for _ in 0..<200 {
                let value = generator.value(.named(definition.id))
                let type = WITType.option(
                    .tuple([.list(.named(definition.id)), .result(ok: .named(definition.id), error: nil)])
                )
                let whole = WAVEValue.option(.tuple([.list([value, value]), .ok(value)]))
                #expect(try WAVEValue(parsing: whole.description, as: type, in: model) == whole, "\(whole)")
            }
        }
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: ["[", "(", "{", "\"", "'", "some(", "%", "-", "\\", "\"\"\"\n", "1", "//"]
    )
    func `signs repeated without end are refused`(sign: String) throws {
        for type in ["list<list<list<u8>>>", "string", "option<option<u8>>", "point", "shape", "f64", "u64", "char"] {
            #expect(throws: WITError.self) { try parse(String(repeating: sign, count: 20_000) + "?", as: type) }
        }
    }

    @Test func `no change of the bytes of a text makes the parser fail otherwise`() throws {
        let model = try model()
        var generator = WAVEGenerator(model: model)
        var accepted = 0
        for definition in model.mainPackage.interfaces[0].types where definition.name != "r" {
            for _ in 0..<300 {
                var bytes = Array(generator.value(.list(.named(definition.id))).description.utf8)
                let place = Int.random(in: 0..<bytes.count, using: &generator.random)
                if Bool.random(using: &generator.random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &generator.random)
                } else {
                    bytes.remove(at: place)
                }
                do {
                    let text = String(decoding: bytes, as: UTF8.self)
                    let value = try WAVEValue(parsing: text, as: .list(.named(definition.id)), in: model)
                    accepted += 1
                    let again = try WAVEValue(parsing: value.description, as: .list(.named(definition.id)), in: model)
                    #expect(again.description == value.description)
                } catch {
                    #expect(error.line != nil)
                }
            }
        }
        #expect(accepted > 100)
    }
}

/// Makes values of types.
private struct WAVEGenerator {
    let model: WITModel
    var random = SeededGenerator(seed: 26)

    mutating func value(_ type: WITType) -> WAVEValue {
        switch type {
        case .primitive(let primitive): self.primitive(primitive)
        case .list(let element): .list((0..<Int.random(in: 0...4, using: &random)).map { _ in value(element) })
        case .fixedLengthList(let element, let length): .list((0..<length).map { _ in value(element) })
        case .map(let key, let value):
            .list((0..<Int.random(in: 0...3, using: &random)).map { _ in self.value(.tuple([key, value])) })
        case .tuple(let types): .tuple(types.map { value($0) })
        case .option(let type): .option(Bool.random(using: &random) ? value(type) : nil)
        case .result(let ok, let error):
            Bool.random(using: &random) ? .ok(ok.map { value($0) }) : .error(error.map { value($0) })
        case .named(let id): named(id)
        case .own, .borrow, .stream, .future: preconditionFailure("no such value")
        }
    }

    private mutating func named(_ id: WITTypeID) -> WAVEValue {
        switch model.resolved(id)?.kind {
        case .alias(let type): return value(type)
        case .record(let fields): return .record(fields.map { .init($0.name, value($0.type)) })
        case .variant(let cases):
            let chosen = cases[Int.random(in: 0..<cases.count, using: &random)]
            return .variant(chosen.name, chosen.type.map { value($0) })
        case .enum(let labels): return .enum(labels[Int.random(in: 0..<labels.count, using: &random)].name)
        case .flags(let labels): return .flags(labels.map(\.name).filter { _ in Bool.random(using: &random) })
        case .resource, .use, nil: preconditionFailure("no such value")
        }
    }

    private mutating func primitive(_ type: WITPrimitiveType) -> WAVEValue {
        let bits = random.next()
        switch type {
        case .bool: return .bool(bits & 1 == 0)
        case .s8: return .s8(Int8(truncatingIfNeeded: bits))
        case .s16: return .s16(Int16(truncatingIfNeeded: bits))
        case .s32: return .s32(Int32(truncatingIfNeeded: bits))
        case .s64: return .s64(Int64(truncatingIfNeeded: bits))
        case .u8: return .u8(UInt8(truncatingIfNeeded: bits))
        case .u16: return .u16(UInt16(truncatingIfNeeded: bits))
        case .u32: return .u32(UInt32(truncatingIfNeeded: bits))
        case .u64: return .u64(bits)
        case .f32:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return .f32(value.isNaN ? .infinity : value)
        case .f64:
            let value = Double(bitPattern: bits)
            return .f64(value.isNaN ? -.infinity : value)
        case .char: return .char(scalar())
        case .string:
            var text = ""
            for _ in 0..<(bits % 8) {
                text.unicodeScalars.append(scalar())
            }
            return .string(text)
        case .errorContext: preconditionFailure("no such value")
        }
    }

    private mutating func scalar() -> Unicode.Scalar {
        let range: ClosedRange<UInt32> = Bool.random(using: &random) ? 0...0x7F : 0x80...0x10FFFF
        return Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? "\u{FFFD}"
    }
}
