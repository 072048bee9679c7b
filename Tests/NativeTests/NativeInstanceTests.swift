// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing
import Wasmtime

@testable import Terrarium

/// Guests that do what WebAssembly does not allow, or do not end, on optimised code as on the engine's.
@Suite(.timeLimit(.minutes(5)))
struct NativeInstanceTests {
    private static let images = Task {
        try await OptimizedImage(SmallGuest.component, in: TemporaryFolder())
    }

    private static var short: Limits {
        var limits = Limits()
        limits.time = .milliseconds(100)
        limits.grace = .zero
        limits.memoryBytes = 1 << 20
        return limits
    }

    @Test("The optimised image has optimised code, and the other has none")
    func kinds() async throws {
        let images = try await Self.images.value
        #expect(images.engine.runtime.native == nil)
        #expect(images.optimized.runtime.native != nil)
    }

    @Test("Both give the same values and the same traps", arguments: SmallGuest.letters)
    func sameOutcome(_ letter: String) async throws {
        let images = try await Self.images.value
        var expected = try OptimizedImage.outcome(of: letter, in: images.engine, limits: Self.short)
        // Optimised code does not tell the reasons apart for which an indirect call fails.
        for code in [TrapCode.tableOutOfBounds, .indirectCallToNull] where expected == "trap: \(code)" {
            expected = "trap: \(TrapCode.badSignature)"
        }
        let found = try OptimizedImage.outcome(of: letter, in: images.optimized, limits: Self.short)
        #expect(found == expected)
        // The process goes on, and so does the next sandbox, on the same slot.
        #expect(try OptimizedImage.outcome(of: "a", in: images.optimized, limits: Self.short) == "7")
    }

    @Test("A guest that does not end is stopped soon after its time", arguments: ["t", "u", "v"])
    func stops(_ letter: String) async throws {
        let image = try await Self.images.value.optimized
        for _ in 0..<20 {
            let start = ContinuousClock.now
            #expect(try OptimizedImage.outcome(of: letter, in: image, limits: Self.short) == "timeLimit")
            let time = ContinuousClock.now - start
            #expect(time >= .milliseconds(100))
            // The machine may be busy; on a quiet one it takes a millisecond or two.
            #expect(time < .seconds(1))
        }
    }

    @Test("A memory is as the image has it after a guest was stopped in the middle of writing to it")
    func nextUser() async throws {
        let image = try await Self.images.value.optimized
        for letter in ["u", "v", "y", "e"] {
            _ = try OptimizedImage.outcome(of: letter, in: image, limits: Self.short)
            try image.probe { guest in
                let bytes = try guest.memory.read(at: 0, count: UInt32(guest.memory.size))
                #expect(
                    unsafe bytes.elementsEqual(
                        image.memory.bytes + [UInt8](repeating: 0, count: bytes.count - image.memory.length)
                    )
                )
            }
        }
    }

    @Test("Guests on several threads are stopped one by one, and none of the others")
    func neighbours() async throws {
        let image = try await Self.images.value.optimized
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<8 {
                group.addTask {
                    var limits = Self.short
                    limits.time = .milliseconds(20 + 10 * number)
                    let limit = limits
                    return try await OwnThread.run {
                        let start = ContinuousClock.now
                        let outcome = try OptimizedImage.outcome(of: "t", in: image, limits: limit)
                        let isLate = ContinuousClock.now - start >= limit.time ?? .zero
                        return isLate ? outcome : "stopped too early"
                    }
                }
            }
            for try await outcome in group { #expect(outcome == "timeLimit") }
        }
    }
}
