// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Testing
import Wasmtime

struct LimitTests {
    @Test("A memory does not grow past its limit, and the guest goes on")
    func memory() throws {
        let instance = try TestEngine.instance(Guests.misbehaving, limits: .init(maxMemoryBytes: 4 * 65536))
        let grow = try instance.function("grow")
        #expect(try grow.call(.u32(3)) == .s32(1))
        #expect(try grow.call(.u32(1)) == .s32(-1))
        #expect(try grow.call(.u32(0)) == .s32(4))
        instance.store.setLimits(.init(maxMemoryBytes: 5 * 65536))
        #expect(try grow.call(.u32(1)) == .s32(4))
    }

    @Test("An instance that needs more than its limits is refused with an error")
    func instantiation() throws {
        for limits in [Store.Limits(maxMemoryBytes: 65535), .init(maxInstances: 0), .init(maxMemories: 0)] {
            #expect(throws: (any Error).self) { try TestEngine.instance(Guests.misbehaving, limits: limits) }
        }
    }

    @Test("A negative limit is none at all, not an unlimited one")
    func negative() throws {
        let limits = [
            Store.Limits(maxMemoryBytes: -1), .init(maxMemoryBytes: .min), .init(maxInstances: -1),
            .init(maxMemories: -5),
        ]
        for limits in limits {
            #expect(throws: (any Error).self) { try TestEngine.instance(Guests.misbehaving, limits: limits) }
        }
        let instance = try TestEngine.instance(Guests.misbehaving)
        instance.store.setLimits(.init(maxMemoryBytes: -1))
        #expect(try instance.function("grow").call(.u32(1)) == .s32(-1))
    }

    @Test("A guest whose epoch deadline has passed traps")
    func epochDeadline() throws {
        let engine = try TestEngine.make { $0.epochInterruption = true }
        let instance = try TestEngine.instance(Guests.misbehaving, engine)
        #expect(try instance.function("count").call(.u32(5)) == .u32(7))
        instance.store.setEpochDeadline(epochs: 1)
        engine.incrementEpoch()
        let trap = #expect(throws: Trap.self) { try instance.function("loop").call() }
        #expect(trap?.code == .interrupt)
    }

    @Test("The deadline's callback lets the guest go on, and then stops it")
    func epochCallback() throws {
        let engine = try TestEngine.make { $0.epochInterruption = true }
        let instance = try TestEngine.instance(Guests.misbehaving, engine)
        let calls = Mutex(0)
        instance.store.setEpochDeadline(epochs: 0)
        instance.store.onEpochDeadline {
            calls.withLock { $0 += 1 }
            return calls.withLock { $0 } < 100 ? .continue(epochs: 0) : .trap
        }
        let trap = #expect(throws: Trap.self) { try instance.function("loop").call() }
        #expect(trap?.code == .interrupt)
        #expect(calls.withLock { $0 } == 100)
    }

    @Test("A list that is too long for the boundary is an error, not an allocation without bound")
    func hostileList() throws {
        let text = """
            (component
              (import "host" (func $host (param "x" (list u8))))
              (core module $memory (memory (export "memory") 2000))
              (core instance $memory (instantiate $memory))
              (core func $host' (canon lower (func $host) (memory (core memory $memory "memory"))))
              (core module $code
                (import "" "memory" (memory 1))
                (import "" "host" (func $host (param i32 i32)))
                (func (export "send") (param i32) (call $host (i32.const 0) (local.get 0)))
                (func (export "return") (param i32) (result i32)
                  (i32.store (i32.const 4) (local.get 0)) (i32.const 0)))
              (core instance $code (instantiate $code (with "" (instance
                (export "memory" (memory $memory "memory")) (export "host" (func $host'))))))
              (func (export "send") (param "n" u32) (canon lift (core func $code "send")))
              (func (export "return") (param "n" u32) (result (list u8))
                (canon lift (core func $code "return") (memory (core memory $memory "memory")))))
            """
        for function in ["send", "return"] {
            for length in [100_000_000, UInt32.max] {
                let instance = try TestEngine.instance(text) { linker in
                    try linker.withRoot { try $0.define("host") { _, _ in nil } }
                }
                #expect(
                    try instance.function(function).call(.u32(10))
                        == (function == "send" ? nil : .bytes([0, 0, 0, 0, 10, 0, 0, 0, 0, 0]))
                )
                #expect(throws: (any Error).self) { try instance.function(function).call(.u32(length)) }
            }
        }
    }

    @Test("An error thrown by the deadline's callback comes out of the call")
    func epochCallbackError() throws {
        struct TimeIsUp: Error {}
        let engine = try TestEngine.make { $0.epochInterruption = true }
        let instance = try TestEngine.instance(Guests.misbehaving, engine)
        instance.store.setEpochDeadline(epochs: 0)
        instance.store.onEpochDeadline { throw TimeIsUp() }
        #expect(throws: TimeIsUp.self) { try instance.function("loop").call() }
    }
}
