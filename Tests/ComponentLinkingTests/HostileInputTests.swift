// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel

/// Damaged and hostile binaries must end in an error, never in a crash or a hang.
struct HostileInputTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    /// Does everything that can be done with unknown bytes; only a `ComponentsError` may stop it.
    private func digest(_ bytes: [UInt8]) {
        do throws(ComponentsError) {
            if Component.isComponent(bytes) {
                let component = try Component(decoding: bytes)
                _ = component.encoded()
                for module in component.coreModules { try walk(module) }
                _ = try ComponentTypes(of: component)
                var linked = try LinkedComponent(linking: component)
                _ = try linked.component().encoded()
                try linked.moveGlobalsToMemory()
                try linked.removeUnusedImports()
                _ = try linked.component().encoded()
                _ = try linked.extractMemory(maximumSize: 1 << 24)
            } else {
                let module = try CoreModule(decoding: bytes)
                _ = module.encoded()
                try walk(module)
            }
        } catch {
            #expect(!error.message.isEmpty)
        }
    }

    private func walk(_ module: CoreModule) throws(ComponentsError) {
        _ = NameSection(of: module)
        for body in module.bodies {
            var visitor = NullVisitor()
            try InstructionReader.walkBody(body, &visitor)
        }
    }

    @Test func aFileCanEndAnywhere() throws {
        for binary in [
            try tools.parse(ComponentTexts.everyIndex(shifted: true)), try tools.parse(ComponentTexts.everyDefinition),
            try tools.parse(LinkTests.shimmed),
        ] {
            for length in 0..<binary.count { digest(Array(binary[..<length])) }
        }
    }

    @Test func anyByteCanBeWrong() throws {
        var random = SeededGenerator(seed: 42)
        for binary in [
            try tools.parse(ComponentTexts.everyIndex(shifted: true)), try tools.parse(ComponentTexts.everyDefinition),
            try tools.parse(LinkTests.shimmed), try tools.parse(MemoryPassesTests.globals),
        ] {
            for position in binary.indices {
                var damaged = binary
                for value in [0x00, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &random)] {
                    damaged[position] = value
                    digest(damaged)
                }
            }
            for _ in 0..<3000 {
                var damaged = binary
                for _ in 0..<Int.random(in: 2...12, using: &random) {
                    let position = Int.random(in: 8..<damaged.count, using: &random)
                    damaged[position] = UInt8.random(in: 0...255, using: &random)
                }
                digest(damaged)
            }
        }
    }

    @Test func aHugeCountBuysNoMemory() throws {
        // Section 8 of a module and 9 of a component begin with an index instead of a count.
        for section in UInt8(1)...13 where section != 8 {
            for count in [[0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x01], [0xc0, 0x84, 0x3d]]
                as [[UInt8]]
            {
                for preamble in [CoreModule.preamble, Component.preamble] {
                    let bytes = preamble + [section, UInt8(count.count)] + count
                    if preamble == CoreModule.preamble {
                        #expect(throws: ComponentsError.self) { try CoreModule(decoding: bytes) }
                    } else {
                        #expect(throws: ComponentsError.self) { try Component(decoding: bytes) }
                    }
                    digest(preamble + [section] + count)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func longChainsAndManyEqualNamesTakeNoLongTime() throws {
        let count = 4000
        var text = "(component (import \"tick\" (func $tick (param \"x\" u32) (result u32)))\n"
        var imports = ""
        var arguments = ""
        for index in 0..<count {
            text += "(core func $f\(index) (canon lower (func $tick)))\n"
            imports += "(import \"h\" \"\(index)\" (func (param i32) (result i32)))\n"
            arguments += "(export \"\(index)\" (func $f\(index)))\n"
        }
        text += "(core instance $b0 (export \"f\" (func $f0)))\n"
        for index in 1...count {
            text += "(core instance $b\(index) (export \"f\" (func $b\(index - 1) \"f\")))\n"
        }
        text += "(core module $m \(imports) (import \"c\" \"f\" (func $c (param i32) (result i32)))"
        text += "(func (export \"run\") (param i32) (result i32) (call $c (local.get 0))))\n"
        text += "(core instance $i (instantiate $m (with \"h\" (instance \(arguments)))"
        text += "(with \"c\" (instance $b\(count)))))\n"
        text += "(func (export \"run\") (param \"x\" u32) (result u32) (canon lift (core func $i \"run\"))))"
        let linked = try LinkedComponent(linking: try Component(decoding: try tools.parse(text)))
        #expect(linked.core.hostFunctions.count == count)
        try tools.validate(try linked.component().encoded())
    }

    @Test func deepNestingIsRefused() throws {
        var nested = Component.preamble
        for _ in 0..<200 {
            var writer = BinaryWriter()
            writer.append(Component.preamble)
            writer.byte(4)
            writer.size(nested.count)
            writer.append(nested)
            nested = writer.bytes
        }
        let error = #expect(throws: ComponentsError.self) { try Component(decoding: nested) }
        #expect(error?.message.contains("deep") == true)
        // A component type that contains itself a hundred thousand times over.
        let types = [UInt8](repeating: 0, count: 100_000).flatMap { _ in [0x41, 0x01, 0x01] as [UInt8] }
        var writer = BinaryWriter()
        writer.append(Component.preamble)
        writer.byte(7)
        writer.size(types.count + 1)
        writer.byte(1)
        writer.append(types)
        #expect(throws: ComponentsError.self) { try Component(decoding: writer.bytes) }
    }
}
