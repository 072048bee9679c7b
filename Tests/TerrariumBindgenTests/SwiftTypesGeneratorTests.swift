// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing
import WIT

@testable import TerrariumBindgen

struct SwiftTypesGeneratorTests {
    private func generate(_ text: String, world: String? = nil) throws -> String {
        try SwiftBindingsGenerator(model: WITModel(parsing: text), world: world).source()
    }

    @Test func `every kind of type becomes the Swift type that is meant for it`() throws {
        let source = try generate(
            """
            package a:b@1.0.0;
            interface things {
              /// A place.
              record point {
                /// To the right.
                x: s32,
                label: option<string>,
              }
              variant shape { nothing, circle(point) }
              enum color { red, dark-BLUE }
              flags perms { read, write }
              resource file { read: func() -> list<u8>; }
              type bytes = list<u8>;
              f: func() -> result<_, color>;
            }
            world app { import things; }
            """
        )
        let expected = """
            /// The types of the world `a:b/app@1.0.0`.
            public enum App {
            }

            extension App {
                /// The types of the interface `a:b/things@1.0.0`.
                public enum Things {
                    /// A place.
                    public struct Point: Hashable, Sendable {
                        /// To the right.
                        public var x: Int32
                        /// The field `label`.
                        public var label: String?

                        /// Creates a value from its fields.
                        public init(x: Int32, label: String? = nil) {
                            self.x = x
                            self.label = label
                        }
                    }

                    /// The type `shape`.
                    public enum Shape: Hashable, Sendable {
                        /// The case `nothing`.
                        case nothing
                        /// The case `circle`.
                        case circle(Point)
                    }

                    /// The type `color`.
                    public enum Color: CaseIterable, Error, Hashable, Sendable {
                        /// The case `red`.
                        case red
                        /// The case `dark-BLUE`.
                        case darkBLUE
                    }

                    /// The type `perms`.
                    public struct Perms: Hashable, OptionSet, Sendable {
                        /// The bits of the flags that are set.
                        public var rawValue: UInt8

                        /// Creates flags from their bits.
                        public init(rawValue: UInt8) {
                            self.rawValue = rawValue
                        }

                        /// The flag `read`.
                        public static let read = Self(rawValue: 1 << 0)

                        /// The flag `write`.
                        public static let write = Self(rawValue: 1 << 1)
                    }

                    /// The type `file`.
                    public protocol File: AnyObject, Sendable {
                        /// The method `read`.
                        func read() async -> [UInt8]
                    }

                    /// The type `bytes`.
                    public typealias Bytes = [UInt8]
                }
            }

            """
        #expect(source.contains(expected), "\(source)")
        try SwiftCompiler.check([source])
    }

    @Test func `the check of what is generated sees warnings`() throws {
        #expect(throws: SwiftCompiler.Failure.self) { try SwiftCompiler.check(["func f() { let unused = 1 }"]) }
    }

    @Test(arguments: BindgenFixture.allCases)
    func `what is generated compiles without warnings`(fixture: BindgenFixture) throws {
        try SwiftCompiler.check([try generate(fixture.text)])
    }

    @Test(arguments: [
        ("stream<u8>", "a stream"), ("future", "a future"), ("list<option<error-context>>", "an error context"),
        ("tuple<u8, list<u8, 4>>", "a list of fixed length (`list<…, 4>`)"),
    ])
    func `what has no bindings yet is named`(type: String, what: String) throws {
        let error = #expect(throws: BindgenError.self) {
            try generate("package a:b; interface i { record r { x: \(type) } } world w { import i; }")
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message == "the type `a:b/i.{r}` holds \(what), for which no bindings are generated yet")
    }

    @Test(arguments: ["import f: async func();", "export f: async func() -> u8;"])
    func `functions that are async in WIT have no bindings yet`(item: String) throws {
        let error = #expect(throws: BindgenError.self) { try generate("package a:b; world w { \(item) }") }
        #expect(error?.code == .unsupported)
        #expect(error?.message.hasPrefix("the function `f` is an `async func`") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [SwiftBindingsGenerator.AccessLevel.public, .package, .internal], [true, false])
    func `what is generated goes with plain imports of the module`(
        level: SwiftBindingsGenerator.AccessLevel,
        importsAreInternal: Bool
    ) throws {
        let model = try WITModel(parsing: "package a:b; world w { export f: func(x: list<string>) -> result<u8>; }")
        let source = try SwiftBindingsGenerator(model: model, accessLevel: level).source()
        let other = "import Wasmtime\nfunc engine() throws -> Engine.Configuration { Engine.Configuration() }"
        try SwiftCompiler.check([source, other], importsAreInternal: importsAreInternal)
    }

    @Test func `a world that is not there is an error`() throws {
        let error = #expect(throws: BindgenError.self) { try generate("package a:b; world w {}", world: "v") }
        #expect(error?.code == .unknownWorld)
    }

    // MARK: - Names

    @Test(arguments: [
        ("stream-error", "StreamError", "streamError"), ("x", "X", "x"), ("HTTP-server", "HTTPServer", "httpServer"),
        ("utf8-TEXT", "Utf8TEXT", "utf8TEXT"), ("a-1b", "A1b", "a1b"), ("type", "Type_", "type"),
        ("self", "Self_", "self_"), ("init", "Init", "init_"), ("hash-value", "HashValue", "hashValue_"),
    ])
    func `names follow the customs of Swift`(name: String, type: String, member: String) {
        #expect(SwiftNaming.typeName(name) == type)
        #expect(SwiftNaming.memberName(name) == member)
    }

    @Test func `keywords are escaped`() {
        #expect(SwiftNaming.escaped("default") == "`default`")
        #expect(SwiftNaming.escaped("defaults") == "defaults")
    }

    @Test func `names that would be equal are told apart`() {
        #expect(UniqueNames.members(["a-1", "a1", "A-1", "b"]) == ["a1", "a1_2", "a1_3", "b"])
    }

    @Test func `interfaces of one name are told apart by their packages and versions`() throws {
        let model = try WITModel(
            parsing: """
                package my:app;
                interface only { f: func(); }
                world types {
                  import only;
                  import a:one/types@1.0.0;
                  import a:two/types@1.0.0;
                  import b:two/types@1.0.0;
                  import b:two/types@2.0.0-rc.1;
                  import inline: interface { f: func(); }
                  export inline: interface { f: func(); }
                }
                package a:one@1.0.0 { interface types { f: func(); } }
                package a:two@1.0.0 { interface types { f: func(); } }
                package b:two@1.0.0 { interface types { f: func(); } }
                package b:two@2.0.0-rc.1 { interface types { f: func(); } }
                """
        )
        let names = SwiftNames(try model.world(named: nil), model)
        #expect(names.world == "Types")
        #expect(
            names.interfaceOrder.compactMap { names.interfaces[$0] } == [
                "Only", "OneTypes", "ATwoTypes", "BTwoTypes_1_0_0", "BTwoTypes_2_0_0_rc_1", "ImportedInline",
                "ExportedInline",
            ]
        )
    }

    // MARK: - Functions

    @Test(arguments: [
        ("f: func();", "func f() async"),
        ("open-it: func(in: string) -> u8;", "func openIt(`in`: String) async -> UInt8"),
        ("f: func() -> result;", "func f() async throws(W.Failure<Void>)"),
        ("f: func() -> result<u8>;", "func f() async throws(W.Failure<Void>) -> UInt8"),
        ("f: func() -> result<u8, string>;", "func f() async throws(W.Failure<String>) -> UInt8"),
        ("f: func() -> result<_, e>; enum e { a }", "func f() async throws(E)"),
        ("f: func() -> option<result<u8, e>>; enum e { a }", "func f() async -> Result<UInt8, E>?"),
        ("f: func(a: list<u8>, b: tuple<u8, char>);", "func f(a: [UInt8], b: (UInt8, Unicode.Scalar)) async"),
        ("f: func(m: map<string, list<f32>>);", "func f(m: [String: [Float]]) async"),
        ("resource r { constructor(x: u8); }", "init(x: UInt8) async"),
        ("resource r { constructor(x: u8) -> result<r, string>; }", "init(x: UInt8) async throws(W.Failure<String>)"),
        ("resource r { make: static func() -> r; }", "static func make() async -> any R"),
        ("resource r { m: func(other: borrow<r>) -> own<r>; }", "func m(other: any R) async -> any R"),
        (
            "f: func(r: option<borrow<r>>) -> result<_, r>; resource r;",
            "func f(r: (any R)?) async throws(W.Failure<any R>)"
        ),
    ])
    func `functions become Swift functions`(text: String, declaration: String) throws {
        let model = try WITModel(parsing: "package a:b; interface i { \(text) } world w { import i; }")
        let generator = try SwiftTypesGenerator(model: model, world: nil)
        let function = try #require(model.mainPackage.interfaces[0].allFunctions.first)
        #expect(try SwiftSignature(function, generator.mapping).declaration == declaration)
    }
}
