// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentModel
@testable import WIT

struct WITDecodingTests {
    /// Checks that the model of a binary prints to text that parses to it, and that wasm-tools sees the same in it.
    @discardableResult
    private func check(_ binary: [UInt8]) throws -> WITModel {
        let model = try WITModel(of: Component(decoding: binary))
        #expect(try WITModel(parsing: model.text(), features: .all) == model)
        let theirs = try WITModel(parsing: WasmTools().wit(binary), features: .all)
        #expect(theirs == model, "\(model.text())\n---- wasm-tools:\n\(theirs.text())")
        return model
    }

    /// A WIT text as a package in binary form.
    private func package(_ text: String) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "input.wit")
        try Data(text.utf8).write(to: file)
        return try WasmTools().run("wasm-tools", ["component", "wit", file.path, "--all-features", "--wasm"])
    }

    /// A component with the imports and exports of a world, which does nothing.
    private func component(_ text: String, world: String) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "input.wit")
        try Data(text.utf8).write(to: file)
        let tools = try WasmTools()
        let core = try tools.run("wasm-tools", ["component", "embed", "--dummy", file.path, "-w", world])
        return try tools.run("wasm-tools", ["component", "new", "-"], input: core)
    }

    // MARK: - Packages

    @Test(arguments: WITFixture.allCases)
    func `a package in binary form says what its text says`(fixture: WITFixture) throws {
        let model = try check(try package(fixture.text))
        let original = try WITModel(parsing: fixture.text)
        #expect(model.mainPackageName == original.mainPackageName)
        // The binary holds the documentation as wasm-tools reads it, which takes in plain comments.
        let without = try [model, original].map { try WITModel(parsing: $0.text(includesDocs: false)).mainPackage }
        #expect(without[0] == without[1])
    }

    @Test func `documentation and gates come with the package`() throws {
        let text = """
            /// Of the package.
            package a:b@1.1.0;

            /// Of the interface.
            @since(version = 1.0.0)
            interface i {
              /// Of the record.
              @since(version = 1.0.0)
              @deprecated(version = 1.1.0)
              record r {
                /// Of the field.
                x: u8,
              }
              /// Of the resource.
              resource s {
                /// Of the constructor.
                constructor();
                /// Of the method.
                m: func();
              }
              /// Of the function,
              ///   on two lines.
              @unstable(feature = foo)
              f: func();
            }

            /// Of the world.
            world w {
              /// Of the import.
              @since(version = 1.0.0)
              import i;
              /// Of the imported inline interface.
              import k: interface {
                /// Of its function.
                q: func();
              }
              /// Of the type.
              type t = u8;
              /// Of the imported function.
              import f: func();
              /// Of the exported function.
              export f: func();
              /// Of the exported inline interface.
              @unstable(feature = foo)
              export k: interface {
                /// Of its other function.
                q: func();
              }
              /// Of the export.
              export i;
            }
            """
        let model = try check(try package(text))
        #expect(model == (try WITModel(parsing: text, features: .all)))
    }

    // MARK: - Components

    @Test(arguments: ["base", "derived", "empty"])
    func `a component shows the world that it was made for`(world: String) throws {
        let binary = try component(WITFixture.everything.text, world: world)
        let model = try check(binary)
        let original = try WITModel(parsing: WITFixture.everything.text).world(named: world)
        let decoded = try model.world(named: nil)
        #expect(decoded.id.description == "root:component/root")
        #expect(decoded.imports.map(\.externName) == original.imports.map(\.externName))
        #expect(Set(decoded.exports.map(\.externName)) == Set(original.exports.map(\.externName)))
    }

    @Test(.timeLimit(.minutes(5))) func `a component of Python shows the interfaces of WASI that it uses`() throws {
        let model = try check(try PythonComponent.shared.get())
        #expect(model.packages.filter { $0.name.namespace == "wasi" }.count >= 6)
        let exports = try model.world(named: nil).exports.map(\.externName)
        #expect(exports.contains("eval") && exports.contains("exec"))
    }

    @Test(.timeLimit(.minutes(5))) func `a component of Python shows its own resources, records and variants`() throws {
        let model = try check(try PythonComponents.typed.get())
        let package = try #require(model.packages.first { $0.name.namespace == "test" })
        #expect(Set(package.interfaces.map(\.name)) == ["types", "host", "guest"])
        let guest = try #require(package.interfaces.first { $0.name == "guest" })
        let canvas = try #require(guest.types.first { $0.name == "canvas" })
        #expect(
            canvas.resourceFunctions.map(\.externName) == [
                "[constructor]canvas", "[method]canvas.draw", "[method]canvas.count",
            ]
        )
        let counter = WITTypeID(owner: .interface(guest.id), name: "counter")
        #expect(model.resolved(counter)?.id.description == "test:guest/host@0.1.0.{counter}")
    }

    @Test func `every type that the text format of components has is read`() throws {
        try check(
            try WasmTools().parse(
                """
                (component
                  (import "a:b/types@1.0.0" (instance $types
                    (export "r" (type $r (sub resource)))
                    (type $point' (record (field "x" s8) (field "y" u64)))
                    (export "point" (type $point (eq $point')))
                    (type $v' (variant (case "a") (case "b" $point) (case "c" (list (tuple char string)))))
                    (export "v" (type $v (eq $v')))
                    (type $e' (enum "one" "two"))
                    (export "e" (type $e (eq $e')))
                    (type $f' (flags "x" "y"))
                    (export "f" (type $f (eq $f')))
                    (type $bytes' (list u8))
                    (export "bytes" (type $bytes (eq $bytes')))
                    (export "more-bytes" (type (eq $bytes)))
                    (type $handle' (own $r))
                    (export "handle" (type (eq $handle')))
                    (export "also-r" (type $also-r (eq $r)))
                    (type $s (stream u8))
                    (type $fut (future (result (error string))))
                    (export "[constructor]r" (func (result (own $r))))
                    (export "[method]r.m" (func (param "self" (borrow $r)) (param "p" $point) (result (option $v))))
                    (export "[static]r.s" (func (param "o" (borrow $also-r))))
                    (export "free" (func async (param "a" (result $e (error $f))) (param "b" $s) (result $fut)))
                  ))
                  (alias export $types "r" (type $r))
                  (alias export $types "point" (type $point))
                  (import "a:b/user@1.0.0" (instance
                    (export "res" (type $res (eq $r)))
                    (export "point" (type $p (eq $point)))
                    (export "go" (func (param "r" (own $res)) (param "p" $p)))
                  ))
                  (import "inline" (instance (export "point" (type $q (eq $point))) (export "q" (func (result $q)))))
                  (import "t" (type $t (eq $point)))
                  (import "f" (func (param "t" $t)))
                )
                """
            )
        )
    }

    @Test func `a type that is used without a name of its own is brought in`() throws {
        let binary = try WasmTools().parse(
            """
            (component
              (import "a:b/i" (instance $i
                (type $r (record (field "x" u8)))
                (export "r" (type (eq $r)))
                (export "s" (type (sub resource)))
              ))
              (alias export $i "r" (type $r))
              (alias export $i "s" (type $s))
              (import "f" (func (param "r" $r) (param "s" (borrow $s)) (result (list $r))))
              (import "a:b/j" (instance (export "g" (func (param "r" $r)))))
            )
            """
        )
        // What wasm-tools prints of this is no WIT.
        let model = try WITModel(of: Component(decoding: binary))
        #expect(try WITModel(parsing: model.text()) == model)
        #expect(try model.world(named: nil).types.map(\.name) == ["r", "s"])
        #expect(model.packages[0].interfaces[1].types.map(\.isUse) == [true])
    }

    // MARK: - What cannot be said

    @Test(arguments: [
        ("(import \"a:b/i\" (instance (export \"f\" (instance))))", "neither a type nor a function"),
        ("(type $t u8) (export \"t\" (type $t))", "exports the type `t`"),
    ])
    func `what WIT has no words for is refused`(text: String, message: String) throws {
        let binary = try WasmTools().parse("(component \(text))")
        let error = #expect(throws: WITError.self) { try WITModel(of: Component(decoding: binary)) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `types without names that unfold without end are refused`() throws {
        let types = (1...60).map { "(type $t\($0) (tuple $t\($0 - 1) $t\($0 - 1)))" }.joined(separator: "\n")
        let binary = try WasmTools().parse(
            "(component (type $t0 (tuple u8)) \(types) (import \"f\" (func (param \"x\" $t60))))"
        )
        let error = #expect(throws: WITError.self) { try WITModel(of: Component(decoding: binary)) }
        #expect(error?.code == .limit)
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `no change of the bytes of a binary makes the decoder fail otherwise`(isPackage: Bool) throws {
        let original =
            try isPackage
            ? package(WITFixture.everything.text) : component(WITFixture.everything.text, world: "base")
        var random = SeededGenerator(seed: isPackage ? 1 : 2)
        var read = 0
        for _ in 0..<600 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 8..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let component = try? Component(decoding: bytes) else { continue }
            do throws(WITError) {
                let model = try WITModel(of: component)
                read += 1
                // Whatever is read can be printed, and parsed or refused.
                _ = try WITModel(parsing: model.text(), features: .all)
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(read > 20)
    }

    @Test func `JSON is read as RFC 8259 has it`() {
        func parse(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)[...]) }
        #expect(
            parse(#" {"a": [1, -2.5e3, true, false, null], "b": {"c": "é\n\u00e9\ud83c\udf0a\/"}} "#)
                == .object([
                    "a": .array([.number(1), .number(-2500), .bool(true), .bool(false), .null]),
                    "b": .object(["c": .string("é\né🌊/")]),
                ])
        )
        for text in [
            "", "{", "[1,]", "{\"a\":}", "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "1 2", "nul", "\"\n\"", "-",
        ] {
            #expect(parse(text) == nil, "\(text)")
        }
        #expect(parse(String(repeating: "[", count: 100_000)) == nil)
    }
}
