// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentModel

struct ComponentTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    @Test func aComponentComesOutAsItWentIn() throws {
        let binary = try tools.parse(ComponentTexts.everyDefinition)
        var component = try Component(decoding: binary)
        #expect(component.encoded() == binary)
        component.forgetEncodings()
        let again = component.encoded()
        #expect(again == binary, "the tool writes everything in the shortest form, and so do we")
        #expect(try tools.print(again) == tools.print(binary))
    }

    @Test func aPythonComponentComesOutAsItWentIn() throws {
        let binary = try PythonComponent.shared.get()
        let clock = ContinuousClock()
        var component = Component()
        let decoding = try clock.measure { component = try Component(decoding: binary) }
        var again: [UInt8] = []
        let encoding = clock.measure { again = component.encoded() }
        #expect(again == binary)
        component.forgetEncodings()
        let fresh = component.encoded()
        #expect(try Component(decoding: fresh).encoded() == fresh)
        print("Python component of \(binary.count) bytes: decoded in \(decoding), encoded in \(encoding)")
        #expect(component.coreModules.count > 10)
        #expect(component.exports.map(\.name.name).suffix(2) == ["eval", "exec"])
        #expect(try tools.wit(fresh) == tools.wit(binary))
    }

    @Test func everyFunctionOfAPythonComponentCanBeWalked() throws {
        let component = try Component(decoding: try PythonComponent.shared.get())
        var walked = 0
        let time = try ContinuousClock().measure {
            for module in component.coreModules {
                for body in module.bodies {
                    var visitor = NullVisitor()
                    try InstructionReader.walkBody(body, &visitor)
                    walked += body.count
                }
            }
        }
        print("walked \(walked) bytes of code in \(time)")
        #expect(walked > 1_000_000)
    }

    @Test(arguments: [
        ("", "no component"),
        ("\0asm\u{1}\0\0\0", "core module"),
        ("\0asm\u{d}\0\u{1}\0\u{40}\0", "no section"),
        ("\0asm\u{d}\0\u{1}\0\u{7}\u{5}\0", "are announced"),
        ("\0asm\u{d}\0\u{1}\0\u{7}\u{2}\u{0}\0", "left over"),
    ])
    func whatIsMalformedIsNamed(text: String, reason: String) {
        let error = #expect(throws: ComponentsError.self) { try Component(decoding: Array(text.utf8)) }
        #expect(error?.code == .malformed)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error?.offset != nil)
    }
}
