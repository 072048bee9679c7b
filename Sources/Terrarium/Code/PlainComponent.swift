// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import Wasmtime

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A component that runs as it is, without what makes a sandbox: compiled once, and kept in the same cache.
package struct PlainComponent: Sendable {
    /// The compiled component.
    package let component: Wasmtime.Component

    private static let pool = WorkerPool(maxThreads: 1)

    /// Loads a component, which is compiled if the cache does not have it.
    ///
    /// - Throws: `SandboxError` with the code `.invalidComponent`, `.unreadableFile`, `.partsNotFound` or `.engine`.
    package init(contentsOf file: URL, progress: @Sendable (Image.Progress) -> Void) throws {
        let parts = try Parts.locate()
        component = try EngineSettings.component(
            of: file,
            engine: EngineSettings.engine(library: parts.engineLibrary, usesSlots: false),
            cache: .standard(parts: parts),
            progress: progress
        ).component
    }

    /// Runs a closure that calls the guest on a thread with a stack that is large enough for it.
    package static func onGuestThread<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            pool.submit { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
