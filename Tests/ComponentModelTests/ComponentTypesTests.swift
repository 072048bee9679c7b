// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import ComponentModel

struct ComponentTypesTests {
    let tools: WasmTools

    init() throws {
        tools = try WasmTools()
    }

    private func types(_ text: String) throws -> ComponentTypes {
        try ComponentTypes(of: try Component(decoding: try tools.parse(text)))
    }

    @Test func functionsRecordsAndAliasesAreResolved() throws {
        let types = try types(ComponentTexts.everyDefinition)
        #expect(types.imports.map(\.name) == ["mod", "color", "plain", "slow", "wasi:io/streams@0.2.9", "comp"])
        #expect(types.exports.map(\.name) == ["lifted", "rec", "pkg:name/iface@1.0.0"])
        guard case .function(let lifted)? = types.export(named: "lifted") else {
            Issue.record("lifted is no function")
            return
        }
        #expect(lifted.parameters == [ComponentTypes.Field(name: "s", type: .primitive(.string))])
        #expect(lifted.result == .primitive(.string))
        guard case .type(let record)? = types.export(named: "rec"),
            case .record(let fields) = types.definition(of: record), case .defined(let list) = fields[1].type
        else {
            Issue.record("rec is no record")
            return
        }
        #expect(fields.map(\.name) == ["a", "b", "c"])
        #expect(types[record].name == "rec")
        #expect(types.definition(of: list) == .list(.primitive(.string)))
    }

    @Test func aResourceIsTheSameWhereverItIsUsed() throws {
        let types = try types(ComponentTexts.everyDefinition)
        guard case .instance(let streams)? = types.import(named: "wasi:io/streams@0.2.9"),
            case .type(let stream)? = streams["output-stream"],
            case .function(let write)? = streams["[method]output-stream.write"],
            case .defined(let handle) = write.parameters[0].type,
            case .borrow(let resource) = types.definition(of: handle),
            case .type(let color)? = streams["color"],
            case .type(let worldColor)? = types.import(named: "color")
        else {
            Issue.record("the instance lacks parts")
            return
        }
        #expect(types.unaliased(resource) == types.unaliased(stream))
        #expect(types[stream].owner == "wasi:io/streams@0.2.9")
        #expect(types.definition(of: stream) == .resource)
        #expect(types.unaliased(color) == types.unaliased(worldColor))
        #expect(types[worldColor].owner == nil)
    }

    @Test func aNestedComponentSeesTheTypesItIsGiven() throws {
        let types = try types(
            """
            (component
              (import "r" (type $r (sub resource)))
              (component $c
                (import "t" (type $t (sub resource)))
                (import "f" (func $f (param "x" (own $t))))
                (export "f" (func $f)))
              (import "f" (func $f (param "x" (own $r))))
              (instance $i (instantiate $c (with "t" (type $r)) (with "f" (func $f))))
              (instance $j (export "f" (func $i "f")) (export "r" (type $r)))
              (export "i" (instance $j)))
            """
        )
        guard case .instance(let instance)? = types.export(named: "i"), case .function(let function)? = instance["f"],
            case .defined(let handle) = function.parameters[0].type,
            case .own(let resource) = types.definition(of: handle),
            case .type(let imported)? = types.import(named: "r")
        else {
            Issue.record("the export has another form")
            return
        }
        #expect(types.unaliased(resource) == types.unaliased(imported))
    }

    @Test func aComponentPassedAsAnArgumentIsInstantiatedByItsReceiver() throws {
        let types = try types(
            """
            (component
              (component $a (type $t u16) (export "t" (type $t)))
              (component $b
                (import "a" (component $a (type $t u16) (export "t" (type (eq $t)))))
                (instance $i (instantiate $a))
                (export "i" (instance $i)))
              (instance $b (instantiate $b (with "a" (component $a))))
              (export "i" (instance $b "i")))
            """
        )
        guard case .instance(let instance)? = types.export(named: "i"), case .type(let type)? = instance["t"] else {
            Issue.record("the export has another form")
            return
        }
        #expect(types.definition(of: type) == .primitive(.u16))
    }

    @Test func aPythonComponentHasTheExpectedWorld() throws {
        let component = try Component(decoding: try PythonComponent.shared.get())
        let types = try ComponentTypes(of: component)
        #expect(types.imports.map(\.name).contains("wasi:filesystem/types@0.2.9"))
        #expect(types.exports.map(\.name) == ["exports", "eval", "exec"])
        guard case .instance(let exports)? = types.export(named: "exports"),
            case .function(let initialize)? = exports["init"], case .function(let eval)? = types.export(named: "eval"),
            case .defined(let result)? = eval.result
        else {
            Issue.record("the exports have another form")
            return
        }
        #expect(initialize.parameters.map(\.name) == ["app-name", "symbols", "stub-wasi"])
        #expect(
            types.definition(of: result) == .result(success: .primitive(.string), failure: .primitive(.string))
        )
        guard case .type(let function)? = exports["function"] else {
            Issue.record("there is no type `function`")
            return
        }
        #expect(types[function].owner == "exports")
    }

    @Test func componentsThatUnfoldWithoutEndAreRefused() throws {
        // Each of 40 components instantiates the one before it twice.
        var text = "(component (component $c0 (type $t u8) (export \"t\" (type $t)))\n"
        for level in 1...40 {
            text += """
                (component $c\(level)
                  (alias outer 1 $c\(level - 1) (component $d))
                  (instance (instantiate $d)) (instance (instantiate $d)))\n
                """
        }
        text += "(instance (instantiate $c40)))"
        let binary = try tools.parse(text)
        let component = try Component(decoding: binary)
        let error = #expect(throws: ComponentsError.self) { try ComponentTypes(of: component) }
        #expect(error?.code == .unsupported)
    }
}
