// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import Wasmtime

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A component for `terrarium run`, which calls whatever it exports: compiled once, and kept in the same cache as images.
package struct CompiledComponent: Sendable {
    /// The compiled component.
    package let component: Wasmtime.Component

    /// The bytes of memory that it starts with.
    let initialMemoryBytes: Int

    let shared: SharedEngine

    /// Loads a component, which is compiled if the cache does not have it.
    ///
    /// - Throws: `SandboxError` with the code `.invalidComponent`, `.unreadableFile`, `.partsNotFound` or `.engine`.
    package init(
        contentsOf file: URL,
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        progress: @escaping @Sendable (Image.Progress) -> Void
    ) async throws {
        self = try await OwnThread.run {
            let parts = try parts ?? Parts.locate()
            return try Self(file, parts, cache ?? .standard(parts: parts), progress)
        }
    }

    private init(_ file: URL, _ parts: Parts, _ cache: CodeCache, _ progress: (Image.Progress) -> Void) throws {
        let source = try OpenFile(file)
        shared = try SharedEngine.engine(.plain, library: parts.engineLibrary)
        (component, initialMemoryBytes) = try shared.component(
            CodeCache.Source(digest: cache.contentDigest(of: source), name: file.path),
            cache: cache,
            bytes: source.contents,
            check: { try ComponentSummary(of: $0, name: file.path).initialMemoryBytes },
            progress: { progress(.compiling(component: file)) }
        )
    }

    /// Runs a closure that calls the guest on a thread with a stack that is large enough for it.
    package static func onGuestThread<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            GuestThreads.pool.submit { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
