// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// `manifest.json` of an image: what the other files must be, and what is known of them.
struct ImageManifest: Codable {
    /// The layout of images that this version reads and writes.
    static let currentFormat = 1

    var format = currentFormat

    /// The SHA-256 of `component.wasm`, the linked component without its data.
    let component: String

    /// The SHA-256 of `memory.img`, the first bytes of the memory; what follows is zeros.
    let memory: String

    /// The size of the memory before a program runs, in bytes.
    let initialMemoryBytes: Int

    /// Where a time limit interrupts the program, where the component is CPython.
    let interruptWords: InterruptWords?

    /// The identity of the image: code and memory together.
    var identity: String { "\(component)+\(memory)" }
}
