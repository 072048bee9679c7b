// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel

struct EditingTests {
    let tools: WasmTools
    let runner: ComponentRunner

    init() throws {
        tools = try WasmTools()
        runner = ComponentRunner(tools: tools)
    }

    @Test func anImportIsBoundToAFunctionOfAMergedModule() throws {
        let binary = try tools.parse(LinkTests.shimmed)
        var linked = try LinkedComponent(linking: try Component(decoding: binary))
        // A provider that counts, in the guest's memory, what would have been logged.
        let provider = try CoreModule(
            decoding: try tools.parse(
                """
                (module
                  (import "guest" "memory" (memory 1))
                  (import "host" "tick" (func $tick (param i32) (result i32)))
                  (type $f (func (param i32 i32) (result i32)))
                  (table 2 funcref) (elem (i32.const 1) func $count)
                  (global $bytes (mut i32) (i32.const 0))
                  (data (i32.const 65536) "provider")
                  (func $count (type $f)
                    (global.set $bytes (i32.add (global.get $bytes) (local.get 1)))
                    (drop (call $tick (local.get 1)))
                    (global.get $bytes))
                  (func (export "log") (type $f)
                    (call_indirect (type $f) (local.get 0) (local.get 1) (i32.const 1)))
                  (func (export "letter") (param i32) (result i32) (i32.load8_u offset=65536 (local.get 0))))
                """
            )
        )
        #expect(try linked.core.growMemory(byBytes: 8) == 65_536)
        let tick = try linked.addImport("tick", parameters: [.init("x", .u32)], result: .u32)
        let merged = try linked.core.merge(provider) { item throws(ComponentsError) in
            item.name == "tick" ? tick : 0
        }
        let log = try #require(merged.export(named: "log")).index
        let host = try #require(linked.core.hostFunctions.first { $0.function.name == "log" })
        try linked.core.replace(host.number, by: log)
        #expect(try linked.removeUnusedImports() == ["log"])
        let letter = try #require(merged.export(named: "letter")).index
        try linked.addExport("letter", function: letter, parameters: [.init("n", .u32)], result: .u8)
        #expect(linked.importNames == ["tick"])
        let result = try linked.component().encoded()
        try tools.validate(result)
        let wit = try tools.wit(result)
        #expect(wit.contains("import tick: func(x: u32) -> u32;"))
        #expect(wit.contains("export letter: func(n: u32) -> u8;"))
        #expect(!wit.contains("log"))
        let output = try runner.run(
            result,
            [.init("say", "hi you"), .init("say", "again"), .init("letter", 3), .init("resources")]
        )
        #expect(
            output == [
                "say 17", "say 37", "letter 118", "resources 66", "tick(6,)", "tick(5,)", "tick(5,)", "tick(5,)",
            ]
        )
    }

    @Test func aFunctionOfAnotherTypeCannotTakeTheirPlace() throws {
        let binary = try tools.parse(LinkTests.shimmed)
        var linked = try LinkedComponent(linking: try Component(decoding: binary))
        let host = try #require(linked.core.hostFunctions.first { $0.function.name == "log" })
        let other = linked.core.addFunction(CoreFunctionType(), body: [0, 0x0b], name: "other")
        #expect(throws: ComponentsError.self) { try linked.core.replace(host.number, by: other) }
        #expect(throws: ComponentsError.self) { try linked.core.replace(host.number, by: 1_000_000) }
        #expect(throws: ComponentsError.self) { try linked.core.replace(host.number, by: host.number) }
    }

    @Test func textCannotBePassedAsANumber() throws {
        var linked = try LinkedComponent(linking: try Component(decoding: try tools.parse(LinkTests.shimmed)))
        #expect(throws: ComponentsError.self) {
            try linked.addImport("text", parameters: [.init("s", .string)], result: nil)
        }
    }

    @Test func allOfWASICanBeDroppedFromAPythonComponent() throws {
        var linked = try LinkedComponent(linking: try Component(decoding: try PythonComponent.shared.get()))
        for (number, host) in linked.core.hostFunctions {
            let type = linked.core.functionType(number)
            // `unreachable` has every type.
            let stub = linked.core.addFunction(type, body: [0, 0x00, 0x0b], name: "no \(host.name)")
            try linked.core.replace(number, by: stub)
        }
        let dropped = try linked.removeUnusedImports()
        #expect(dropped.count > 20)
        #expect(linked.importNames.isEmpty)
        let result = try linked.component()
        #expect(result.coreModules.count == 1, "no shim is left")
        let bytes = result.encoded()
        try tools.validate(bytes)
        #expect(!(try tools.wit(bytes)).contains("import"))
        // Python's hash seed is the first thing that it misses.
        #expect(
            try runner.run(bytes, [.init("eval", "2 ** 10")])
                == ["eval failed: wasm trap: wasm `unreachable` instruction executed"]
        )
    }
}
