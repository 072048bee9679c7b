// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium cache`: the machine code that is kept between runs.
struct CacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Lists, fills or clears the compiled code that is kept between runs.",
        subcommands: [List.self, Add.self, Clear.self],
        defaultSubcommand: List.self
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what is in the cache.")

        func run() throws {
            let cache = CodeCache.standard(parts: try Parts.locate())
            guard let folder = cache.folder else {
                StandardStream.output.print("There is no cache folder: neither HOME nor XDG_CACHE_HOME is set.")
                return
            }
            StandardStream.output.print(folder.path)
            for entry in cache.entries() {
                let size = "\(entry.byteCount >> 20) MiB"
                StandardStream.output.print("  \(entry.source ?? "unknown")  \(size)  \(entry.code.lastPathComponent)")
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compile a component now, so that its first run is fast."
        )

        @Argument(help: "The component; Terrarium's own Python if left out.")
        var component: String?

        @Option(help: ArgumentHelp("Write into this folder instead of the user's.", valueName: "folder"))
        var into: String?

        func run() async throws {
            let notes = ProgressNotes(isQuiet: false)
            defer { notes.finish() }
            let parts = try Parts.locate()
            let cache = into.map { CodeCache(folder: ScriptFile.url($0)) }
            if let component {
                let file = ScriptFile.url(component)
                _ = try await CompiledComponent(contentsOf: file, parts: parts, cache: cache, progress: notes.note)
            } else {
                _ = try await Image(contentsOf: parts.pythonImage, parts: parts, cache: cache, progress: notes.note)
            }
        }
    }

    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove all that is in the cache.")

        func run() throws {
            let cache = CodeCache.standard(parts: try Parts.locate())
            let entries = cache.entries()
            try cache.clear()
            let size = entries.reduce(0) { $0 + $1.byteCount }
            StandardStream.output.print("Removed \(entries.count) entries, \(size >> 20) MiB.")
        }
    }
}
