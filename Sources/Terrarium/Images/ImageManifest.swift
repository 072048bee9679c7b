// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// `manifest.json` of an image: the digests of the other files, and what is known of them.
struct ImageManifest: Codable {
    /// The layout of images that this version reads and writes.
    static let currentFormat = 2

    /// The most that a memory may have behind the contents of `memory.img`.
    ///
    /// These bytes are the image's own, so they do not count towards the memory limit of a sandbox: without a bound a
    /// manifest could lift every limit.
    static let maxZeroBytes = 256 << 20

    var format = currentFormat

    /// The SHA-256 of `component.wasm`, the linked component without its data.
    let component: String

    /// The SHA-256 of `memory.img`, the first bytes of the memory; what follows is zeros.
    let memory: String

    /// The size of the memory before a program runs, in bytes.
    let initialMemoryBytes: Int

    /// The words by which a time limit interrupts the program, if the component is CPython.
    let interruptWords: InterruptWords?

    /// The identity of the image: code and memory together.
    var identity: String { "\(component)+\(memory)" }

    /// The part that every layout has.
    private struct Header: Decodable {
        let format: Int
    }

    /// Reads the layout's version, whatever else there is.
    static func format(of decode: (any Decodable.Type) throws -> any Decodable) -> Int? {
        (try? decode(Header.self) as? Header)?.format
    }

    /// Makes sure that a memory of the image's size is one that a manifest may ask for.
    ///
    /// - Throws: `SandboxError` with the code `.invalidImage`.
    static func check(initialMemoryBytes: Int, contentBytes: Int, name: String) throws(SandboxError) {
        guard initialMemoryBytes >= 0, initialMemoryBytes <= Image.maxMemoryBytes,
            initialMemoryBytes.isMultiple(of: ImageMemory.wasmPageBytes)
        else {
            throw SandboxError(.invalidImage, "\(name) has no possible size of memory: \(initialMemoryBytes) bytes.")
        }
        let zeros = initialMemoryBytes - contentBytes
        guard zeros <= maxZeroBytes else {
            throw SandboxError(
                .invalidImage,
                "\(name) has \(zeros) bytes of memory without contents, and may have \(maxZeroBytes): they would be on top "
                    + "of the memory limit of each sandbox."
            )
        }
    }
}
