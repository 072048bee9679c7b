// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Image {
    /// Loads an image from its folder, `NAME.terrarium`.
    ///
    /// The folder is data, and all of it is checked; its machine code is compiled here, once, and kept in the cache.
    ///
    /// - Parameters:
    ///   - folder: The image's folder. The files in it must not be written to while the image is in use; the folder may be
    ///     replaced by another.
    ///   - parts: Where the engine library is; found as ``Parts/locate()`` does if `nil`.
    ///   - cache: Where machine code is kept; ``CodeCache/standard(parts:)`` if `nil`.
    ///   - code: The machine code that programs run on.
    ///   - progress: Called on another thread when something starts that takes more than a moment.
    /// - Throws: `SandboxError` with the code `.invalidImage`, `.unreadableFile`, `.partsNotFound` or `.engine`.
    public convenience init(
        contentsOf folder: URL,
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        code: Code = .automatic,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws {
        self.init(
            try await OwnThread.run {
                let parts = try parts ?? Parts.locate()
                return try ImageFolder.load(folder, parts, cache ?? .standard(parts: parts), code, progress)
            }
        )
    }

    /// Writes the image as a folder, which appears under its name when it is complete.
    ///
    /// - Parameter folder: Where to; an image that is there is replaced, in one step.
    /// - Throws: `SandboxError` with the code `.unreadableFile` if a file cannot be written or something else than an image
    ///   is there.
    public func write(to folder: URL) async throws {
        _ = try await OwnThread.run { try ImageFolder.write(self.contents, to: folder) }
    }
}
