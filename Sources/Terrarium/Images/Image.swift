// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A program interpreter, compiled and ready: what sandboxes are made from.
///
/// An image is a memory with the machine code that works on it, and a sandbox is a copy of the memory that shares all
/// pages that it did not write to. One image serves any number of sandboxes at once, from any thread. It is stored as a
/// folder, `NAME.terrarium`; see ``init(contentsOf:parts:cache:code:progress:)`` and ``derived(limits:_:)``.
///
/// All images of a process share an engine and the threads that programs run on; see ``GuestThreads``.
public final class Image: Sendable {
    /// The steps of loading or building an image that take a while.
    public enum Progress: Sendable {
        /// The modules of a component are linked into one that has WASI inside.
        case linking(component: URL)
        /// Machine code is made of the component, which happens once and takes seconds.
        case compiling(component: URL)
    }

    /// The SHA-256 of code and memory, by which a snapshot knows its image.
    public var identity: String { contents.identity }

    /// The SHA-256 of the code alone, which images derived from one another share.
    package var componentDigest: String { identity.split(separator: "+").first.map(String.init) ?? "" }

    /// All that an image is made of.
    struct Contents: Sendable {
        let identity: String
        let runtime: ImageRuntime
        let memory: ImageMemory
        /// Bytes of memory that a sandbox has before its program runs.
        let initialMemoryBytes: Int
        let interruptWords: InterruptWords?
        /// The component, linked and without data, for images made from this one.
        let component: ComponentSource
    }

    /// The place of the bytes of an image's component.
    enum ComponentSource: Sendable {
        /// In memory, while the image is built.
        case bytes([UInt8])
        /// In a file that stays open, so that it is there even if the image's folder is replaced.
        case file(OpenFile)

        func bytes() throws(SandboxError) -> [UInt8] {
            switch self {
            case .bytes(let bytes): bytes
            case .file(let file): try file.contents()
            }
        }
    }

    let contents: Contents

    var runtime: ImageRuntime { contents.runtime }
    var memory: ImageMemory { contents.memory }
    var interruptWords: InterruptWords? { contents.interruptWords }
    var initialMemoryBytes: Int { contents.initialMemoryBytes }

    init(_ contents: Contents) {
        self.contents = contents
    }

    /// The Python image that comes with Terrarium.
    ///
    /// - Parameters:
    ///   - parts: Where its files are; found as ``Parts/locate()`` does if `nil`.
    ///   - code: The machine code that programs run on.
    ///   - progress: Called on another thread when something starts that takes more than a moment.
    /// - Returns: The image.
    /// - Throws: `SandboxError` with the code `.partsNotFound` or `.engine`.
    public static func python(
        parts: Parts? = nil,
        code: Code = .automatic,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Image {
        let parts = try parts ?? Parts.locate()
        guard FileManager.default.fileExists(atPath: parts.pythonImage.path) else {
            throw SandboxError(
                .partsNotFound,
                "The Python image \(parts.pythonImage.path) is missing. " + Parts.remedy
            )
        }
        return try await Image(contentsOf: parts.pythonImage, parts: parts, code: code, progress: progress)
    }
}
