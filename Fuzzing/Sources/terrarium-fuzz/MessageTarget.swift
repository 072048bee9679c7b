// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

@testable import Terrarium

/// The answers of a guest to what it is told to run, with the buffers in its memory that they name.
// libFuzzer reads all inputs on one thread.
struct MessageTarget: FuzzTarget, @unchecked Sendable {
    private let memory: GuestMemory

    init() throws {
        let image = try ImageMemory(bytes: (0..<1 << 16).map { UInt8(truncatingIfNeeded: $0) })
        // A slot without an engine, which lives as long as the process.
        (_, memory) = try image.withSlot(size: 1 << 16) {
            var linear = wasmtime_linear_memory_t()
            _ = terrarium_memory_creator().new_memory(nil, nil, 1 << 16, 1 << 16, 1 << 17, 1 << 16, &linear)
        }
    }

    func read(_ bytes: [UInt8]) {
        do {
            let text = String(decoding: bytes, as: UTF8.self)
            let outcome = try Outcome(text, memory: memory, limits: Limits())
            require(outcome.calls.calls.count <= Limits().maxListedCalls, "more calls than may be listed")
        } catch is MalformedMessage {
        } catch is GuestMemory.OutOfBounds {
        } catch {
            fatalError("\(error)")
        }
    }
}
