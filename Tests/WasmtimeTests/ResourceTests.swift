// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Testing
import Wasmtime

struct ResourceTests {
    /// Imports a resource with a constructor and a method, and uses it; `leak` returns a handle instead of dropping it.
    static let guest = """
        (component
          (import "local:test/counters" (instance $counters
            (export "counter" (type $counter (sub resource)))
            (export "[constructor]counter" (func (param "start" u32) (result (own $counter))))
            (export "[method]counter.add" (func (param "self" (borrow $counter)) (param "n" u32) (result u32)))
            (export "consume" (func (param "c" (own $counter))))))
          (alias export $counters "counter" (type $counter))
          (core func $new (canon lower (func $counters "[constructor]counter")))
          (core func $add (canon lower (func $counters "[method]counter.add")))
          (core func $consume (canon lower (func $counters "consume")))
          (core func $drop (canon resource.drop $counter))
          (core module $code
            (import "" "new" (func $new (param i32) (result i32)))
            (import "" "add" (func $add (param i32 i32) (result i32)))
            (import "" "consume" (func $consume (param i32)))
            (import "" "drop" (func $drop (param i32)))
            (func (export "use") (param i32) (result i32)
              (local $counter i32) (local $sum i32)
              (local.set $counter (call $new (local.get 0)))
              (drop (call $add (local.get $counter) (i32.const 1)))
              (local.set $sum (call $add (local.get $counter) (i32.const 1)))
              (call $drop (local.get $counter))
              (local.get $sum))
            (func (export "leak") (result i32) (call $new (i32.const 5)))
            (func (export "take") (param i32) (result i32)
              (local $sum i32)
              (local.set $sum (call $add (local.get 0) (i32.const 10)))
              (call $drop (local.get 0))
              (local.get $sum))
            (func (export "give") (call $consume (call $new (i32.const 3))))
            (func (export "forge") (drop (call $add (i32.const 77) (i32.const 1)))))
          (core instance $code (instantiate $code (with "" (instance
            (export "new" (func $new)) (export "add" (func $add))
            (export "consume" (func $consume)) (export "drop" (func $drop))))))
          (func (export "use") (param "start" u32) (result u32) (canon lift (core func $code "use")))
          (func (export "leak") (result (own $counter)) (canon lift (core func $code "leak")))
          (func (export "take") (param "c" (own $counter)) (result u32) (canon lift (core func $code "take")))
          (func (export "give") (canon lift (core func $code "give")))
          (func (export "forge") (canon lift (core func $code "forge"))))
        """

    /// What the host keeps of its counters.
    final class Counters: Sendable {
        let type = HostResourceType()
        let values = Mutex<[UInt32: UInt32]>([:])
        let dropped = Mutex<[UInt32]>([])

        func make(_ start: UInt32) -> UInt32 {
            values.withLock { values in
                let representation = UInt32(values.count + 100)
                values[representation] = start
                return representation
            }
        }

        func define(_ linker: Linker) throws {
            try linker.withInstance("local:test/counters") { instance in
                try instance.define(resource: "counter", type) { _, representation in
                    self.dropped.withLock { $0.append(representation) }
                }
                try instance.define("[constructor]counter") { _, arguments in
                    guard case .u32(let start) = arguments[0] else { return nil }
                    return .resource(Resource(self.type, representation: self.make(start)))
                }
                try instance.define("[method]counter.add") { _, arguments in
                    guard case .resource(let resource) = arguments[0], case .u32(let number) = arguments[1],
                        let representation = resource.representation, !resource.isOwned
                    else { return nil }
                    return .u32(
                        self.values.withLock { values in
                            values[representation, default: 0] += number
                            return values[representation, default: 0]
                        }
                    )
                }
                try instance.define("consume") { _, arguments in
                    guard case .resource(let resource) = arguments[0], resource.isOwned else {
                        throw WasmtimeError(.typeMismatch, "not owned")
                    }
                    return nil
                }
            }
        }
    }

    @Test("A guest makes, uses and drops a resource of the host")
    func lifeCycle() throws {
        let counters = Counters()
        let instance = try TestEngine.instance(Self.guest, define: counters.define)
        #expect(try instance.function("use").call(.u32(40)) == .u32(42))
        #expect(counters.dropped.withLock { $0 } == [100])
        #expect(counters.values.withLock { $0 } == [100: 42])
    }

    @Test("An owned resource passes to the host and back to the guest")
    func ownership() throws {
        let counters = Counters()
        let instance = try TestEngine.instance(Self.guest, define: counters.define)
        guard case .resource(let resource) = try instance.function("leak").call() else {
            Issue.record("not a resource")
            return
        }
        #expect(resource.isOwned && resource.isInstance(of: counters.type) && resource.representation == 100)
        #expect(counters.dropped.withLock { $0 } == [])
        #expect(try instance.function("take").call(.resource(resource)) == .u32(15))
        #expect(counters.dropped.withLock { $0 } == [100])
    }

    @Test("A host function that consumes a resource becomes its owner")
    func consumed() throws {
        let counters = Counters()
        let instance = try TestEngine.instance(Self.guest, define: counters.define)
        try instance.function("give").call()
        #expect(counters.dropped.withLock { $0 } == [])
    }

    @Test("A handle that the guest made up is a trap")
    func forgedHandle() throws {
        let instance = try TestEngine.instance(Self.guest, define: Counters().define)
        #expect(throws: Trap.self) { try instance.function("forge").call() }
    }

    @Test("A resource of another type is an error, not a crash")
    func wrongType() throws {
        let instance = try TestEngine.instance(Self.guest, define: Counters().define)
        let other = Resource(HostResourceType(), representation: 1)
        #expect(throws: (any Error).self) { try instance.function("take").call(.resource(other)) }
    }

    @Test("An error in a destructor comes out of the call")
    func destructorError() throws {
        struct Refused: Error {}
        let type = HostResourceType()
        let counters = Counters()
        let instance = try TestEngine.instance(Self.guest) { linker in
            try linker.withInstance("local:test/counters") { instance in
                try instance.define(resource: "counter", type) { _, _ in throw Refused() }
                try instance.define("[constructor]counter") { _, _ in .resource(Resource(type, representation: 1)) }
                try instance.define("[method]counter.add") { _, _ in .u32(0) }
                try instance.define("consume") { _, _ in nil }
            }
        }
        _ = counters
        #expect(throws: Refused.self) { try instance.function("use").call(.u32(0)) }
    }

    /// Exports a resource of its own, whose destructor counts.
    static let owner = """
        (component
          (core module $destructor
            (global $dropped (mut i32) (i32.const 0))
            (func (export "dtor") (param i32)
              (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
            (func (export "dropped") (result i32) (global.get $dropped)))
          (core instance $destructor (instantiate $destructor))
          (type $thing' (resource (rep i32) (dtor (core func $destructor "dtor"))))
          (export $thing "thing" (type $thing'))
          (core func $new (canon resource.new $thing'))
          (core module $code
            (import "" "new" (func $new (param i32) (result i32)))
            (func (export "make") (result i32) (call $new (i32.const 21)))
            (func (export "look") (param i32) (result i32) (local.get 0)))
          (core instance $code (instantiate $code (with "" (instance (export "new" (func $new))))))
          (func (export "make") (result (own $thing)) (canon lift (core func $code "make")))
          (func (export "look") (param "t" (borrow $thing)) (result u32) (canon lift (core func $code "look")))
          (func (export "dropped") (result u32) (canon lift (core func $destructor "dropped"))))
        """

    @Test("A resource of the guest is used, and freed when the host drops it")
    func guestResource() throws {
        let instance = try TestEngine.instance(Self.owner)
        guard case .resource(let thing) = try instance.function("make").call() else {
            Issue.record("not a resource")
            return
        }
        #expect(thing.isOwned && thing.representation == nil)
        #expect(try instance.function("look").call(.resource(thing)) == .u32(21))
        #expect(try instance.function("dropped").call() == .u32(0))
        try instance.store.drop(thing)
        #expect(try instance.function("dropped").call() == .u32(21))
        #expect(throws: (any Error).self) { try instance.store.drop(thing) }
        #expect(throws: (any Error).self) { try instance.function("look").call(.resource(thing)) }
    }
}
