// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import Components

struct ComponentTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    @Test func aComponentComesOutAsItWentIn() throws {
        let binary = try tools.parse(Fixtures.everyDefinition)
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

/// A component made by componentize-py, built once per run of the tests.
enum PythonComponent {
    static let wit = """
        package local:sandbox;
        world sandbox {
          export eval: func(expression: string) -> result<string, string>;
          export exec: func(statements: string) -> result<_, string>;
        }
        """
    static let source = """
        import wit_world, json, os, sys, time, decimal, random
        from componentize_py_types import Err

        class WitWorld(wit_world.WitWorld):
            def eval(self, expression):
                try:
                    return json.dumps(eval(expression, globals()))
                except Exception as e:
                    raise Err(type(e).__name__ + ": " + str(e))
            def exec(self, statements):
                try:
                    exec(statements, globals())
                except Exception as e:
                    raise Err(type(e).__name__ + ": " + str(e))
        """

    /// Calls that touch much of what Python and WASI do.
    static let calls: [ComponentRunner.Call] = [
        .init("eval", "2 + 2"),
        .init("eval", "str(decimal.Decimal(1) / 7)"),
        .init("eval", "json.dumps({'a': [1, 2.5, None]})"),
        .init("eval", "1 / 0"),
        .init("exec", "global x\nx = [n ** 2 for n in range(10)]"),
        .init("eval", "sum(x)"),
        .init("eval", "__import__('re').findall('a+', 'aabaaa')"),
        .init("eval", "len(os.urandom(8))"),
        .init("eval", "time.time() > 1e9"),
        .init("eval", "open('/nope')"),
        .init("exec", "import no_such_module"),
        .init("eval", "[].no_such_attribute"),
        .init("eval", "[bytearray(100_000) for _ in range(100)][5][:3].hex()"),
        .init("exec", "print('printed')"),
    ]

    /// What the component answers to the calls before anything is done to it.
    static let answers = Result { () throws -> [String] in
        try ComponentRunner(tools: try WasmTools()).run(try shared.get(), calls)
    }

    static let shared = Result { () throws -> [UInt8] in
        let tools = try WasmTools()
        let folder = FileManager.default.temporaryDirectory.appending(path: "components-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(wit.utf8).write(to: folder.appending(path: "sandbox.wit"))
        try Data(source.utf8).write(to: folder.appending(path: "app.py"))
        try tools.run(
            "componentize-py",
            ["-d", "sandbox.wit", "-w", "sandbox", "componentize", "app", "-o", "out.wasm"],
            directory: folder
        )
        return [UInt8](try Data(contentsOf: folder.appending(path: "out.wasm")))
    }
}
