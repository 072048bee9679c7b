// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing
import Wasmtime

struct TrapTests {
    @Test(
        "A trap carries its code",
        arguments: [
            ("unreachable", TrapCode.unreachable),
            ("divide", .integerDivisionByZero),
            ("out-of-bounds", .memoryOutOfBounds),
            ("recurse", .stackOverflow),
        ]
    )
    func codes(function: String, code: TrapCode) throws {
        let instance = try TestEngine.instance(Guests.misbehaving)
        let trap = #expect(throws: Trap.self) { try instance.function(function).call() }
        #expect(trap?.code == code)
        #expect(trap?.message == code.description)
    }

    @Test("A trap carries the guest's stack, innermost frame first")
    func frames() throws {
        let instance = try TestEngine.instance(Guests.misbehaving)
        let trap = #expect(throws: Trap.self) { try instance.function("unreachable").call() }
        let frames = try #require(trap?.frames)
        #expect(frames.map(\.functionName) == ["inner", "outer"])
        #expect(frames.map(\.moduleName) == ["code", "code"])
        #expect(frames.allSatisfy { $0.moduleOffset > $0.functionOffset })
    }

    @Test("After a trap the instance refuses to be entered")
    func poisoned() throws {
        let instance = try TestEngine.instance(Guests.misbehaving)
        #expect(throws: Trap.self) { try instance.function("divide").call() }
        let trap = #expect(throws: Trap.self) { try instance.function("count").call(.u32(1)) }
        #expect(trap?.code == .cannotEnterComponent)
    }

    @Test("Every code of the engine has a sentence of its own")
    func sentences() throws {
        _ = try TestEngine.library
        let sentences = (0..<50).map { TrapCode(rawValue: $0).description }
        #expect(Set(sentences).count == 50)
        #expect(sentences.allSatisfy { $0.hasPrefix("wasm trap: ") })
    }

    @Test("An error thrown by a host function comes out of the call unchanged")
    func hostError() throws {
        struct Refused: Error, Equatable { let reason: String }
        let instance = try TestEngine.instance(Guests.callingOut) { linker in
            try linker.withRoot { try $0.define("host") { _, _ in throw Refused(reason: "not today") } }
        }
        #expect(throws: Refused(reason: "not today")) { try instance.function("run").call() }
    }

    @Test("An import without definition is an error that names it")
    func missingImport() throws {
        let error = #expect(throws: WasmtimeError.self) { try TestEngine.instance(Guests.callingOut) }
        #expect(error?.code == .linking)
        #expect(error?.message.contains("host") == true)
    }

    @Test("Unknown imports can be defined as traps")
    func unknownImports() throws {
        let engine = try TestEngine.make()
        let component = try TestEngine.component(Guests.callingOut, engine)
        let linker = Linker(engine: engine)
        try linker.defineUnknownImportsAsTraps(component)
        let instance = try linker.instantiate(component, in: Store(engine: engine))
        let trap = #expect(throws: Trap.self) { try instance.function("run").call() }
        #expect(trap?.message.contains("host") == true)
    }
}
