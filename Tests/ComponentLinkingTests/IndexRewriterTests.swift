// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel
import TestSupport
import Testing

@testable import ComponentLinking

struct IndexRewriterTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    @Test func everyIndexInCodeCanBeMoved() throws {
        let plain = try CoreModule(decoding: try tools.parse(ComponentTexts.everyIndex(shifted: false)))
        let shifted = try CoreModule(decoding: try tools.parse(ComponentTexts.everyIndex(shifted: true)))
        var map = CoreIndexMap()
        for space in CoreIndexSpace.allCases { map[space] = (1...100).map { $0 } }
        #expect(plain.bodies.count == shifted.bodies.count)
        for (body, expected) in zip(plain.bodies, shifted.bodies) {
            #expect(try IndexRewriter.rewriteBody(body, map) == expected)
        }
        var back = CoreIndexMap()
        for space in CoreIndexSpace.allCases { back[space] = [0] + (0..<100).map { $0 } }
        for (body, expected) in zip(shifted.bodies, plain.bodies) {
            #expect(try IndexRewriter.rewriteBody(body, back) == expected)
        }
    }

    @Test func anIndexWithoutANewPlaceIsAnError() throws {
        let module = try CoreModule(decoding: try tools.parse("(module (func) (func call 0 call 1))"))
        var map = CoreIndexMap()
        map[.function] = [5]
        let error = #expect(throws: ComponentsError.self) { try IndexRewriter.rewriteBody(module.bodies[1], map) }
        #expect(error?.code == .invalid)
        #expect(error?.offset != nil)
    }

    @Test(arguments: 0..<40)
    func theCodeThatAGeneratorInventsIsMovedThereAndBack(seed: Int) throws {
        let module = try CoreModule(decoding: try tools.inventedModule(seed: seed))
        var map = CoreIndexMap()
        var back = CoreIndexMap()
        for space in CoreIndexSpace.allCases {
            map[space] = (0..<10_000).map { $0 + 300 }
            back[space] = Array(repeating: 0, count: 300) + (0..<10_000).map { $0 }
        }
        for body in module.bodies {
            let moved = try IndexRewriter.rewriteBody(body, map)
            #expect(try IndexRewriter.rewriteBody(moved, back) == body)
        }
    }
}
