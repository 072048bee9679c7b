// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Image {
    /// Makes an image of this one in which some code has already run.
    ///
    /// It takes as long as that code runs. The machine code is shared with this image, on disk as well as in memory, and
    /// the pages of memory that the code did not change are the same.
    ///
    ///     let symbolic = try await image.derived { sandbox in
    ///         _ = try await sandbox.run("import sympy").decode(PythonValue.self)
    ///     }
    ///
    /// - Parameters:
    ///   - limits: The limits of the code; by default no limit on time and 1 GiB of memory, since it is the host's own.
    ///   - prepare: Brings a sandbox into the state that those of the new image will start with.
    /// - Returns: The new image; ``write(to:)`` stores it.
    /// - Throws: What the closure throws.
    public func derived(
        limits: Limits = .forSetUp,
        _ prepare: (Sandbox) async throws -> Void
    ) async throws -> Image {
        let sandbox = Sandbox(self, limits: limits)
        try await prepare(sandbox)
        try await sandbox.forget()
        let snapshot = try await sandbox.snapshot()
        // Copying and hashing all of the memory is not for Swift's own threads.
        return try await OwnThread.run { try self.frozen(snapshot) }
    }

    /// An image whose sandboxes start where a snapshot of this image was made.
    private func frozen(_ snapshot: Snapshot) throws -> Image {
        var bytes = unsafe Array(memory.bytes)
        let pages = snapshot.pages
        let end = ((pages.numbers.last ?? -1) + 1) * ImageMemory.pageBytes
        if end > bytes.count {
            let length = (end + ImageMemory.wasmPageBytes - 1) / ImageMemory.wasmPageBytes * ImageMemory.wasmPageBytes
            bytes += [UInt8](repeating: 0, count: length - bytes.count)
        }
        unsafe bytes.withUnsafeMutableBytes { unsafe pages.apply(to: $0) }
        return Image(
            Contents(
                identity: "\(componentDigest)+\(CodeCache.digest(bytes))",
                runtime: runtime,
                memory: try ImageMemory(bytes: bytes),
                initialMemoryBytes: pages.size,
                interruptWords: interruptWords,
                component: contents.component
            )
        )
    }
}

extension Limits {
    /// For set-up code of the host's own: no limit on time, 1 GiB of memory.
    public static var forSetUp: Limits {
        var limits = Limits()
        limits.time = nil
        limits.memoryBytes = 1 << 30
        return limits
    }
}

extension Sandbox {
    /// Has the guest forget all that is only about this sandbox: its limits, and the seed of random numbers.
    ///
    /// The next call seeds them afresh, as the first call in a new sandbox does.
    func forget() async throws {
        guard suspended == nil else { throw Self.busy }
        try await operation {
            let limits = Limits()
            let request = try GuestRequest.configure([], limits: limits, answersInput: false)
            let configuration = ProgramRun.Configuration(request: request, quotas: limits)
            try interpreter.call { guest in
                try interpreter.configure(configuration, guest)
                try guest.seed(.forgetSeed)
            }
        }
    }
}
