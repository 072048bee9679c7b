// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Image {
    /// The most that a memory with addresses of 32 bits can have.
    static let maxMemoryBytes = 1 << 32

    /// The size up to which the memory of a sandbox may grow: the image's own, and what the limit allows on top of it.
    func maxMemoryBytes(under limits: Limits) -> Int {
        let allowed = min(max(0, limits.memoryBytes), Self.maxMemoryBytes)
        return min(initialMemoryBytes + allowed, Self.maxMemoryBytes)
    }

    /// Makes sure that a state fits under the limit of the sandbox that is to continue from it.
    ///
    /// Nothing grows when a state is restored, so the engine, which looks only at growth, would not refuse it.
    ///
    /// - Throws: `SandboxError` with the code `.memoryLimitTooLow`.
    func checkMemory(of pages: MemoryPages, under limits: Limits) throws(SandboxError) {
        guard pages.size > maxMemoryBytes(under: limits) else { return }
        let used = max(0, pages.size - initialMemoryBytes)
        let allowed = max(0, limits.memoryBytes)
        throw SandboxError(
            .memoryLimitTooLow,
            "The state uses \(used.byteCountText) of memory on top of the image's own, and the memory limit is "
                + "\(allowed.byteCountText): raise the limit to restore it.",
            breach: LimitBreach(.memory, used: .bytes(used), allowed: .bytes(allowed))
        )
    }
}
