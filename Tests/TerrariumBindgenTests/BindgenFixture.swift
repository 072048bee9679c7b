// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Worlds that are hard on a generator.
enum BindgenFixture: String, CaseIterable {
    /// Every type constructor, nested, used across interfaces.
    case shapes
    /// Names that mean something in Swift.
    case hostileNames
    /// Interfaces, types and cases whose Swift names would be equal.
    case collisions

    var text: String {
        switch self {
        case .shapes: Self.shapesText
        case .hostileNames: Self.hostileNamesText
        case .collisions: Self.collisionsText
        }
    }

    private static let shapesText = """
        package test:shapes@1.0.0;
        /// Types.
        interface types {
          record numbers {
            a: u8, b: u16, c: u32, d: u64, e: s8, f: s16, g: s32, h: s64, i: f32, j: f64, k: bool, l: char, m: string,
          }
          record nested {
            list-of-lists: list<list<numbers>>,
            bytes: list<u8>,
            keyed: map<string, list<option<u8>>>,
            maybe-maybe: option<option<string>>,
            pair: tuple<u8, tuple<string, numbers>>,
            many-pairs: list<tuple<u8, u8>>,
            one: tuple<u8>,
            outcome: result<u8, problem>,
            plain: result,
            only-error: result<_, string>,
            only-ok: result<list<u8>>,
          }
          variant problem {
            unknown, code(u32), wrapped(list<numbers>), pair(tuple<u8, u8>), maybe(option<u8>), done(result<_, string>),
          }
          enum color { red, green, blue }
          flags few { a, b }
          flags many {
            f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21, f22,
            f23, f24, f25, f26, f27, f28, f29, f30, f31,
          }
          type name = string;
          type names = list<name>;
        }
        interface resources {
          use types.{nested, problem, color as colour};
          resource file {
            constructor(name: string) -> result<file, problem>;
            read: func(max: u64) -> result<list<u8>, problem>;
            copy: static func(%from: borrow<file>, to: borrow<file>) -> result;
            self-test: func() -> colour;
          }
          resource other { constructor(); }
          type handle = own<file>;
          type also-file = file;
          record holder { file: file, colour: colour }
          all: func(files: list<file>, also: also-file, holder: holder) -> tuple<handle, option<own<other>>>;
          fails: func() -> result<nested, other>;
          hold: func(n: nested) -> result<_, list<string>>;
        }
        world app {
          use types.{color};
          record local { color: color, text: string }
          import log: func(l: local) -> result<_, color>;
          export resources;
          export own-one: interface {
            use types.{numbers};
            sum: func(n: numbers) -> u64;
          }
        }
        """

    private static let hostileNamesText: String = {
        let words = [
            "any", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default", "defer",
            "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard",
            "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "open", "operator",
            "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "static",
            "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "type", "typealias", "var",
            "where", "while", "async", "actor", "some", "none", "hash-value", "raw-value", "all-cases", "description",
            "hash", "swift", "string", "int", "bool", "u-int8", "int32", "error", "result", "optional", "array",
            "sendable", "hashable", "option-set", "case-iterable", "void", "unicode", "failure", "never", "handle",
            "double", "float", "dictionary", "set", "get", "did-set", "left", "right", "mutating", "new-value",
        ]
        func list(_ form: (String) -> String) -> String { words.map(form).joined(separator: ", ") }
        let uses = words.map { "record %\($0) { %value: u8, text: string }" }.joined(separator: "\n")
        return """
            package %swift:%error;
            interface members {
              record fields { \(list { "%\($0): u8" }) }
              record optional-fields { \(list { "%\($0): option<string>" }) }
              variant cases { \(list { "%\($0)(u8)" }) }
              variant bare-cases { \(list { "%\($0)" }) }
              enum labels { \(list { "%\($0)" }) }
              flags some-flags { \(words.prefix(32).map { "%\($0)" }.joined(separator: ", ")) }
              flags other-flags { \(words.suffix(32).map { "%\($0)" }.joined(separator: ", ")) }
              parameters: func(\(list { "%\($0): u8" }));
              \(words.map { "%f-\($0): func(); %\($0): func();" }.joined(separator: "\n"))
            }
            interface types {
              \(uses)
              record all-of-them { \(list { "%\($0): %\($0)" }) }
              variant one-of-them { \(list { "%\($0)(%\($0))" }) }
              enum an-enum { a }
              flags a-flags { a }
              resource a-resource;
              use-them: func(\(list { "%\($0): %\($0)" })) -> result<an-enum, list<string>>;
            }
            interface %error {
              resource %error { to-debug-string: func() -> string; }
              fail: func() -> result<%string, %error>;
              type %string = string;
            }
            interface %string {
              use %error.{%error};
              use types.{%result, %string};
              f: func() -> result<%string, %error>;
            }
            interface %swift { use %error.{%error as %swift}; f: func() -> result<_, %swift>; }
            interface %type { type %type = u8; }
            world %self {
              import members;
              import types;
              import %error;
              import %string;
              import %swift;
              import %type;
              use types.{%error, %sendable};
              record %failure { error: %error }
              import f: func() -> result<_, string>;
            }
            """
    }()

    private static let collisionsText = """
        package test:collisions@1.0.0;
        interface types {
          record a-1 { x-1: u8, x1: u8, X-1-x: u8 }
          record a1 { y: u8 }
          variant v { b-1, b1(a1), B-1-b(a-1) }
          enum e { c-1, c1 }
          flags f { d-1, d1 }
          record types { t: a-1 }
          record app { t: types }
          record test { t: app }
        }
        interface app { use types.{types, app}; type t = app; }
        interface app-1 { use test:other/types@1.0.0.{p}; use test:other/types@2.0.0.{p as q}; record r { p: p, q: q } }
        interface app1 { use app-1.{r}; use types.{test}; f: func(t: test) -> result<r, r>; }
        world app-world {
          import types;
          export app;
          import app-1;
          import app1;
          import inline: interface { use types.{a1}; record r { a: a1 } }
          export inline: interface { use types.{a-1}; record r { a: a-1 } }
          use types.{types};
          record app { t: types }
        }
        package test:other@1.0.0 { interface types { record p { x: u8 } } }
        package test:other@2.0.0 { interface types { record p { x: u16 } } }
        """
}
