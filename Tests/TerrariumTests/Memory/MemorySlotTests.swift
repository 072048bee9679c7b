// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing
import Wasmtime

@testable import Terrarium

@Suite(.timeLimit(.minutes(5)))
struct MemorySlotTests {
    /// A component whose code catches what it throws, so that the engine makes a heap for exceptions before the memory.
    private static let text = """
        (component
            (core module $code
                (memory (export "memory") 2)
                (tag $failure (param i32))
                (func $fail (param i32) (throw $failure (local.get 0)))
                ;; Throws as often as it is told to, and answers the sum of what it caught and the byte at 70,000.
                (func (export "run") (param $count i32) (result i32)
                    (local $sum i32)
                    (loop $again
                        (block $caught (result i32)
                            (try_table (catch $failure $caught) (call $fail (i32.const 1)))
                            (i32.const 0))
                        (local.set $sum (i32.add (local.get $sum)))
                        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                        (br_if $again (local.get $count)))
                    (i32.store8 (i32.const 5) (i32.const 7))
                    (i32.add (local.get $sum) (i32.load8_u (i32.const 70000)))))
            (core instance $code (instantiate $code))
            (func (export "run") (param "count" u32) (result u32) (canon lift (core func $code "run"))))
        """

    @Test("Where code throws exceptions, the guest's memory has the image, not the engine's heap")
    func exceptions() throws {
        let path = try TestEnvironment.value(of: "TERRARIUM_ENGINE_LIBRARY")
        let engine = try SharedEngine.engine(.images, library: URL(filePath: path)).engine
        let bytes = try Component.binary(fromText: Self.text, library: EngineLibrary.load(path: path))
        let component = try Component(engine: engine, bytes: bytes)
        var contents = [UInt8](repeating: 0, count: 3 * ImageMemory.wasmPageBytes)
        contents[70_000] = 100
        let image = try ImageMemory(bytes: contents)
        for round in 0..<3 {
            do {
                let store = Store(engine: engine)
                store.setEpochDeadline(epochs: 1 << 40)
                let (instance, memory) = try image.withSlot(size: 4 * ImageMemory.wasmPageBytes) {
                    try Linker(engine: engine).instantiate(component, in: store)
                }
                #expect(memory.size == 4 * ImageMemory.wasmPageBytes)
                #expect(try memory.read(at: 5, count: 1) == [0], "what the sandbox before wrote is gone")
                let sum = try memory.whileEntered { try instance.function("run").call(.u32(200_000)) }
                #expect(sum == .u32(200_100))
                #expect(try memory.read(at: 5, count: 1) == [7])
                #expect(try memory.changedPages(sharingWith: nil).numbers == [0])
                #expect(image.slotCounts.used == 1)
                #expect(image.slotCounts.resting == 0)
                withExtendedLifetime(store) {}
            }
            #expect(image.slotCounts.used == 0)
            #expect(image.slotCounts.resting == 1, "round \(round)")
        }
    }
}
