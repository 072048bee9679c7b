// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import ComponentModel

struct CoreModuleTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    @Test func aModuleComesOutAsItWentIn() throws {
        let binary = try tools.parse(ComponentTexts.everyIndex(shifted: false))
        try tools.validate(binary)
        var module = try CoreModule(decoding: binary)
        #expect(module.encoded() == binary)
        module.forgetEncodings()
        #expect(module.encoded() == binary, "what the tool writes is minimal, and so is what we write")
    }

    @Test func changedSectionsAreEncodedAnewAndTheOthersKept() throws {
        let binary = try tools.parse(ComponentTexts.everyIndex(shifted: false))
        var module = try CoreModule(decoding: binary)
        module.exports[0].name = "renamed"
        module.exports.append(CoreModule.Export(name: "memory", kind: .memory, index: 0))
        module.start = UInt32(module.functionTypeIndices.count - 3)
        let result = module.encoded()
        try tools.validate(result)
        let decoded = try CoreModule(decoding: result)
        #expect(decoded.exports.map(\.name) == ["renamed", "memory"])
        #expect(decoded.start == module.start)
        #expect(decoded.bodies == module.bodies)
    }

    @Test func aCustomSectionFollowsWhatWasAddedBeforeIt() throws {
        var module = try CoreModule(decoding: try tools.parse("(module (func (export \"f\")) (@custom \"a\" \"b\"))"))
        module.memories = [CoreLimits(minimum: 1)]
        var names = NameSection()
        names.names[.functions] = [0: "the name"]
        module.append(names.encoded())
        let text = try tools.print(module.encoded())
        #expect(text.contains("(memory (;0;) 1)"))
        #expect(text.contains("the name"))
        #expect(module.customSections.map(\.name) == ["a", "name"])
    }

    @Test func aMemoryThatIsLargerThanItsAddressesReachIsRefused() throws {
        func memory(_ flags: UInt8, pages: UInt64, _ rest: [UInt8] = []) throws -> CoreLimits {
            var writer = BinaryWriter()
            writer.u64(pages)
            let content = [1, flags] + writer.bytes + rest
            let module = try CoreModule(decoding: CoreModule.preamble + [5, UInt8(content.count)] + content)
            return try #require(module.memories.first)
        }
        #expect(throws: ComponentsError.self) { try memory(0x04, pages: 1 << 63) }
        #expect(throws: ComponentsError.self) { try memory(0x04, pages: .max) }
        #expect(throws: ComponentsError.self) { try memory(0x04, pages: 1 << 48 + 1) }
        #expect(throws: ComponentsError.self) { try memory(0x00, pages: 65_537) }
        #expect(try memory(0x00, pages: 65_536).minimumBytes == 1 << 32)
        #expect(try memory(0x04, pages: 1 << 47).minimumBytes == 1 << 63)
        // All of the address space is one byte more than a number can say.
        #expect(try memory(0x04, pages: 1 << 48).minimumBytes == .max)
        // With pages of one byte.
        #expect(try memory(0x0c, pages: .max, [0]).minimumBytes == .max)
        #expect(throws: ComponentsError.self) { try memory(0x08, pages: 1 << 31 + 1, [1]) }
    }

    @Test func numbersThatAreLongerThanNeededSurvive() throws {
        // The length of the type section and the number of types take five bytes and three.
        let binary: [UInt8] =
            CoreModule.preamble + [0x01, 0x86, 0x80, 0x80, 0x80, 0x00, 0x81, 0x80, 0x00, 0x60, 0x00, 0x00]
        try tools.validate(binary)
        var module = try CoreModule(decoding: binary)
        #expect(module.encoded() == binary)
        module.types.append(CoreRecursionGroup(CoreFunctionType(parameters: [.i32], results: [.v128])))
        #expect(module.encoded() == CoreModule.preamble + [1, 9, 2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7b])
    }

    @Test(arguments: 0..<40)
    func whatAGeneratorInventsComesOutAsItWentIn(seed: Int) throws {
        let binary = try tools.inventedModule(seed: seed)
        var module = try CoreModule(decoding: binary)
        #expect(module.encoded() == binary)
        module.forgetEncodings()
        let again = module.encoded()
        try tools.validate(again)
        // The compact form of imports is read, but changed imports are written one by one.
        guard seed % 2 == 0 else { return }
        #expect(try tools.print(again) == tools.print(binary))
    }
}
