// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing
import Wasmtime

struct ComponentTests {
    @Test("Bytes that are no component are an error")
    func notAComponent() throws {
        let engine = try TestEngine.make()
        let coreModule: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
        for bytes in [[], [1, 2, 3], coreModule, Array("(component)".utf8)] {
            let error = #expect(throws: WasmtimeError.self) { try Component(engine: engine, bytes: bytes) }
            #expect(error?.code == .invalidComponent)
        }
        for path in ["/nowhere.wasm", "/", "/dev/null"] {
            let error = #expect(throws: WasmtimeError.self) { try Component(engine: engine, file: path) }
            #expect(error?.code == .invalidComponent)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("A precompiled component does what the component does")
    func precompiled() throws {
        let engine = try TestEngine.make()
        let component = try TestEngine.component(Guests.misbehaving, engine)
        try TemporaryFile.with(component.serialized()) { path in
            let loaded = try Component(engine: engine, precompiledFile: path)
            let instance = try Linker(engine: engine).instantiate(loaded, in: Store(engine: engine))
            #expect(try instance.function("count").call(.u32(3)) == .u32(7))
        }
    }

    @Test("A damaged precompiled file is an error, not a crash")
    func damagedArtifact() throws {
        let engine = try TestEngine.make()
        let artifact = try TestEngine.component(Guests.misbehaving, engine).serialized()
        var otherVersion = artifact
        otherVersion[66] = UInt8(ascii: "9")
        let damaged = [
            [], [0], Array(artifact.prefix(artifact.count / 2)), Array(artifact.dropFirst()), otherVersion,
            Array("not an artifact".utf8), [UInt8](repeating: 0, count: artifact.count),
        ]
        for bytes in damaged {
            try TemporaryFile.with(bytes) { path in
                let error = #expect(throws: WasmtimeError.self) {
                    try Component(engine: engine, precompiledFile: path)
                }
                #expect(error?.code == .incompatibleArtifact)
            }
        }
        let error = #expect(throws: WasmtimeError.self) {
            try Component(engine: engine, precompiledFile: "/nowhere.cwasm")
        }
        #expect(error?.code == .incompatibleArtifact)
    }

    @Test("A precompiled file of an engine with other settings is an error")
    func otherSettings() throws {
        let artifact = try TestEngine.component(Guests.misbehaving, TestEngine.make()).serialized()
        try TemporaryFile.with(artifact) { path in
            let engine = try TestEngine.make { $0.epochInterruption = true }
            let error = #expect(throws: WasmtimeError.self) { try Component(engine: engine, precompiledFile: path) }
            #expect(error?.code == .incompatibleArtifact)
        }
    }

    @Test("Imports and exports are listed with their types")
    func types() throws {
        let component = try TestEngine.component(Guests.callingOut, TestEngine.make())
        let run = ExternType.function(FunctionType(parameters: [], result: nil))
        let imports = try component.imports()
        #expect(imports.map(\.name) == ["host"])
        #expect(imports.map(\.type) == [run])
        let exports = try component.exports()
        #expect(exports.map(\.name) == ["run", "local:test/inner"])
        #expect(exports.map(\.type)[0] == run)
        guard case .instance(let inner) = exports[1].type else {
            Issue.record("not an instance")
            return
        }
        #expect(inner.map(\.name) == ["run"])
        #expect(inner.map(\.type) == [run])
    }

    @Test(
        "The type of every value is listed",
        arguments: [
            ("(list (tuple u8 s8))", ["i32", "i32"], ValueType.list(.tuple([.u8, .s8]))),
            (
                #"(record (field "a" u16) (field "b" s16))"#, ["i32", "i32"],
                .record([.init("a", .u16), .init("b", .s16)])
            ),
            (#"(variant (case "x") (case "y" u32))"#, ["i32", "i32"], .variant([.init("x"), .init("y", .u32)])),
            (#"(enum "x" "y")"#, ["i32"], .enumeration(["x", "y"])),
            (#"(flags "x" "y")"#, ["i32"], .flags(["x", "y"])),
            ("(option char)", ["i32", "i32"], .option(.char)),
            ("(result s32 (error f32))", ["i32", "i32"], .result(ok: .s32, error: .f32)),
            ("(result)", ["i32"], .result(ok: nil, error: nil)),
            ("(map string f64)", ["i32", "i32"], .map(key: .string, value: .f64)),
            ("(tuple bool u64 s64)", ["i32", "i64", "i64"], .tuple([.bool, .u64, .s64])),
        ]
    )
    func valueTypes(text: String, flat: [String], type: ValueType) throws {
        let engine = try TestEngine.make { $0.componentModelMaps = true }
        let component = try TestEngine.component(EchoComponent(text, flat: flat).text, engine)
        let run = try component.functionExport(["run"])
        #expect(run.type == FunctionType(parameters: [.init("x", type)], result: type))
    }

    @Test("An export that is missing is an error that names it")
    func missingExport() throws {
        let component = try TestEngine.component(Guests.callingOut, TestEngine.make())
        for path in [["eval"], ["local:test/inner"], ["local:test/inner", "eval"], ["run", "run"], []] {
            let error = #expect(throws: WasmtimeError.self) { try component.functionExport(path) }
            #expect(error?.code == .exportMissing)
            #expect(error?.message.hasSuffix("named \(path.joined(separator: "/"))") == true)
        }
        #expect(try component.functionExport(["local:test/inner", "run"]).type.parameters.isEmpty)
    }

    @Test("Types that unfold without end are an error, not a hang", .timeLimit(.minutes(10)))
    func hostileTypes() throws {
        // Each type has the one before twice: the last one has 2^18 leaves.
        let levels = (1...18).map { "(type $t\($0) (tuple $t\($0 - 1) $t\($0 - 1)))" }.joined()
        let text = """
            (component
              (type $t0 (tuple u8 u8)) \(levels)
              (import "host" (func (param "x" (list $t18)))))
            """
        let engine = try TestEngine.make()
        do {
            let component = try TestEngine.component(text, engine)
            let error = #expect(throws: WasmtimeError.self) { try component.imports() }
            #expect(error?.code == .invalidComponent)
        } catch let error as WasmtimeError {
            // The engine itself refuses types that are larger still.
            #expect(error.code == .invalidComponent)
        }
    }

    @Test("Types that this binding has no values for do not get past compilation")
    func unsupportedTypes() throws {
        let engine = try TestEngine.make()
        for type in ["(stream u8)", "(future u8)", "error-context"] {
            let text = #"(component (import "host" (func (param "x" \#(type)))))"#
            #expect(throws: WasmtimeError.self) { try TestEngine.component(text, engine) }
        }
    }
}
