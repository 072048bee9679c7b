// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel

struct LinkTests {
    let tools: WasmTools
    let runner: ComponentRunner

    init() throws {
        tools = try WasmTools()
        runner = ComponentRunner(tools: tools)
    }

    /// Links a component and checks that the result is valid and has the same world.
    func link(_ binary: [UInt8]) throws -> (LinkedComponent, [UInt8]) {
        let linked = try LinkedComponent(linking: try Component(decoding: binary))
        let result = try linked.component().encoded()
        try tools.validate(result)
        #expect(try tools.wit(result) == tools.wit(binary))
        return (linked, result)
    }

    /// Links a component and checks that calls have the same results before and after.
    @discardableResult
    func compare(_ text: String, _ calls: [ComponentRunner.Call]) throws -> (LinkedComponent, [String]) {
        let binary = try tools.parse(text)
        let (linked, result) = try link(binary)
        let before = try runner.run(binary, calls)
        let after = try runner.run(result, calls)
        #expect(before == after)
        // Linking what is linked changes nothing.
        let (_, again) = try link(result)
        #expect(try runner.run(again, calls) == before)
        return (linked, before)
    }

    @Test func aPythonComponentAnswersTheSame() throws {
        let binary = try PythonComponent.shared.get()
        let (linked, result) = try link(binary)
        let before = try PythonComponent.answers.get()
        #expect(try runner.run(result, PythonComponent.calls) == before)
        #expect(before.first == "eval '4'")
        let names = NameSection(
            of: try #require(try linked.component().coreModules.max { $0.bodies.count < $1.bodies.count })
        )
        #expect(names.names[.functions]?.values.contains("PyEval_EvalCode") == true, "names survive")
    }

    @Test func exportsThatDifferInNormalisationAloneAreDifferentExports() throws {
        let (_, results) = try compare(
            """
            (component
              (core module $a
                (func (export "\u{e9}") (result i32) (i32.const 1))
                (func (export "e\u{301}") (result i32) (i32.const 2)))
              (core instance $a (instantiate $a))
              (core func $one (alias core export $a "\u{e9}"))
              (core func $two (alias core export $a "e\u{301}"))
              (core instance $names (export "\u{e9}" (func $one)) (export "e\u{301}" (func $two)))
              (core instance $swapped (export "\u{e9}" (func $two)) (export "e\u{301}" (func $one)))
              (core module $b
                (import "n\u{f1}" "\u{e9}" (func $a (result i32)))
                (import "n\u{f1}" "e\u{301}" (func $b (result i32)))
                (import "nn\u{303}" "\u{e9}" (func $c (result i32)))
                (import "nn\u{303}" "e\u{301}" (func $d (result i32)))
                (func (export "run") (result i32)
                  (i32.add (i32.mul (i32.const 1000) (call $a)) (i32.add (i32.mul (i32.const 100) (call $b))
                    (i32.add (i32.mul (i32.const 10) (call $c)) (call $d))))))
              (core instance $b (instantiate $b (with "n\u{f1}" (instance $names)) (with "nn\u{303}" (instance $swapped))))
              (func (export "run") (result u32) (canon lift (core func $b "run"))))
            """,
            [.init("run")]
        )
        #expect(results == ["run 1221"])
    }

    @Test func importsThatNeedNoMemoryAreDirect() throws {
        let (linked, results) = try compare(
            """
            (component
              (import "tick" (func $tick (param "x" u32) (result u32)))
              (core func $t (canon lower (func $tick)))
              (core module $m
                (import "host" "tick" (func $t (param i32) (result i32)))
                (func (export "run") (param i32) (result i32) (i32.add (call $t (local.get 0)) (i32.const 100))))
              (core instance $i (instantiate $m (with "host" (instance (export "tick" (func $t))))))
              (func (export "run") (param "x" u32) (result u32) (canon lift (core func $i "run"))))
            """,
            [.init("run", 5), .init("run", 6)]
        )
        #expect(results == ["run 101", "run 102", "tick(5,)", "tick(6,)"])
        let component = try linked.component()
        #expect(component.coreModules.count == 1)
        #expect(component.coreModules.first?.imports.first?.module == "$root")
    }

    @Test func modulesShareMemoryTablesGlobalsAndTags() throws {
        try compare(
            """
            (component
              (core module $libc
                (memory (export "memory") 1)
                (table (export "table") 8 funcref)
                (table $other (export "other") 2 externref)
                (global (export "base") i32 (i32.const 1024))
                (global (export "count") (mut i32) (i32.const 3))
                (tag (export "oops") (param i32))
                (type $two (func (result i32 i64)))
                (func (export "pair") (type $two) (i32.const 7) (i64.const 8))
                (data (i32.const 1024) "abcdef"))
              (core module $lib
                (import "env" "memory" (memory 1))
                (import "env" "table" (table $t 8 funcref))
                (import "env" "base" (global $base i32))
                (import "env" "count" (global $count (mut i32)))
                (import "env" "oops" (tag $oops (param i32)))
                (import "env" "pair" (func $pair (result i32 i64)))
                (type $un (func (param i32) (result i32)))
                (global $address i32 (i32.add (global.get $base) (i32.const 3)))
                (global (export "vector") v128 (v128.const i32x4 1 2 3 4))
                (table $mine 3 funcref)
                (elem (table $t) (offset (i32.sub (global.get $base) (i32.const 1022))) func $twice)
                (elem $later funcref (ref.func $thrice) (ref.null func))
                (data (offset (i32.add (global.get $base) (i32.const 6))) "ghi")
                (data $later "xyz")
                (func $twice (type $un) (i32.mul (local.get 0) (i32.const 2)))
                (func $thrice (type $un) (i32.mul (local.get 0) (i32.const 3)))
                (func (export "load") (type $un) (i32.load8_u (i32.add (global.get $address) (local.get 0))))
                (func (export "bump") (result i32)
                  (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
                (func (export "late") (result i32)
                  (memory.init $later (i32.const 2000) (i32.const 0) (i32.const 3)) (data.drop $later)
                  (table.init $mine $later (i32.const 1) (i32.const 0) (i32.const 2)) (elem.drop $later)
                  (i32.add (i32.load8_u (i32.const 2002)) (call_indirect $mine (type $un) (i32.const 5) (i32.const 1))))
                (func (export "try") (param i32) (result i32)
                  (block $caught (result i32)
                    (try_table (catch $oops $caught) (throw $oops (local.get 0)))
                    (i32.const -1)))
                (func (export "lanes") (result i32)
                  (i32x4.extract_lane 2 (i32x4.add (v128.const i32x4 1 1 1 1) (v128.load (i32.const 1024)))))
                (func (export "second") (result i64) (local i64) (call $pair) (local.set 0) drop (local.get 0)))
              (core module $user
                (import "lib" "load" (func $load (param i32) (result i32)))
                (import "lib" "bump" (func $bump (result i32)))
                (import "env" "table" (table $t 8 funcref))
                (type $un (func (param i32) (result i32)))
                (func (export "user") (param i32) (result i32)
                  (i32.add (call_indirect $t (type $un) (call $load (local.get 0)) (i32.const 2)) (call $bump)))
                (func (export "tail") (param i32) (result i32) (return_call $load (local.get 0))))
              (core instance $libc (instantiate $libc))
              (core instance $env
                (export "memory" (memory $libc "memory")) (export "table" (table $libc "table"))
                (export "base" (global $libc "base")) (export "count" (global $libc "count"))
                (export "oops" (tag $libc "oops")) (export "pair" (func $libc "pair")))
              (core instance $lib (instantiate $lib (with "env" (instance $env))))
              (core instance $user (instantiate $user (with "lib" (instance $lib)) (with "env" (instance $env))))
              (func (export "load") (param "x" u32) (result u32) (canon lift (core func $lib "load")))
              (func (export "user") (param "x" u32) (result u32) (canon lift (core func $user "user")))
              (func (export "tail") (param "x" u32) (result u32) (canon lift (core func $user "tail")))
              (func (export "second") (result u64) (canon lift (core func $lib "second")))
              (func (export "late") (result u32) (canon lift (core func $lib "late")))
              (func (export "try") (param "x" u32) (result u32) (canon lift (core func $lib "try")))
              (func (export "lanes") (result u32) (canon lift (core func $lib "lanes"))))
            """,
            [
                .init("load", 0), .init("load", 3), .init("load", 5), .init("user", 0), .init("user", 1),
                .init("tail", 2), .init("late"), .init("late"), .init("try", 77), .init("lanes"), .init("second"),
            ]
        )
    }

    @Test func startFunctionsRunInTheOrderOfInstantiation() throws {
        let (linked, results) = try compare(
            """
            (component
              (import "note" (func $note (param "x" u32) (result u32)))
              (core func $n (canon lower (func $note)))
              (core instance $host (export "note" (func $n)))
              (core module $a
                (import "host" "note" (func $note (param i32) (result i32)))
                (memory (export "memory") 1) (table (export "table") 2 funcref)
                (data (i32.const 8) "A")
                (func $s (drop (call $note (i32.load8_u (i32.const 8)))) (i32.store8 (i32.const 9) (i32.const 90)))
                (start $s))
              (core module $b
                (import "host" "note" (func $note (param i32) (result i32)))
                (import "a" "memory" (memory 1)) (import "a" "table" (table 2 funcref))
                (data (i32.const 8) "BB")
                (func $seven (result i32) (i32.const 7))
                (elem (i32.const 1) func $seven)
                (func $s (drop (call $note (i32.load16_u (i32.const 8)))))
                (func (export "get") (result i32)
                  (i32.add (i32.load16_u (i32.const 8)) (call_indirect (result i32) (i32.const 1))))
                (start $s))
              (core instance $a (instantiate $a (with "host" (instance $host))))
              (core instance $b (instantiate $b (with "host" (instance $host)) (with "a" (instance $a))))
              (func (export "get") (result u32) (canon lift (core func $b "get"))))
            """,
            [.init("get")]
        )
        #expect(results == ["get \(0x4242 + 7)", "note(65,)", "note(\(0x4242),)"])
        #expect(linked.core.start != nil)
        #expect(
            linked.core.data.map(\.isActive) == [true, false],
            "the second module's data waits for the first's start"
        )
    }

    @Test func aReferenceToAnExportedFunctionIsDeclared() throws {
        try compare(
            """
            (component
              (core module $m
                (type $f (func (result i32)))
                (func $seven (export "seven") (type $f) (i32.const 7))
                (func (export "run") (result i32) (call_ref $f (ref.func $seven))))
              (core instance $i (instantiate $m))
              (func (export "run") (result u32) (canon lift (core func $i "run"))))
            """,
            [.init("run")]
        )
    }

    @Test(arguments: [
        (
            """
            (component
              (core module $m (memory 1)) (core module $n (memory 1))
              (core instance (instantiate $m)) (core instance (instantiate $n)))
            """, "2 memories"
        ),
        (
            "(component (core module $m) (core instance (instantiate $m)) (core instance (instantiate $m)))", "twice"
        ),
        (
            """
            (component
              (core module $m) (core instance (instantiate $m))
              (component (core module $n) (core instance (instantiate $n))))
            """, "core instances of its own"
        ),
        ("(component)", "no core module"),
        (
            "(component (import \"m\" (core module $m)) (core instance (instantiate $m)))", "imports the core module m"
        ),
    ])
    func whatCannotBeLinkedIsRefusedWithTheReason(text: String, reason: String) throws {
        let component = try Component(decoding: try tools.parse(text))
        let error = #expect(throws: ComponentsError.self) { try LinkedComponent(linking: component) }
        #expect(error?.code == .notLinkable)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    struct CallCollector: InstructionVisitor {
        var functions: [UInt32] = []

        mutating func index(
            _ index: UInt32,
            in space: CoreIndexSpace,
            at range: Range<Int>,
            isSigned: Bool
        ) throws(ComponentsError) {
            if space == .function { functions.append(index) }
        }
    }
}
