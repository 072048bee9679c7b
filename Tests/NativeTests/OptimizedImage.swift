// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Wasmtime

@testable import Terrarium
@testable import TerrariumCommands

/// An image of a small guest, once with the engine's code and once with optimised code.
struct OptimizedImage {
    let engine: Image
    let optimized: Image
    let cache: CodeCache

    /// Builds both of a component in text form.
    init(_ text: String, in folder: TemporaryFolder) async throws {
        let parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
        let cache = CodeCache(folder: folder.url.appending(path: "cache"))
        let component = try await HostTools.assemble(text, name: "component", in: folder)
        let destination = folder.url.appending(path: "image.terrarium")
        self.cache = cache
        (engine, optimized) = try await OwnThread.run {
            let builder = ImageBuilder(source: component, parts: parts, cache: cache)
            let engine = Image(try builder.build(to: destination))
            let digest = try CodeCache.digest(of: OpenFile(ImageFolder.component(destination)))
            try cache.noteOwnGuest(digest)
            let notes = ProgressNotes(isQuiet: true)
            try GuestOptimizer(parts: parts, cache: cache, jobs: 2, notes: notes).optimize(destination)
            let optimized = Image(try ImageFolder.load(destination, parts, cache) { _ in })
            return (engine, optimized)
        }
    }

    /// What comes of an expression, in words that are the same for both: the value, or the trap.
    static func outcome(of expression: String, in image: Image, limits: Limits = Limits()) throws -> String {
        try image.probe(limits: limits) { guest in
            do {
                return "\(try guest.evaluate(expression))"
            } catch let trap as Trap {
                return "trap: \(trap.code.map { "\($0)" } ?? trap.message)"
            } catch let error as SandboxError {
                return "\(error.code)"
            } catch let exit as GuestExit {
                return "exit \(exit.status)"
            }
        }
    }
}
