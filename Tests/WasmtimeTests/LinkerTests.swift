// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing
import Wasmtime

struct LinkerTests {
    @Test("Names are defined in nested instances, in several steps")
    func nestedInstances() throws {
        let text = """
            (component
              (import "local:test/outer" (instance $outer
                (export "first" (func (result u32)))
                (export "second" (func (result u32)))))
              (core func $first (canon lower (func $outer "first")))
              (core func $second (canon lower (func $outer "second")))
              (core module $code
                (import "" "first" (func $first (result i32)))
                (import "" "second" (func $second (result i32)))
                (func (export "first") (result i32) (call $first))
                (func (export "second") (result i32) (call $second)))
              (core instance $code (instantiate $code (with "" (instance
                (export "first" (func $first)) (export "second" (func $second))))))
              (func (export "first") (result u32) (canon lift (core func $code "first")))
              (func (export "second") (result u32) (canon lift (core func $code "second"))))
            """
        let instance = try TestEngine.instance(text) { linker in
            try linker.withInstance("local:test/outer") { try $0.define("first") { _, _ in .u32(1) } }
            try linker.withInstance("local:test/outer") { try $0.define("second") { _, _ in .u32(2) } }
        }
        #expect(try instance.function("first").call() == .u32(1))
        #expect(try instance.function("second").call() == .u32(2))
    }

    @Test("Defining a name twice is an error")
    func twice() throws {
        let linker = try Linker(engine: TestEngine.make())
        let error = #expect(throws: WasmtimeError.self) {
            try linker.withRoot { root in
                try root.define("host") { _, _ in nil }
                try root.define("host") { _, _ in nil }
            }
        }
        #expect(error?.code == .linking)
        #expect(error?.message.contains("host") == true)
    }

    @Test("The first instantiation closes the linker")
    func sealed() throws {
        let engine = try TestEngine.make()
        let linker = Linker(engine: engine)
        _ = try linker.instantiate(TestEngine.component("(component)", engine), in: Store(engine: engine))
        let error = #expect(throws: WasmtimeError.self) { try linker.addWASI() }
        #expect(error?.code == .linking)
        #expect(throws: WasmtimeError.self) { try linker.withRoot { try $0.define("host") { _, _ in nil } } }
    }

    @Test(
        "Using a linker inside of its own definitions is an error, and not the end of the thread",
        .timeLimit(.minutes(1))
    )
    func nestedUse() throws {
        let engine = try TestEngine.make()
        let component = try TestEngine.component("(component)", engine)
        let linker = Linker(engine: engine)
        try linker.withInstance("local:test/outer") { _ in
            let errors = [
                #expect(throws: WasmtimeError.self) { try linker.instantiate(component, in: Store(engine: engine)) },
                #expect(throws: WasmtimeError.self) { try linker.withInstance("local:test/inner") { _ in } },
                #expect(throws: WasmtimeError.self) { try linker.addWASI() },
            ]
            #expect(errors.allSatisfy { $0?.code == .linking && $0?.message.contains("in progress") == true })
        }
        // An error leaves the linker open as well.
        struct Refused: Error {}
        #expect(throws: Refused.self) { try linker.withRoot { _ in throw Refused() } }
        try linker.withRoot { try $0.define("host") { _, _ in nil } }
        _ = try linker.instantiate(component, in: Store(engine: engine))
    }

    @Test("One linker instantiates on many threads at once, and host functions find the state of their own store")
    func manyThreads() async throws {
        final class Session { let number: UInt32; init(_ number: UInt32) { self.number = number } }
        let text = """
            (component
              (import "host" (func $host (result u32)))
              (core func $host (canon lower (func $host)))
              (core module $code (import "" "host" (func $host (result i32))) (func (export "run") (result i32) (call $host)))
              (core instance $code (instantiate $code (with "" (instance (export "host" (func $host))))))
              (func (export "run") (result u32) (canon lift (core func $code "run"))))
            """
        let engine = try TestEngine.make()
        let component = try TestEngine.component(text, engine)
        let export = try component.functionExport(["run"])
        let linker = Linker(engine: engine)
        try linker.withRoot {
            try $0.define("host") { caller, _ in caller.state(as: Session.self).map { .u32($0.number) } }
        }
        func run(_ number: UInt32) throws -> ComponentValue? {
            let store = Store(engine: engine, hostState: Session(number))
            return try linker.instantiate(component, in: store).function(export).call()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 as Range<UInt32> {
                group.addTask {
                    let result = try run(number)
                    #expect(result == .u32(number))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("A host function that reads its arguments itself gets what the general one gets")
    func readingArguments() throws {
        let text = """
            (component
              (import "host" (func $host (param "a" u32) (param "b" u64) (param "c" string) (result string)))
              (core module $memory
                (memory (export "memory") 1)
                (data (i32.const 8) "h\u{e9}llo")
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
              (core instance $memory (instantiate $memory))
              (core func $host (canon lower (func $host)
                (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
              (core module $code
                (import "" "host" (func $host (param i32 i64 i32 i32 i32)))
                (func (export "run") (result i32)
                  (call $host (i32.const -1) (i64.const -2) (i32.const 8) (i32.const 6) (i32.const 64))
                  (i32.const 64)))
              (core instance $code (instantiate $code (with "" (instance (export "host" (func $host))))))
              (func (export "run") (result string) (canon lift (core func $code "run")
                (memory (core memory $memory "memory")))))
            """
        let instance = try TestEngine.instance(text) { linker in
            try linker.withRoot { root in
                try root.defineReading("host") { _, arguments in
                    #expect(arguments.count == 3)
                    #expect(try arguments.text(at: 2) == "h\u{e9}llo")
                    for wrong in [-1, 1, 3] {
                        #expect(throws: WasmtimeError.self) { _ = try arguments.u32(at: wrong) }
                    }
                    let numbers = try "\(arguments.u32(at: 0)) \(arguments.u64(at: 1))"
                    return .string(numbers + String(decoding: try arguments.utf8(at: 2), as: UTF8.self))
                }
            }
        }
        #expect(try instance.function("run").call() == .string("4294967295 18446744073709551614h\u{e9}llo"))
    }

    @Test("A call of a text function returns what the general call returns")
    func textCalls() throws {
        let text = EchoComponent.textCall
        let instance = try TestEngine.instance(text)
        let ok = try instance.function("ok")
        for argument in ["", "hello", "é 🐍\0", String(repeating: "long", count: 100_000)] {
            #expect(try ok.callText(argument) == .ok(argument))
            #expect(try ok.call(.string(argument)) == .ok(.string(argument)))
        }
        #expect(try instance.function("error").callText("no") == .error("no"))
        #expect(try instance.function("empty").callText("no") == .ok(nil))
        let error = #expect(throws: WasmtimeError.self) { try instance.function("other").callText("x") }
        #expect(error?.code == .typeMismatch)
        let plain = try instance.function("plain")
        for argument in ["", "hello", "é 🐍\0", String(repeating: "long", count: 100_000)] {
            let bytes = try plain.callUTF8(argument)
            #expect(bytes == Array(argument.utf8))
            #expect(try plain.call(.string(argument)) == .string(argument))
        }
        #expect(throws: WasmtimeError.self) { try plain.callText("x") }
        #expect(throws: WasmtimeError.self) { try ok.callUTF8("x") }
    }
}
