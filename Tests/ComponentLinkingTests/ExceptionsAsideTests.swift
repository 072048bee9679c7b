// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel

struct ExceptionsAsideTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    /// The instructions and types that concern exceptions, with code around them that has to stay.
    private static let throwing = """
        (module
          (type $nothing (func))
          (type $failure (func (param i32)))
          (type $pair (func (result i32 exnref)))
          (tag $cxx (type $failure))
          (tag $jump (type $failure))
          (table 1 funcref)
          (global $count (export "count") (mut i32) (i32.const 0))
          (func $raise (export "raise") (param i32) (throw $cxx (local.get 0)))
          (func $jump (param i32) (throw $jump (local.get 0)))
          (func $again (param exnref) (throw_ref (local.get 0)))
          (func (export "caught") (param i32) (result i32)
            (local $kept exnref) (local $other (ref null noexn))
            (block $all (result exnref)
              (block $one (type $pair)
                (try_table (result i32) (catch_ref $cxx $one) (catch_all_ref $all)
                  (call $raise (local.get 0))
                  (i32.const 1))
                (return))
              (local.set $kept)
              (return))
            (call $again)
            (i32.const 2))
          (func (export "nested") (param i32) (result i32)
            (try_table $t (type $nothing)
              (try_table (catch_all 0) (drop (select (result exnref) (ref.null exn) (ref.null exn) (i32.const 1))))
              (call $jump (i32.const 3))
              (unreachable))
            (i32.add (global.get $count) (i32.const 70000))))
        """

    private func module() throws -> CoreModule {
        try CoreModule(decoding: try tools.parse(Self.throwing))
    }

    /// Fails unless a binary is valid for an engine that does not know exceptions.
    private func validateWithout(_ binary: [UInt8]) throws {
        let features = "all,-exceptions,-legacy-exceptions"
        try tools.run("wasm-tools", ["validate", "--features", features, "-"], input: binary)
    }

    @Test("A module without its exceptions suits an engine that does not know them, and they fit back in")
    func roundTrip() throws {
        let original = try module()
        let binary = original.encoded()
        try tools.validate(binary)
        #expect(throws: WasmTools.Failure.self) { try validateWithout(binary) }

        var aside = ExceptionsAside()
        var stripped = original
        #expect(try aside.strip(&stripped))
        #expect(!aside.isEmpty)
        let without = stripped.encoded()
        try validateWithout(without)

        // As a linker leaves it: decoded anew, with types and exports of its own behind, in a component in a component.
        var linked = try CoreModule(decoding: without)
        linked.types.append(CoreRecursionGroup(CoreFunctionType(parameters: [.f64])))
        linked.exports.append(CoreModule.Export(name: "added", kind: .global, index: 0))
        var inner = Component()
        inner.sections = [.init(.coreModule(linked))]
        var component = Component()
        component.sections = [.init(.component(inner))]
        component = try Component(decoding: component.encoded())
        try aside.restore(in: &component)
        let restored = try #require(component.components.first?.coreModules.first)
        try tools.validate(restored.encoded())
        #expect(restored.bodies == original.bodies)
        #expect(restored.tags == original.tags)
        #expect(restored.types.dropLast() == original.types[...])
        #expect(restored.exports.map(\.name) == ["count", "raise", "caught", "nested", "added"])
        try tools.validate(component.encoded())
    }

    @Test("A module without exceptions stays as it is, and so does one that nobody has stripped")
    func others() throws {
        var aside = ExceptionsAside()
        var module = try CoreModule(decoding: try tools.parse("(module (func (export \"f\") (block (br 0))))"))
        let binary = module.encoded()
        #expect(try !aside.strip(&module))
        #expect(aside.isEmpty)
        #expect(module.encoded() == binary)
        var component = Component()
        component.sections = [.init(.coreModule(module))]
        try aside.restore(in: &component)
        #expect(component.coreModules.first?.encoded() == binary)
    }

    @Test("Code that has been changed meanwhile is refused, and so are tags that modules share")
    func refusals() throws {
        var aside = ExceptionsAside()
        var stripped = try module()
        #expect(try aside.strip(&stripped))
        stripped.bodies[0] = [0, 0x00, 0x0b]
        var component = Component()
        component.sections = [.init(.coreModule(stripped))]
        #expect(throws: ComponentsError.self) { try aside.restore(in: &component) }

        var sharing = try CoreModule(decoding: try tools.parse("(module (tag (export \"t\") (param i32)))"))
        #expect(throws: ComponentsError.self) { try aside.strip(&sharing) }
    }
}
