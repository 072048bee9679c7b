// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import WIT

struct WITModelTests {
    func model(_ text: String) throws -> WITModel {
        try WITModel(parsing: text, path: "test.wit")
    }

    // MARK: - Against wasm-tools

    @Test(arguments: WITFixture.allCases)
    func `what is printed of a model parses to an equal model`(fixture: WITFixture) throws {
        let original = try model(fixture.text)
        #expect(try model(original.text()) == original)
        #expect(try model(original.text()).text() == original.text())
        #expect(original.mainPackage.interfaces.count > 2)
    }

    @Test(arguments: WITFixture.allCases)
    func `a model says what wasm-tools says`(fixture: WITFixture) throws {
        let ours = try model(fixture.text)
        let theirs = try WasmTools.wit(ofText: fixture.text, "--no-docs")
        #expect(try model(theirs) == model(ours.text(includesDocs: false)))
        let main = try WasmTools.wit(ofText: fixture.text, "--no-docs").split(separator: "\npackage ")[0]
        #expect(
            WasmTools.lines(ours.text(includesDependencies: false, includesDocs: false))
                == WasmTools.lines(String(main))
        )
    }

    @Test(arguments: [true, false])
    func `gated items are there with their features only`(isOn: Bool) throws {
        let text = """
            package a:b@1.0.0;
            interface i {
              @unstable(feature = fancy)
              type t = u8;
              @unstable(feature = fancy)
              f: func(x: t);
              g: func();
              resource r {
                @unstable(feature = fancy)
                constructor();
                m: func();
              }
            }
            @unstable(feature = fancy)
            interface j { @unstable(feature = fancy) use i.{r}; }
            world w {
              import i;
              @unstable(feature = fancy)
              export j;
              @unstable(feature = fancy)
              include v;
            }
            @unstable(feature = fancy)
            world v { import h: func(); }
            """
        let model = try WITModel(parsing: text, features: isOn ? .named(["fancy"]) : .none)
        let theirs = try isOn ? WasmTools.wit(ofText: text, "--features", "fancy") : WasmTools.wit(ofText: text)
        #expect(WasmTools.lines(model.text()) == WasmTools.lines(theirs))
        #expect(model.mainPackage.interfaces[0].functions.count == (isOn ? 2 : 1))
        #expect(model.mainPackage.interfaces.count == (isOn ? 2 : 1))
    }

    @Test(.timeLimit(.minutes(5))) func `the interfaces of WASI in a component of Python are read and printed`() throws
    {
        let model = try model(try WasmTools().wit(PythonComponent.shared.get()))
        #expect(model.packages.map(\.name.namespace).filter { $0 == "wasi" }.count >= 6)
        #expect(try self.model(model.text()) == model)
        let streams = try #require(
            model.packages.first { $0.name.description.hasPrefix("wasi:io@0.2") }?.interfaces.first {
                $0.name == "streams"
            }
        )
        let read = streams.allFunctions.first { $0.externName == "[method]input-stream.read" }
        #expect(read?.parameters.map(\.name) == ["len"])
        guard case .result(.list(.primitive(.u8)), .named(let error)) = read?.result else {
            Issue.record("not a result of bytes")
            return
        }
        #expect(error.name == "stream-error")
    }

    @Test func `a folder with dependencies is read as wasm-tools reads it`() throws {
        let files = [
            WITSourceFile(
                path: "world.wit",
                text: "package my:app; world app { import clock; import wasi:two/api@1.0.0; export run: func(); }"
            ),
            WITSourceFile(
                path: "clock.wit",
                text: """
                    use wasi:one/types as time;
                    interface clock { use time.{instant}; now: func() -> instant; }
                    """
            ),
            WITSourceFile(path: "readme.md", text: "not WIT"),
            WITSourceFile(
                path: "deps/one.wit",
                text: "package wasi:one; interface types { record instant { ns: u64 } }"
            ),
            WITSourceFile(path: "deps/two/a.wit", text: "package wasi:two@1.0.0;"),
            WITSourceFile(
                path: "deps/two/b.wit",
                text: "interface api { use wasi:one/types.{instant as time}; at: func(t: time); }"
            ),
        ]
        let folder = try TemporaryFolder()
        for file in files {
            let url = folder.url.appendingPathComponent(file.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.text.utf8).write(to: url)
        }
        let model = try WITModel(folder: files)
        #expect(model.mainPackageName == WITPackageName(namespace: "my", name: "app"))
        #expect(
            WasmTools.lines(model.text()) == WasmTools.lines(try WasmTools.wit(of: folder.url))
        )
        #expect(model.packages.map(\.name.description) == ["wasi:one", "wasi:two@1.0.0", "my:app"])
    }

    // MARK: - Content

    @Test func `a type keeps its identity through use`() throws {
        let model = try model(WITFixture.everything.text)
        let main = model.mainPackageName
        let resources = WITInterfaceID.named(package: main, name: "resources")
        let kind = WITTypeID(owner: .interface(resources), name: "kind")
        #expect(model.type(kind)?.isUse == true)
        let definition = try #require(model.resolved(kind))
        #expect(definition.id.description == "terrarium:everything/types@1.2.3-rc.1+build.5.{a-variant}")
        let point = WITTypeID(owner: .interface(resources), name: "point")
        #expect(model.resolved(point)?.id.owner.package.name == "other")
        let world = WITWorldID(package: main, name: "derived")
        let record = WITTypeID(owner: .world(world), name: "the-record")
        #expect(model.resolved(record)?.id.name == "a-record")
    }

    @Test func `functions know how they belong to a resource`() throws {
        let model = try model(WITFixture.everything.text)
        let resources = try #require(model.mainPackage.interfaces.first { $0.name == "resources" })
        let blob = WITTypeID(owner: .interface(resources.id), name: "blob")
        #expect(
            resources.allFunctions.prefix(6).map(\.externName) == [
                "[constructor]blob", "[method]blob.write", "[method]blob.read-all", "[static]blob.merge",
                "[static]blob.load", "[method]blob.constructor",
            ]
        )
        let functions = try #require(model.type(blob)?.resourceFunctions)
        #expect(functions[0].kind == .constructor(blob))
        #expect(functions[0].result == .own(blob))
        #expect(functions[0].docs == "Makes one.")
        #expect(functions[1].parameters.map(\.name) == ["bytes"])
        #expect(functions[2].isAsync)
        #expect(functions[3].parameters.map(\.type) == [.borrow(blob), .borrow(blob)])
        #expect(functions[4].result == .result(ok: .own(blob), error: .primitive(.string)))
        // An alias of a resource is a resource; a name for a handle is not.
        let last = try #require(resources.functions.first)
        let alias = WITTypeID(owner: .interface(resources.id), name: "blob-alias")
        let handle = WITTypeID(owner: .interface(resources.id), name: "blob-handle")
        #expect(last.parameters.map(\.type).prefix(2) == [.borrow(alias), .named(handle)])
        #expect(last.result == .option(.own(alias)))
        #expect(model.resolved(alias)?.id == blob)
        #expect(model.resolved(handle)?.kind == .alias(.own(blob)))
    }

    @Test func `a world imports what it uses`() throws {
        let model = try model(
            """
            package a:b;
            interface a { type t = u8; }
            interface b { use a.{t}; f: func(x: t); }
            interface c { use b.{t}; g: func(x: t); }
            world uses { export c; }
            world exports { export a; export b; export c; }
            world types { use c.{t}; export h: func(x: t); }
            world twice { export c; import c; }
            """
        )
        func names(_ name: String) throws -> ([String], [String]) {
            let world = try model.world(named: name)
            return (world.imports.map(\.externName), world.exports.map(\.externName))
        }
        #expect(try names("uses") == (["a:b/a", "a:b/b"], ["a:b/c"]))
        #expect(try names("exports") == ([], ["a:b/a", "a:b/b", "a:b/c"]))
        #expect(try names("types") == (["a:b/a", "a:b/b", "a:b/c"], ["h"]))
        #expect(try names("twice") == (["a:b/a", "a:b/b", "a:b/c"], ["a:b/c"]))
    }

    @Test func `a world is chosen by its name, its path, or for being the only one`() throws {
        let one = try model("package a:b; world w {} package c:d@1.0.0 { world v {} world u {} }")
        #expect(try one.world(named: nil).name == "w")
        #expect(try one.world(named: "w").id.description == "a:b/w")
        #expect(try one.world(named: "c:d/u@1.0.0").name == "u")
        #expect(throws: WITError.self) { try one.world(named: "u") }
        let two = try model("package a:b; world w {} world v {}")
        let error = #expect(throws: WITError.self) { try two.world(named: nil) }
        #expect(error?.message == "the package a:b has several worlds; name one of `w`, `v`")
    }

    @Test func `parts of a model are printed on their own`() throws {
        let model = try model(
            "package a:b; /// Doc.\ninterface i { use c:d/j.{t}; } world w { import i; } package c:d { interface j { type t = u8; } }"
        )
        #expect(
            model.text(ofWorld: WITWorldID(package: model.mainPackageName, name: "w"))
                == "world w {\n  import c:d/j;\n  import i;\n}\n"
        )
        #expect(model.text(ofWorld: WITWorldID(package: model.mainPackageName, name: "v")) == nil)
        #expect(model.text().contains("/// Doc.") && model.text().contains("package c:d {"))
        let short = model.text(includesDependencies: false, includesDocs: false)
        #expect(!short.contains("/// Doc.") && !short.contains("package c:d {"))
    }

    @Test func `models are equal whatever the order of their packages`() throws {
        let first = try model("package a:b; world w { } package c:d { interface i {} } package e:f { interface j {} }")
        let second = try model("package a:b; package e:f { interface j {} } world w { } package c:d { interface i {} }")
        let third = try model("package a:b; package e:f { interface k {} } world w { } package c:d { interface i {} }")
        #expect(first == second)
        #expect(first != third)
    }

    // MARK: - Errors

    @Test(arguments: [
        ("interface i { f: func(x: t); }", WITError.Code.unknownName, "there is no type `t`", 26),
        ("interface i { type t = float64; }", .unknownName, "it is called `f64`", 24),
        ("interface i { use j.{t}; }", .unknownName, "no interface or world `j`", 19),
        ("interface i { use j.{t}; } interface j {}", .unknownName, "no type `t` in `a:b/j`", 22),
        ("interface i { use j.{t}; } interface j { t: func(); }", .invalid, "is a function", 22),
        ("interface i { use w.{t}; } world w {}", .invalid, "is a world, not an interface", 19),
        ("world w { import x:y/z; }", .unknownName, "no package `x:y`; known are `a:b`", 18),
        ("world w { include i; } interface i {}", .invalid, "is an interface, not a world", 19),
        ("interface i { type t = u8; type t = u8; }", .duplicateName, "`t` is defined twice", 33),
        ("interface i { type t = u8; T: func(); }", .duplicateName, "differs from `t` in case only", 28),
        ("interface i {} world i {}", .duplicateName, "`i` is defined twice", 22),
        ("interface i { record r { x: u8, x: u8 } }", .duplicateName, "the field `x`", 33),
        ("interface i { f: func(x: u8, X: u8); }", .duplicateName, "differs from `x`", 30),
        ("interface i { resource r { constructor(); constructor(); } }", .duplicateName, "two constructors", 43),
        ("interface i { resource r { m: func(self: u8); } }", .duplicateName, "the parameter `self`", 36),
        ("world w { import f: func(); import f: func(); }", .duplicateName, "two imports or types `f`", 36),
        ("world w { import i; import i; } interface i {}", .duplicateName, "imports `a:b/i` twice", 28),
        ("interface i { record r { x: s } record s { x: list<r> } }", .cycle, "`r` → `s` → `r`", 22),
        ("interface i { use j.{t}; } interface j { use i.{t}; }", .cycle, "`i` → `j` → `i`", 11),
        ("world w { include v; } world v { include w; }", .cycle, "`w` → `v` → `w`", 7),
        ("interface i { enum e {} }", .invalid, "at least one case", 20),
        ("interface i { type t = map<f32, u8>; }", .invalid, "the keys of a map", 24),
        ("interface i { type t = borrow<x>; type x = u8; }", .invalid, "is no resource", 31),
        ("interface i { resource r; f: func() -> list<borrow<r>>; }", .invalid, "returns a borrowed handle", 27),
        ("interface i { resource r { constructor() -> u8; } }", .invalid, "a constructor returns", 28),
        ("interface i { @since(version = 1.0.0) f: func(); }", .invalid, "needs a package with a version", 15),
        ("interface i { @unstable(feature = x) type t = u8; f: func(x: t); }", .unknownName, "feature `x`", 62),
        ("world w { include v with { x as y } } world v {}", .unknownName, "with the plain name `x`", 28),
        (
            "interface a { type t = u8; } interface b { use a.{t}; } interface c { use a.{t}; use b.{t as u}; }"
                + " world w { export a; export c; }", .invalid, "export that interface too", 106
        ),
    ])
    func `errors name what is at fault`(text: String, code: WITError.Code, message: String, column: Int) throws {
        let error = try #require(throws: WITError.self) { try model("package a:b;\n\(text)") }
        #expect(error.code == code)
        #expect(error.message.contains(message), "\(error)")
        #expect(error.line == 2)
        #expect(error.column == column, "\(error)")
        // None of this is our own idea of a rule.
        #expect(throws: WasmTools.Failure.self) { try WasmTools.wit(ofText: "package a:b;\n\(text)") }
    }

    @Test func `packages that need one another are refused`() throws {
        let error = #expect(throws: WITError.self) {
            try model(
                """
                package a:a;
                package b:b { interface i { use c:c/j.{t}; } }
                package c:c { interface j { use b:b/i.{t}; } }
                """
            )
        }
        #expect(error?.code == .cycle)
        #expect(error?.message.contains("`b:b` → `c:c` → `b:b`") == true)
    }

    @Test func `a version that is not there is shown those that are`() throws {
        let error = #expect(throws: WITError.self) {
            try model("package a:a; world w { import b:b/i@1.0.0; } package b:b@1.0.1 { interface i {} }")
        }
        #expect(error?.message == "there is no package `b:b@1.0.0`; there is `b:b@1.0.1`")
    }
}
