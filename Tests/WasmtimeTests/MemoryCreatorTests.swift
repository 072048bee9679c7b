// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime
import Foundation
import Synchronization
import Testing
import Wasmtime

struct MemoryCreatorTests {
    /// What the creator's callbacks find behind their environment: one mapping per memory.
    // @unchecked: a memory is used by the thread that uses its store.
    private final class Memory: @unchecked Sendable {
        static let live = Mutex<[Memory]>([])
        let start: UnsafeMutableRawPointer
        let reserved: Int
        var size: Int

        init?(minimum: Int, reserved: Int) {
            guard let start = mmap(nil, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0), start != MAP_FAILED,
                mprotect(start, minimum, PROT_READ | PROT_WRITE) == 0
            else { return nil }
            self.start = start
            self.reserved = reserved
            size = minimum
        }

        deinit { munmap(start, reserved) }
    }

    private static func memory(_ environment: UnsafeMutableRawPointer?) -> Memory? {
        environment.map { Unmanaged<Memory>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func creator() -> HostMemoryCreator {
        var creator = wasmtime_memory_creator_t()
        creator.new_memory = { _, _, minimum, _, reserved, guardSize, out in
            guard let memory = Memory(minimum: minimum, reserved: reserved + guardSize) else {
                return Int(bitPattern: wasmtime_error_new("no memory"))
            }
            Memory.live.withLock { $0.append(memory) }
            out?.pointee.env = Unmanaged.passRetained(memory).toOpaque()
            out?.pointee.get_memory = { environment, size, capacity in
                guard let memory = MemoryCreatorTests.memory(environment) else { return 0 }
                size?.pointee = memory.size
                capacity?.pointee = memory.reserved
                return Int(bitPattern: memory.start)
            }
            out?.pointee.grow_memory = { environment, size in
                guard let memory = MemoryCreatorTests.memory(environment),
                    mprotect(memory.start, size, PROT_READ | PROT_WRITE) == 0
                else { return Int(bitPattern: wasmtime_error_new("cannot grow")) }
                memory.size = size
                return 0
            }
            out?.pointee.finalizer = { environment in
                guard let environment else { return }
                let memory = Unmanaged<Memory>.fromOpaque(environment).takeRetainedValue()
                Memory.live.withLock { $0.removeAll { $0 === memory } }
            }
            return 0
        }
        return HostMemoryCreator(creator)
    }

    @Test("Guests live in memories that the host made")
    func memories() throws {
        let engine = try TestEngine.make {
            $0.memoryCreator = Self.creator()
            $0.memoryReservationBytes = 16 << 20
            $0.memoryGuardBytes = 64 << 10
        }
        do {
            let instance = try TestEngine.instance(EchoComponent("string", "i32", "i32").text, engine) { linker in
                try linker.withRoot { try $0.define("host") { _, arguments in arguments.first } }
            }
            #expect(Memory.live.withLock { $0.count } == 1)
            let text = String(repeating: "grow", count: 50_000)
            #expect(try instance.function("run").call(.string(text)) == .string(text))
            let memory = try #require(Memory.live.withLock { $0.first })
            #expect(memory.size > 65536)
            // The first argument was written behind the guest's heap base.
            #expect(Data(bytes: memory.start + 1024, count: 8) == Data("growgrow".utf8))
        }
        #expect(Memory.live.withLock { $0.isEmpty })
    }
}
