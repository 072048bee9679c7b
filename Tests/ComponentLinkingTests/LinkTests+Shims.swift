// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel

/// Shims, destructors, start functions and operations of the engine are tied to the one module again.
extension LinkTests {
    /// A guest with strings, a shim as tools make it, and a resource with a destructor.
    static let shimmed = """
        (component
          (import "log" (func $log (param "s" string) (result u32)))
          (core module $shim
            (type $f (func (param i32 i32) (result i32)))
            (table (export "$imports") 1 1 funcref)
            (func (export "0") (type $f) local.get 0 local.get 1 i32.const 0 call_indirect (type $f)))
          (core module $fixup
            (type $f (func (param i32 i32) (result i32)))
            (import "" "0" (func (type $f)))
            (import "" "$imports" (table 1 1 funcref))
            (elem (i32.const 0) func 0))
          (core module $main
            (import "host" "log" (func $log (param i32 i32) (result i32)))
            (import "res" "new" (func $new (param i32) (result i32)))
            (import "res" "drop" (func $drop (param i32)))
            (import "res" "rep" (func $rep (param i32) (result i32)))
            (memory (export "memory") 1)
            (global $next (mut i32) (i32.const 4096))
            (global $dropped (mut i32) (i32.const 0))
            (data (i32.const 16) "hello")
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
              (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 3))))
            (func (export "say") (param i32 i32) (result i32)
              (i32.add (call $log (local.get 0) (local.get 1)) (call $log (i32.const 16) (i32.const 5))))
            (func (export "resources") (result i32)
              (local $h i32)
              (local.set $h (call $new (i32.const 33)))
              (call $rep (local.get $h))
              (call $drop (local.get $h))
              (i32.add (global.get $dropped)))
            (func (export "dtor") (param i32)
              (global.set $dropped (i32.add (global.get $dropped) (local.get 0)))))
          (core instance $shim (instantiate $shim))
          (core module $dtorshim
            (type $f (func (param i32)))
            (table (export "$imports") 1 1 funcref)
            (func (export "0") (type $f) local.get 0 i32.const 0 call_indirect (type $f)))
          (core instance $dtorshim (instantiate $dtorshim))
          (type $r (resource (rep i32) (dtor (core func $dtorshim "0"))))
          (core func $new (canon resource.new $r))
          (core func $drop (canon resource.drop $r))
          (core func $rep (canon resource.rep $r))
          (core instance $main (instantiate $main
            (with "host" (instance (export "log" (func $shim "0"))))
            (with "res" (instance (export "new" (func $new)) (export "drop" (func $drop)) (export "rep" (func $rep))))))
          (core func $lowered (canon lower (func $log) (memory (core memory $main "memory"))))
          (core instance (instantiate $fixup
            (with "" (instance (export "0" (func $lowered)) (export "$imports" (table $shim "$imports"))))))
          (core module $dtorfixup
            (import "" "0" (func (param i32)))
            (import "" "$imports" (table 1 1 funcref))
            (elem (i32.const 0) func 0))
          (core instance (instantiate $dtorfixup
            (with "" (instance (export "0" (func $main "dtor")) (export "$imports" (table $dtorshim "$imports"))))))
          (func (export "say") (param "s" string) (result u32)
            (canon lift (core func $main "say") (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
          (func (export "resources") (result u32) (canon lift (core func $main "resources"))))
        """

    @Test func shimsAndDestructorsOfResourcesAreTiedAgain() throws {
        let (linked, results) = try compare(
            Self.shimmed,
            [.init("say", "hi you"), .init("resources"), .init("resources")]
        )
        #expect(
            results == ["say 3", "resources 66", "resources 99", "log('hi you',)", "log('hello',)"]
        )
        // The code calls the import itself, not the trampoline of the original shim.
        let number = try #require(linked.core.hostFunctions.first { $0.function.name == "log" }?.number)
        let say = try #require(linked.core.functions(exportedAs: "say").first)
        guard case .defined(let body) = linked.core.functions[Int(say)].origin else {
            Issue.record("say is not defined")
            return
        }
        var calls = CallCollector()
        try InstructionReader.walkBody(body, &calls)
        #expect(calls.functions == [number, number])
    }

    @Test func aComponentThatToolsMadeIsLinked() throws {
        let binary = try tools.component(
            wit: """
                package test:guest;
                interface log { write: func(s: string) -> u32; }
                interface shapes {
                  resource shape { constructor(n: u32); area: func() -> u32; }
                  record size { width: u32, height: u32 }
                  total: func() -> u32;
                  half: func(s: size) -> size;
                }
                world guest {
                  import log;
                  import note: func(x: u32) -> u32;
                  export shapes;
                  export run: func(s: string) -> string;
                }
                """,
            module: """
                (module
                  (import "test:guest/log" "write" (func $write (param i32 i32) (result i32)))
                  (import "$root" "note" (func $note (param i32) (result i32)))
                  (import "[export]test:guest/shapes" "[resource-new]shape" (func $new (param i32) (result i32)))
                  (import "[export]test:guest/shapes" "[resource-drop]shape" (func $drop (param i32)))
                  (import "[export]test:guest/shapes" "[resource-rep]shape" (func $rep (param i32) (result i32)))
                  (memory (export "memory") 1)
                  (global $next (mut i32) (i32.const 1024))
                  (global $total (mut i32) (i32.const 0))
                  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                    (global.get $next)
                    (global.set $next (i32.add (global.get $next) (i32.and (i32.add (local.get 3) (i32.const 7))
                      (i32.const -8)))))
                  (func (export "test:guest/shapes#[constructor]shape") (param i32) (result i32)
                    (call $new (i32.mul (local.get 0) (i32.const 10))))
                  (func (export "test:guest/shapes#[method]shape.area") (param i32) (result i32) (local.get 0))
                  (func (export "test:guest/shapes#[dtor]shape") (param i32)
                    (global.set $total (i32.add (global.get $total) (local.get 0))))
                  (func (export "test:guest/shapes#total") (result i32) (global.get $total))
                  (func (export "test:guest/shapes#half") (param i32 i32) (result i32)
                    (i32.store (i32.const 64) (i32.shr_u (local.get 0) (i32.const 1)))
                    (i32.store (i32.const 68) (i32.shr_u (local.get 1) (i32.const 1)))
                    (i32.const 64))
                  (func (export "run") (param i32 i32) (result i32)
                    (local $h i32)
                    (local.set $h (call $new (i32.const 7)))
                    (drop (call $note (call $rep (local.get $h))))
                    (call $drop (local.get $h))
                    (drop (call $write (local.get 0) (local.get 1)))
                    (i32.store (i32.const 80) (i32.add (local.get 0) (i32.const 1)))
                    (i32.store (i32.const 84) (i32.sub (local.get 1) (i32.const 1)))
                    (i32.const 80)))
                """
        )
        let (linked, result) = try link(binary)
        let calls: [ComponentRunner.Call] = [
            .init("run", "hello"), .init("test:guest/shapes#total"),
            .init("test:guest/shapes#[constructor]shape", 4), .init("test:guest/shapes#[method]shape.area", "$"),
            .init("run", "again"), .init("test:guest/shapes#total"),
        ]
        let before = try runner.run(binary, calls)
        #expect(try runner.run(result, calls) == before)
        #expect(before.first == "run 'ello'")
        #expect(before.contains("test:guest/shapes#total 7"))
        #expect(before.contains("test:guest/shapes#[method]shape.area 40"))
        // Without the memory's data nothing is lost here; the globals move.
        var moved = linked
        #expect(try moved.moveGlobalsToMemory().cells.count == 2)
        let bytes = try moved.component().encoded()
        try tools.validate(bytes)
        #expect(try runner.run(bytes, calls) == before)
    }

    @Test func aStartFunctionWaitsForTheShim() throws {
        try compare(
            """
            (component
              (import "log" (func $log (param "s" string) (result u32)))
              (core module $mem (memory (export "memory") 1) (data (i32.const 0) "started"))
              (core instance $mem (instantiate $mem))
              (core func $l (canon lower (func $log) (memory (core memory $mem "memory"))))
              (core module $main
                (import "host" "log" (func $log (param i32 i32) (result i32)))
                (global $seen (mut i32) (i32.const 0))
                (func $s (global.set $seen (call $log (i32.const 0) (i32.const 7))))
                (func (export "seen") (result i32) (global.get $seen))
                (start $s))
              (core instance $main (instantiate $main (with "host" (instance (export "log" (func $l))))))
              (func (export "seen") (result u32) (canon lift (core func $main "seen"))))
            """,
            [.init("seen")]
        )
    }

    @Test func operationsOfTheEngineRemainImports() throws {
        let binary = try tools.parse(
            """
            (component
              (core rec (type $ra (struct (field (ref null $rb)))) (type $rb (func (param (ref $ra)))))
              (core type $later (func (param (ref $rb))))
              (type $stream (stream u8))
              (import "slow" (func $slow async (param "s" string) (result u32)))
              (core module $libc
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
              (core instance $libc (instantiate $libc))
              (core func $return (canon task.return (result string) (memory (core memory $libc "memory"))))
              (core func $wait (canon waitable-set.wait (memory (core memory $libc "memory"))))
              (core func $new (canon waitable-set.new))
              (core func $get (canon context.get i32 0))
              (core func $set (canon context.set i32 0))
              (core func $stream-new (canon stream.new $stream))
              (core func $read (canon stream.read $stream async (memory (core memory $libc "memory"))))
              (core func $subtask-drop (canon subtask.drop))
              (core func $call (canon lower (func $slow) async (memory (core memory $libc "memory"))))
              (core module $main
                (import "host" "return" (func $return (param i32 i32)))
                (import "host" "wait" (func $wait (param i32 i32) (result i32)))
                (import "host" "new" (func $new (result i32)))
                (import "host" "get" (func $get (result i32)))
                (import "host" "set" (func $set (param i32)))
                (import "host" "stream-new" (func $stream-new (result i64)))
                (import "host" "read" (func $read (param i32 i32 i32) (result i32)))
                (import "host" "subtask-drop" (func $subtask-drop (param i32)))
                (import "host" "call" (func $call (param i32 i32 i32) (result i32)))
                (import "libc" "memory" (memory 1))
                (func (export "begin") (result i32)
                  (call $set (call $get))
                  (drop (call $wait (call $new) (i32.const 0)))
                  (drop (call $stream-new)) (drop (call $read (i32.const 0) (i32.const 0) (i32.const 0)))
                  (call $subtask-drop (call $call (i32.const 0) (i32.const 0) (i32.const 0)))
                  (call $return (i32.const 0) (i32.const 0)) (i32.const 0))
                (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
              (core instance $main (instantiate $main
                (with "libc" (instance $libc))
                (with "host" (instance
                  (export "return" (func $return)) (export "wait" (func $wait)) (export "new" (func $new))
                  (export "get" (func $get)) (export "set" (func $set)) (export "stream-new" (func $stream-new))
                  (export "read" (func $read)) (export "subtask-drop" (func $subtask-drop))
                  (export "call" (func $call))))))
              (func (export "run") async (result string)
                (canon lift (core func $main "begin") async (callback (core func $main "callback"))
                  (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
            """
        )
        try tools.validate(binary)
        let (linked, result) = try link(binary)
        #expect(linked.core.hostFunctions.map(\.function.name).contains("waitable-set-wait"))
        let text = try tools.print(result)
        for operation in [
            "task.return", "waitable-set.wait", "waitable-set.new", "context.get", "stream.read", "subtask.drop",
        ] {
            #expect(text.contains("canon \(operation)"), "\(operation)")
        }
        #expect(text.contains("(callback "))
    }
}
