// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Dispatch
import Synchronization
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The steps from an image to a library of optimised code in the cache.
///
/// Everything between is kept in a folder of the cache until the library is there, so that an interrupted run goes on.
struct GuestOptimizer {
    private let parts: Parts
    private let cache: CodeCache
    private let jobs: Int
    private let notes: ProgressNotes
    private let compiler: GuestCompiler

    init(parts: Parts, cache: CodeCache, jobs: Int, notes: ProgressNotes) throws {
        self.parts = parts
        self.cache = cache
        self.jobs = jobs
        self.notes = notes
        guard FileManager.default.isExecutableFile(atPath: parts.translator.appending(path: "wasm2c").path) else {
            throw CommandFailure.usage(
                "\(parts.translator.path) has no wasm2c: `make setup` in Terrarium's checkout fetches it."
            )
        }
        compiler = try GuestCompiler()
    }

    /// Optimises an image, unless it was before by the same compiler.
    func optimize(_ folder: URL) throws {
        let guest = try NativeCode.Guest(ofImage: folder, parts: parts, cache: cache)
        let description =
            "guest \(guest.digest), \(NativeCode.settings), \(compiler.version), "
            + GuestCompiler.options.joined(separator: " ")
        if NativeCode.description(of: guest, in: cache) == description {
            notes.say("\(folder.path) is optimised already.")
            return
        }
        let work = try NativeCode.workFolder(for: guest, in: cache)
        notes.begin("Translating the guest to C")
        let translation = try GuestTranslation(
            of: guest.component,
            in: work.appending(path: "c"),
            translator: parts.translator,
            description: description
        )
        let objects = try compile(translation, in: work.appending(path: "o"))
        notes.begin("Linking")
        let library = work.appending(path: "guest.so")
        try run(
            [compiler.path] + GuestCompiler.linkOptions + objects.map(\.path) + ["-o", library.path],
            "The optimised code could not be linked."
        )
        try NativeCode.keep(Array(Data(contentsOf: library)), of: guest, in: cache)
        try FileManager.default.removeItem(at: work)
        notes.finish()
        notes.say("The next start of \(folder.path) uses the optimised code.")
    }

    /// Compiles the files that are not compiled yet; answers all objects.
    private func compile(_ translation: GuestTranslation, in folder: URL) throws -> [URL] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let objects = try translation.sources.map { source in
            // By all that it is made from, so that what is left of an earlier run is used only if it is the same.
            let parts = [
                compiler.version, compiler.options(for: source, headers: []).joined(separator: " "),
                translation.headerDigest, CodeCache.digest(Array(try Data(contentsOf: source))),
            ]
            let key = CodeCache.digest(Array(parts.joined(separator: "\n").utf8))
            return folder.appending(path: "\(source.lastPathComponent).\(key.prefix(20)).o")
        }
        let missing = zip(translation.sources, objects).filter { !FileManager.default.fileExists(atPath: $1.path) }
        let headers = [translation.folder, parts.translator, parts.translator.appending(path: "include")]
        let total = objects.count
        let progress = Mutex((next: 0, done: total - missing.count, failure: (any Error)?.none))
        notes.begin("Compiling \(total) files, \(missing.count) of which are left")
        DispatchQueue.concurrentPerform(iterations: min(jobs, max(1, missing.count))) { _ in
            while true {
                let index = progress.withLock { state -> Int? in
                    guard state.failure == nil, state.next < missing.count else { return nil }
                    defer { state.next += 1 }
                    return state.next
                }
                guard let index else { return }
                let (source, object) = missing[index]
                do {
                    try compile(source, to: object, headers: headers)
                    let done = progress.withLock { state in
                        state.done += 1
                        return state.done
                    }
                    if done % 8 == 0 || done == total { notes.begin("Compiled \(done) of \(total) files") }
                } catch {
                    progress.withLock { $0.failure = $0.failure ?? error }
                }
            }
        }
        if let failure = progress.withLock({ $0.failure }) { throw failure }
        return objects
    }

    /// Compiles a file; the object appears under its name when it is complete.
    private func compile(_ source: URL, to object: URL, headers: [URL]) throws {
        let temporary = object.appendingPathExtension("\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: temporary) }
        try run(
            [compiler.path] + compiler.options(for: source, headers: headers)
                + ["-c", source.path, "-o", temporary.path],
            "\(source.lastPathComponent) could not be compiled."
        )
        try FileManager.default.moveItem(at: temporary, to: object)
    }

    private func run(_ arguments: [String], _ problem: String) throws {
        guard try HostProgram.run(arguments, for: "to optimise an image") == 0 else {
            throw CommandFailure(message: problem, exitCode: .failure)
        }
    }
}
