// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Image {
    /// Runs a closure with an interpreter of the image that is thrown away afterwards, on a thread for guests.
    ///
    /// For threads that may wait: while an image is built, and in tests.
    func probe<Result: Sendable>(
        limits: Limits = Limits(),
        determinism: Determinism? = nil,
        _ body: @escaping @Sendable (GuestInstance) throws -> Result
    ) throws -> Result {
        try runtime.workers.run {
            let clock = SandboxClock(determinism.map { VirtualWorld($0) })
            let context = SandboxContext(host: ProgramHost(limits: limits), clock: clock)
            try context.deadline.start(limits)
            return try body(GuestInstance(self, memory: self.memory, pages: nil, limits: limits, context: context))
        }
    }
}

extension [UInt8] {
    /// The four bytes at an offset, which are there, as a number of a guest's memory.
    func word(at offset: UInt32) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[Int(offset) + $1]) << (8 * UInt32($1)) }
    }
}
