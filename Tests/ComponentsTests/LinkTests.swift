// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import Components

struct LinkTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    @Test func aPythonComponentIsLinkedIntoOneModule() throws {
        let binary = try PythonComponent.shared.get()
        var linked: LinkedComponent?
        let time = try ContinuousClock().measure {
            linked = try LinkedComponent(linking: try Component(decoding: binary))
        }
        let component = try #require(linked).component()
        let result = component.encoded()
        print("linked \(binary.count) bytes in \(time); \(result.count) bytes")
        try tools.validate(result)
        #expect(try tools.wit(result) == tools.wit(binary))
    }
}
