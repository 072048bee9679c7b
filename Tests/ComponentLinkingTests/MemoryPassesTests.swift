// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel

struct MemoryPassesTests {
    let tools: WasmTools
    let runner: ComponentRunner

    init() throws {
        tools = try WasmTools()
        runner = ComponentRunner(tools: tools)
    }

    private func link(_ text: String) throws -> LinkedComponent {
        try LinkedComponent(linking: try Component(decoding: try tools.parse(text)))
    }

    /// Globals of every type that are read, written and both, in a function with parameters and locals of its own.
    static let globals = """
        (component
          (core module $m
            (memory (export "memory") 1 1)
            (global $__stack_pointer (mut i32) (i32.const 65536))
            (global $constant (mut i32) (i32.const 11))
            (global $a (mut i32) (i32.const -5))
            (global $b (mut i64) (i64.const 0x1122334455667788))
            (global $c (mut f32) (f32.const 1.5))
            (global $d (mut f64) (f64.const -2.25))
            (global $v (mut v128) (v128.const i32x4 1 2 3 4))
            (global $once (mut i32) (i32.const 0))
            (global $data i32 (i32.const 32))
            (data (global.get $data) "data")
            (func $begin (global.set $once (i32.const 1000)))
            (start $begin)
            (func (export "step") (param $x i32) (result i32)
              (local $y i32) (local $z i64)
              (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))
              (local.set $y (local.get $x))
              (global.set $a (i32.add (global.get $a) (local.get $y)))
              (global.set $b (i64.add (global.get $b) (i64.extend_i32_s (local.get $x))))
              (global.set $c (f32.add (global.get $c) (f32.const 0.5)))
              (global.set $d (f64.mul (global.get $d) (f64.const 2)))
              (if (i32.gt_s (local.get $x) (i32.const 3))
                (then (global.set $v (i32x4.add (global.get $v) (i32x4.splat (local.get $x))))))
              (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 16)))
              (i32.add
                (i32.add (global.get $a) (i32.wrap_i64 (global.get $b)))
                (i32.add
                  (i32.add (i32.trunc_f32_s (f32.mul (global.get $c) (f32.const 2))) (i32.trunc_f64_s (global.get $d)))
                  (i32.add
                    (i32.add (i32x4.extract_lane 3 (global.get $v)) (global.get $constant))
                    (i32.add (global.get $once) (i32.load8_u (i32.const 33)))))))
            (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
          (core instance $i (instantiate $m))
          (func (export "step") (param "x" u32) (result s32) (canon lift (core func $i "step")))
          (func (export "load") (param "x" u32) (result s32) (canon lift (core func $i "load"))))
        """

    @Test func globalsThatCarryStateBecomeCells() throws {
        var linked = try link(Self.globals)
        let calls: [ComponentRunner.Call] = [.init("step", 1), .init("step", 5), .init("step", 9)]
        let before = try runner.run(try linked.component().encoded(), calls)
        let moved = try linked.moveGlobalsToMemory()
        #expect(moved.cells.keys.sorted() == [2, 3, 4, 5, 6])
        #expect(moved.constants == [1])
        #expect(moved.kept == [0, 7], "the stack pointer, and what only the start writes")
        #expect(moved.cells[2] == 65_536, "the cells are behind the initial memory")
        #expect(moved.cells.values.allSatisfy { $0 % 16 == 0 })
        #expect(linked.initialMemorySize == 131_072)
        #expect(linked.core.memories[0].maximum == 2)
        let result = try linked.component().encoded()
        try tools.validate(result)
        #expect(try runner.run(result, calls) == before)
        let address = ComponentRunner.Argument.number(Int(try #require(moved.cells[2])))
        let values = try runner.run(result, [.init("load", address), .init("step", 20), .init("load", address)])
        #expect(values.first == "load -5")
        #expect(values.last == "load 15")
        #expect(try linked.moveGlobalsToMemory().cells.isEmpty, "a second time there is nothing to do")
    }

    @Test func aReferenceThatCarriesStateIsRefused() throws {
        var linked = try link(
            """
            (component
              (core module $m
                (memory 1) (global $r (mut externref) (ref.null extern))
                (func (export "f") (global.set $r (ref.null extern))))
              (core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f"))))
            """
        )
        let error = #expect(throws: ComponentsError.self) { try linked.moveGlobalsToMemory() }
        #expect(error?.code == .notLinkable)
    }

    @Test func theImageIsWhatTheSegmentsWrite() throws {
        var linked = try link(
            """
            (component
              (core module $m
                (memory (export "memory") 4)
                (data (i32.const 10) "first") (data (i32.const 12) "XY") (data $p "passive")
                (data (i32.const 131070) "ab\\00\\00\\00")
                (func (export "f") (param i32) (result i32)
                  (memory.init $p (i32.const 100) (i32.const 0) (i32.const 7)) (data.drop $p)
                  (i32.load8_u (local.get 0))))
              (core instance $i (instantiate $m))
              (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "f"))))
            """
        )
        let calls: [ComponentRunner.Call] = [.init("f", 13), .init("f", 101), .init("f", 131_071)]
        let before = try runner.run(try linked.component().encoded(), Array(calls.prefix(1)))
        let image = try linked.extractMemory()
        #expect(image.initialSize == 4 * 65_536)
        #expect(image.bytes.count == 3 * 65_536)
        #expect(image.bytes[10..<15].elementsEqual("fiXYt".utf8))
        #expect(image.bytes[131_070..<131_072].elementsEqual("ab".utf8))
        #expect(!image.needsStart)
        #expect(linked.core.data.allSatisfy { !$0.isActive })
        try tools.validate(try linked.component().encoded())
        // With the image put back as it is, everything works as before; without it, nothing is there.
        #expect(try runner.run(try linked.component().encoded(), [.init("f", 13)]) == ["f 0"])
        linked.core.data.append(
            CoreModule.DataSegment(mode: .active(memory: 0, offset: .i32(0)), bytes: image.bytes[...])
        )
        #expect(try runner.run(try linked.component().encoded(), Array(calls.prefix(1))) == before)
        #expect(try runner.run(try linked.component().encoded(), [.init("f", 101)]) == ["f 97"])
    }

    @Test func aSegmentThatDoesNotFitIsRefused() throws {
        var linked = try link(
            """
            (component
              (core module $m (memory 1) (data (i32.const 65530) "too long"))
              (core instance (instantiate $m)))
            """
        )
        let error = #expect(throws: ComponentsError.self) { try linked.extractMemory() }
        #expect(error?.code == .invalid)
    }

    @Test func aPythonComponentWorksWithCellsAndItsImage() throws {
        let binary = try PythonComponent.shared.get()
        var linked = try LinkedComponent(linking: try Component(decoding: binary))
        let moved = try linked.moveGlobalsToMemory()
        print("cells \(moved.cells.count), constants \(moved.constants.count), kept \(moved.kept)")
        #expect(moved.cells.count < 10, "addresses written once when the component was made are constants")
        print("cells of \(moved.cells.keys.sorted().map { linked.core.globals[Int($0)].name ?? "?" })")
        let image = try linked.extractMemory()
        #expect(image.bytes.count > 10_000_000)
        #expect(linked.core.data.isEmpty)
        let bare = try linked.component().encoded()
        try tools.validate(bare)
        print("module without data: \(bare.count) bytes, image: \(image.bytes.count) bytes")
        linked.core.data = [CoreModule.DataSegment(mode: .active(memory: 0, offset: .i32(0)), bytes: image.bytes[...])]
        let answers = try runner.run(try linked.component().encoded(), PythonComponent.calls)
        #expect(try answers == PythonComponent.answers.get())
    }
}
