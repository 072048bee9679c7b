// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing
import Wasmtime

/// Bindings of maps, which componentize-py does not know: the component is written by hand.
@Suite(.timeLimit(.minutes(5)))
struct MapTests {
    private struct Mirror: Keyed.Imports, Keyed.Mirror.Imports {
        var mirror: any Keyed.Mirror.Imports { self }

        func reflect(value: [String: [UInt16]]) async -> [String: [UInt16]] { value }

        func reflectEntry(value: Keyed.Mirror.Entry) async -> Keyed.Mirror.Entry { value }
    }

    /// Passes on what it is given to the host, and what the host returns.
    private static let text = """
        (component
          (import "test:keyed/mirror" (instance $mirror
            (type $names (map string (list u16)))
            (type $counts (option (map u32 string)))
            (type $entry' (record (field "names" $names) (field "count" $counts)))
            (export "entry" (type $entry (eq $entry')))
            (export "reflect" (func (param "value" $names) (result $names)))
            (export "reflect-entry" (func (param "value" $entry) (result $entry)))))
          (alias export $mirror "entry" (type $entry'))
          (import "entry" (type $entry (eq $entry')))
          (core module $libc
            (memory (export "memory") 2)
            (global $top (mut i32) (i32.const 4096))
            (func (export "post") (param i32) (global.set $top (i32.const 4096)))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
              (global.set $top (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
              (global.get $top)
              (global.set $top (i32.add (global.get $top) (local.get 3)))))
          (core instance $libc (instantiate $libc))
          (alias core export $libc "memory" (core memory $memory))
          (alias core export $libc "realloc" (core func $realloc))
          (alias core export $libc "post" (core func $post))
          (core func $reflect (canon lower (func $mirror "reflect") (memory $memory) (realloc $realloc)))
          (core func $reflect-entry (canon lower (func $mirror "reflect-entry") (memory $memory) (realloc $realloc)))
          (core module $m
            (import "" "reflect" (func $reflect (param i32 i32 i32)))
            (import "" "reflect-entry" (func $reflect-entry (param i32 i32 i32 i32 i32 i32)))
            (func (export "send") (param i32 i32) (result i32)
              (call $reflect (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64))
            (func (export "send-entry") (param i32 i32 i32 i32 i32) (result i32)
              (call $reflect-entry (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (i32.const 64))
              (i32.const 64)))
          (core instance $i (instantiate $m (with "" (instance
            (export "reflect" (func $reflect)) (export "reflect-entry" (func $reflect-entry))))))
          (type $names (map string (list u16)))
          (func (export "send") (param "value" $names) (result $names)
            (canon lift (core func $i "send") (memory $memory) (realloc $realloc) (post-return $post)))
          (func (export "send-entry") (param "value" $entry) (result $entry)
            (canon lift (core func $i "send-entry") (memory $memory) (realloc $realloc) (post-return $post))))
        """

    @Test("Maps come back as they were, through the component and the host")
    func roundTrip() async throws {
        let folder = try TemporaryFolder()
        let file = try await HostTools.assemble(Self.text, name: "keyed", in: folder)
        var configuration = Engine.Configuration()
        configuration.componentModelMaps = true
        let library = try EngineLibrary.load(path: try TestEnvironment.value(of: "TERRARIUM_ENGINE_LIBRARY"))
        let engine = try Engine(library: library, configuration: configuration)
        let component = try Component(engine: engine, file: file.path)
        let instance = try await Keyed.Instance(component, imports: Mirror())
        var values = ValueGenerator(seed: 9)
        for _ in 0..<200 {
            let names: [String: [UInt16]] = Dictionary(
                values.list { ($0.text(), $0.list { $0.integer() }) }
            ) { first, _ in first }
            #expect(try await instance.send(value: names) == names)
            let counts: [UInt32: String] = Dictionary(values.list { ($0.integer(), $0.text()) }) { first, _ in first }
            let entry = Keyed.Mirror.Entry(names: names, count: values.flip() ? counts : nil)
            #expect(try await instance.sendEntry(value: entry) == entry)
        }
    }
}
