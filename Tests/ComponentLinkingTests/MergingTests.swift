// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel

struct MergingTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    @Test(arguments: 0..<30)
    func modulesThatAGeneratorInventsAreValidTogether(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed) &+ 1000)
        var linked = LinkedModule()
        var functions = 0
        for _ in 0..<3 {
            let noise = (0..<1500).map { _ in UInt8.random(in: 0...255, using: &random) }
            let binary = try tools.run(
                "wasm-tools",
                [
                    "smith", "--max-imports", "0", "--gc-enabled", "true", "--exceptions-enabled", "true",
                    "--simd-enabled", "true", "--tail-call-enabled", "true", "--max-memories", "2",
                    "--max-tables", "3", "--bulk-memory-enabled", "true", "--reference-types-enabled", "true",
                    "--allow-start-export", "true",
                ],
                input: noise
            )
            let module = try CoreModule(decoding: binary)
            functions += module.functions.count
            let merged = try linked.merge(module) { _ throws(ComponentsError) in 0 }
            #expect(merged.exports.count == module.exports.count)
            linked.start = merged.start ?? linked.start
        }
        // Host functions behind all others force everything to be renumbered.
        let type = linked.index(of: CoreFunctionType(parameters: [.i32], results: []))
        let host = LinkedModule.HostFunction(interface: "a:b/c", name: "late", canonical: .builtin(.resourceDrop, []))
        linked.functions.append(LinkedModule.Function(type: type, origin: .host(host), name: "late"))
        let encodable = try linked.encodable(importNames: [:])
        #expect(encodable.module.functions.count == functions)
        #expect(encodable.indices[functions] == 0)
        try tools.validate(encodable.module.encoded())
    }

    @Test func equalTypesAreShared() throws {
        let text = """
            (module
              (rec (type $a (struct (field (ref null $b)))) (type $b (sub (array (ref null $a)))))
              (type $f (func (param (ref $a)) (result i32)))
              (rec (type $c (struct (field (ref null $d)))) (type $d (sub (array (ref null $c)))))
              (func (type $f) (i32.const 1)))
            """
        let module = try CoreModule(decoding: try tools.parse(text))
        var linked = LinkedModule()
        let first = try linked.merge(module) { _ throws(ComponentsError) in 0 }
        let second = try linked.merge(module) { _ throws(ComponentsError) in 0 }
        #expect(first.indices[.type] == [0, 1, 2, 0, 1])
        #expect(second.indices[.type] == [0, 1, 2, 0, 1])
        #expect(linked.types.count == 2)
        #expect(linked.functions.map(\.type) == [2, 2])
        try tools.validate(try linked.encodable(importNames: [:]).module.encoded())
    }

    @Test func aModuleThatRefersToWhatItLacksIsRefused() throws {
        for text in [
            "(module (func call 1))", "(module (type (func)) (func (type 1)))",
            "(module (table 1 funcref) (elem (i32.const 0) func 7))", "(module (global i32 (global.get 5)))",
            "(module (data (memory 3) (i32.const 0) \"\"))", "(module (export \"f\" (func 9)))",
        ] {
            let module = try CoreModule(decoding: try tools.parse(text))
            var linked = LinkedModule()
            let error = #expect(throws: ComponentsError.self, "\(text)") {
                _ = try linked.merge(module) { _ throws(ComponentsError) in 0 }
            }
            #expect(error?.code == .invalid)
        }
    }
}
