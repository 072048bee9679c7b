// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Testing
import Wasmtime

struct ComponentValueTests {
    /// A type with values of it that must come back as they went.
    struct Sample: CustomTestStringConvertible {
        let component: EchoComponent
        let values: [ComponentValue]
        var testDescription: String { component.type }

        init(_ component: EchoComponent, _ values: ComponentValue...) {
            self.component = component
            self.values = values
        }
    }

    static let samples: [Sample] = [
        Sample(EchoComponent("bool", "i32"), .bool(true), .bool(false)),
        Sample(EchoComponent("s8", "i32"), .s8(.min), .s8(-1), .s8(.max)),
        Sample(EchoComponent("u8", "i32"), .u8(0), .u8(.max)),
        Sample(EchoComponent("s16", "i32"), .s16(.min), .s16(.max)),
        Sample(EchoComponent("u16", "i32"), .u16(0), .u16(.max)),
        Sample(EchoComponent("s32", "i32"), .s32(.min), .s32(.max)),
        Sample(EchoComponent("u32", "i32"), .u32(0), .u32(.max)),
        Sample(EchoComponent("s64", "i64"), .s64(.min), .s64(.max)),
        Sample(EchoComponent("u64", "i64"), .u64(0), .u64(.max)),
        Sample(EchoComponent("f32", "f32"), .f32(1.5), .f32(-.infinity), .f32(.leastNonzeroMagnitude)),
        Sample(EchoComponent("f64", "f64"), .f64(0.1), .f64(-.infinity), .f64(.greatestFiniteMagnitude)),
        Sample(EchoComponent("char", "i32"), .char("a"), .char("\u{10FFFF}"), .char("\0")),
        Sample(
            EchoComponent("string", "i32", "i32"),
            .string(""),
            .string("é 🐍\0"),
            .string(.init(repeating: "x", count: 100_000))
        ),
        Sample(EchoComponent("(list u8)", "i32", "i32"), .list([]), .bytes(0...255)),
        Sample(EchoComponent("(list string)", "i32", "i32"), .list([.string("a"), .string("")])),
        Sample(EchoComponent("(list (list s32))", "i32", "i32"), .list([.list([.s32(1)]), .list([])])),
        Sample(
            EchoComponent(#"(record (field "name" string) (field "age" u8))"#, "i32", "i32", "i32"),
            .record([.init("name", .string("Ada")), .init("age", .u8(36))])
        ),
        Sample(EchoComponent("(tuple string f64)", "i32", "i32", "f64"), .tuple([.string("x"), .f64(1)])),
        Sample(
            EchoComponent(#"(variant (case "none") (case "number" f64) (case "text" string))"#, "i32", "i64", "i32"),
            .variant("none", nil),
            .variant("number", .f64(2.5)),
            .variant("text", .string("hello"))
        ),
        Sample(EchoComponent(#"(enum "red" "green")"#, "i32"), .enumeration("red"), .enumeration("green")),
        Sample(
            EchoComponent("(option string)", "i32", "i32", "i32"),
            .option(nil),
            .option(.string("")),
            .option(.string("x"))
        ),
        Sample(EchoComponent("(option (option u8))", "i32", "i32", "i32"), .option(nil), .option(.option(nil))),
        Sample(
            EchoComponent("(result string (error u32))", "i32", "i32", "i32"),
            .ok(.string("fine")),
            .error(.u32(404))
        ),
        Sample(EchoComponent("(result)", "i32"), .ok(nil), .error(nil)),
        Sample(EchoComponent("(result (error string))", "i32", "i32", "i32"), .ok(nil), .error(.string("no"))),
        Sample(EchoComponent(#"(flags "a" "b" "c")"#, "i32"), .flags([]), .flags(["a", "c"])),
        Sample(
            EchoComponent("(map string u32)", "i32", "i32"),
            .map([]),
            .map([.init(.string("one"), .u32(1)), .init(.string("two"), .u32(2))])
        ),
    ]

    @Test("Every value type passes through a guest and a host function unchanged", arguments: samples)
    func roundTrip(sample: Sample) throws {
        let seen = Mutex<[ComponentValue]>([])
        let instance = try TestEngine.instance(
            sample.component.text,
            TestEngine.make { $0.componentModelMaps = true }
        ) { linker in
            try linker.withRoot { root in
                try root.define("host") { _, arguments in
                    seen.withLock { $0 += arguments }
                    return arguments.first
                }
            }
        }
        let run = try instance.function("run")
        for value in sample.values { #expect(try run.call(value) == value) }
        #expect(seen.withLock { $0 } == sample.values)
    }

    @Test("NaN stays NaN")
    func notANumber() throws {
        let instance = try TestEngine.instance(EchoComponent("f64", "f64").text) { linker in
            try linker.withRoot { try $0.define("host") { _, arguments in arguments.first } }
        }
        guard case .f64(let value) = try instance.function("run").call(.f64(.nan)) else {
            Issue.record("not a float")
            return
        }
        #expect(value.isNaN)
    }

    @Test("A value of the wrong type is an error, not a crash")
    func wrongArgumentType() throws {
        let instance = try TestEngine.instance(EchoComponent("u32", "i32").text) { linker in
            try linker.withRoot { try $0.define("host") { _, _ in .string("not a number") } }
        }
        let run = try instance.function("run")
        for arguments in [[.s32(1)], [], [.u32(1), .u32(2)], [.list([])]] as [[ComponentValue]] {
            let error = #expect(throws: WasmtimeError.self) { try run.call(arguments) }
            #expect(error?.code == .typeMismatch)
        }
        let error = #expect(throws: Trap.self) { try run.call(.u32(1)) }
        #expect(error?.message == "type mismatch: expected u32, found string")
    }

    @Test("A value nested too deeply is an error, not a crash")
    func hostileNesting() throws {
        let nested = (0..<1_000).reduce(ComponentValue.u32(1)) { value, _ in .list([value]) }
        let instance = try TestEngine.instance(EchoComponent("u32", "i32").text) { linker in
            try linker.withRoot { try $0.define("host") { _, _ in nested } }
        }
        let run = try instance.function("run")
        #expect(throws: WasmtimeError.self) { try run.call(nested) }
        let error = #expect(throws: WasmtimeError.self) { try run.call(.u32(1)) }
        #expect(error?.code == .invalidValue)
    }
}
