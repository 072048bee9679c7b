// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import WIT

struct WITParserTests {
    private func parse(_ text: String) throws -> WITSyntax.Document {
        try WITParser.document(WITSourceFile(path: "test.wit", text: text))
    }

    private func print(_ document: WITSyntax.Document) -> String {
        var printer = WITPrinter()
        printer.document(document)
        return printer.text
    }

    private func error(_ text: String) throws -> WITError {
        try #require(throws: WITError.self) { try parse(text) }
    }

    @Test(arguments: WITFixture.allCases)
    func `what is printed parses to an equal tree`(fixture: WITFixture) throws {
        let document = try parse(fixture.text)
        let printed = print(document)
        #expect(try parse(printed) == document)
        #expect(print(try parse(printed)) == printed)
        #expect(document.items.count > 5)
    }

    @Test(arguments: WITFixture.allCases)
    func `wasm-tools reads the fixtures, and what is printed of them, alike`(fixture: WITFixture) throws {
        let printed = print(try parse(fixture.text))
        let ours = try WasmTools.wit(ofText: printed, "--no-docs", "--json")
        let theirs = try WasmTools.wit(ofText: fixture.text, "--no-docs", "--json")
        // Documentation differs: wasm-tools takes plain comments for it too.
        #expect(withoutDocs(ours) == withoutDocs(theirs))
    }

    private func withoutDocs(_ json: String) -> [Substring] {
        json.split(separator: "\n").filter { !$0.contains("\"contents\":") }
    }

    @Test func `the tree holds what the text says`() throws {
        let document = try parse(
            """
            /// Of the package.
            package a:b@1.0.0;
            interface i {
              /// One.
              /// Two.
              @since(version = 1.0.0)
              f: async func(x: list<u8, 4>) -> result<_, y>;
            }
            """
        )
        #expect(document.package?.docs == "Of the package.")
        #expect(document.package?.name.description == "a:b@1.0.0")
        guard case .interface(let interface) = document.items.first,
            case .function(let function) = interface.items.first
        else {
            Issue.record("no function")
            return
        }
        #expect(function.name.text == "f")
        #expect(function.isAsync)
        #expect(function.attributes.docs == "One.\nTwo.")
        #expect(function.attributes.stability == .stable(since: WITVersion(1, 0, 0)))
        #expect(function.parameters.first?.type == .fixedLengthList(.primitive(.u8), length: 4))
        #expect(function.result == .result(ok: nil, error: .name(WITSyntax.Identifier(text: "y"))))
    }

    @Test(
        arguments: [
            ("///  a\n///   b\n///\n///  c", "a\n b\n\nc"),
            ("/** one line */", "one line"),
            ("/**\n * a\n *  b\n */", "a\n b"),
            ("/** a\n    b\n      c\n*/", "a\nb\n  c"),
            ("///\n///", nil),
            ("//// rule\n// plain\n/* block */ /***/ /**/", nil),
            ("/// dos\r\n/// lines\r", "dos\nlines"),
            ("/// \u{301} combining", "\u{301} combining"),
        ] as [(String, String?)]
    )
    func `documentation comments lose their marks and shared indentation`(comment: String, docs: String?) throws {
        let document = try parse("\(comment)\ninterface i {}")
        guard case .interface(let interface) = document.items.first else {
            Issue.record("no interface")
            return
        }
        #expect(interface.attributes.docs == docs)
        #expect(try parse(print(document)) == document)
    }

    @Test(arguments: [
        ("import a:b/c;", "path"), ("import a: b;", "named"), ("import a: b:c/d@1.0.0;", "named"),
        ("import a:func();", "function"), ("import a: async func();", "function"),
        ("import a:interface {}", "interface"), ("import a;", "path"), ("import a:b:c/d;", "path"),
    ])
    func `a colon after the name of an import is told from one within a path`(item: String, kind: String) throws {
        let document = try parse("world w { \(item) }")
        guard case .world(let world) = document.items.first, case .import(let extern) = world.items.first else {
            Issue.record("no import")
            return
        }
        let found =
            switch extern.kind {
            case .path: "path"
            case .named: "named"
            case .function: "function"
            case .interface: "interface"
            }
        #expect(found == kind)
        #expect(try parse(print(document)) == document)
    }

    @Test(arguments: [
        ("interface i { f: func() -> ; }", "expected a type, found `;`", 1, 28),
        ("interface i {\n  record r { a u8 }\n}", "expected `:`, found keyword `u8`", 2, 16),
        ("interface i {\n\ttype list = u8;\n}", "write `%list` to use it as a name", 2, 7),
        ("interface i { type t = list<u8", "expected `>` or `,`, found the end of the file", 1, 31),
        ("interface Foo-bAr {}", "mixes upper and lower case", 1, 11),
        ("interface a--b {}", "empty word", 1, 11),
        ("interface aä {}", "may hold only letters, digits and hyphens", 1, 11),
        ("interface i { @stable(version = 1.0.0) f: func(); }", "`@stable` is not known", 1, 16),
        ("interface i { @since(version = 1.0) f: func(); }", "expected a version such as `1.0.0`", 1, 32),
        ("interface i { @since(version = 01.0.0) f: func(); }", "expected a version", 1, 32),
        ("interface i { @deprecated(version = 1.0.0) f: func(); }", "needs `@since`", 1, 15),
        ("world w { import a:b; }", "names a package", 1, 18),
        ("package a:b; package c:d;", "stands first in a file", 1, 22),
        ("/* /* */", "the comment has no end", 1, 1),
        ("interface i { \u{202E} }", "U+202E may not appear", 1, 15),
        ("interface i { # }", "unexpected character `#`", 1, 15),
        ("world w { @external-id(\"\\q\") import f: func(); }", "expected an escape", 1, 25),
        ("world w { @external-id(\"a\nb\") import f: func(); }", "does not end on its line", 1, 24),
        ("interface i { f: func(a: u8 b: u8); }", "expected `,` or `)`, found `b`", 1, 29),
        ("world w { include a with { b } }", "expected `as`, found `}`", 1, 30),
        ("interface i { type t = list<u8, 4294967296>; }", "must be below 4294967296", 1, 33),
    ])
    func `errors say what was expected, and where`(text: String, message: String, line: Int, column: Int) throws {
        let error = try error(text)
        #expect(error.message.contains(message), "\(error)")
        #expect(error.file == "test.wit")
        #expect(error.line == line, "\(error)")
        #expect(error.column == column, "\(error)")
    }

    @Test func `an error shows its line with a mark`() throws {
        let error = try error("interface i {\n  f: func(x: liszt-of<u8>);\n}")
        #expect(
            error.description == """
                test.wit:2:22: error: expected `,` or `)`, found `<`
                2 |   f: func(x: liszt-of<u8>);
                  |                      ^
                """
        )
    }

    @Test(arguments: [
        "1.0.0", "0.2.1-rc.1", "1.2.3-alpha.beta+001", "10.20.30+a-b", "1.0.0-0A.is.legal",
        "18446744073709551615.0.0",
    ])
    func `versions print as they were written`(text: String) throws {
        #expect(WITVersion(text)?.description == text)
        let document = try parse("package a:b@\(text);\nworld w { import c:d/e@\(text); use c:d/f@\(text).{g}; }")
        #expect(document.package?.name.version?.description == text)
        #expect(try parse(print(document)) == document)
    }

    @Test(arguments: ["1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "a.b.c", "1.0.0-a..b", "1.-1.0"])
    func `what is not a version is refused`(text: String) {
        #expect(WITVersion(text) == nil)
    }

    @Test func `versions are ordered after Semantic Versioning`() throws {
        let ascending = [
            "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "2.0.0",
        ].compactMap { WITVersion($0) }
        for (index, version) in ascending.enumerated() {
            for (other, second) in ascending.enumerated() {
                #expect(version.precedes(second) == (index < other), "\(version) and \(second)")
            }
        }
    }
}
