// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `terrarium optimize`: machine code that an optimising compiler makes of an image's guest.
struct OptimizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Compile an image with clang, so that its programs run about twice as fast.",
        discussion: """
            It takes some ten minutes of processor time at low priority. If it is interrupted, the same command goes on from \
            there. The next start uses the code; until then, and for images without such code, the engine's is used. Only \
            images of Terrarium's own guest, with packages added to it, are compiled this way.
            """
    )

    @Argument(help: "The image, NAME.terrarium; Terrarium's own Python if left out.")
    var image: String?

    @Option(help: ArgumentHelp("The number of files compiled at once.", valueName: "n"))
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("Write into this folder instead of the user's cache.", valueName: "folder"))
    var into: String?

    func run() async throws {
        let parts = try Parts.locate()
        let folder = image.map(ScriptFile.url) ?? parts.pythonImage
        let cache = into.map { CodeCache(folder: ScriptFile.url($0)) } ?? .standard(parts: parts)
        // What it does can wait for whatever else the machine does.
        _ = nice(10)
        let notes = ProgressNotes(isQuiet: false)
        defer { notes.finish() }
        let optimizer = try GuestOptimizer(parts: parts, cache: cache, jobs: max(1, jobs), notes: notes)
        try optimizer.optimize(folder)
    }
}
