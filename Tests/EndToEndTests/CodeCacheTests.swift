// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// The machine code that is kept between runs.
@Suite(.timeLimit(.minutes(5)))
struct CodeCacheTests {
    private let folder: TemporaryFolder
    private let component: URL
    private let variables: [String: String]

    init() async throws {
        folder = try TemporaryFolder()
        component = try await HostTools.assemble(SmallComponents.sandbox, name: "small", in: folder)
        variables = ["XDG_CACHE_HOME": folder.url.path, "TERRARIUM_PARTS": try HostTools.partsFolder]
    }

    private func run(_ arguments: [String] = []) async throws -> Subprocess {
        try await TerrariumBinary.run(["--component", component.path] + arguments + ["1"], variables: variables)
    }

    private var codeFiles: [URL] {
        get throws {
            let code = folder.url.appending(path: "terrarium/code")
            return try FileManager.default.contentsOfDirectory(at: code, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "cwasm" }
        }
    }

    @Test("A component is compiled once, and again only when its contents change")
    func compilesOnce() async throws {
        #expect(try await run().errorText.hasPrefix("Compiling small.wasm"))
        #expect(try await run().errorText == "")

        try FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: component.path)
        #expect(try await run().errorText == "")

        let other = SmallComponents.sandbox.replacing("[1, 2]", with: "[3, 4]")
        _ = try await HostTools.assemble(other, name: "small", in: folder)
        let changed = try await run()
        #expect(changed.errorText.hasPrefix("Compiling small.wasm"))
        #expect(changed.outputText == "result: [3, 4]\n")
    }

    @Test("Damaged, truncated, foreign and world-writable code is compiled again, never run")
    func untrusted() async throws {
        _ = try await run()
        let code = try #require(try codeFiles.first)
        let good = try Data(contentsOf: code)

        var flipped = good
        flipped[good.count / 2] ^= 0xFF
        let damages: [(String, () throws -> Void)] = [
            ("flipped byte", { try flipped.write(to: code) }),
            ("truncated", { try good.prefix(good.count / 2).write(to: code) }),
            ("empty", { try Data().write(to: code) }),
            ("another program", { try Data("#!/bin/sh".utf8).write(to: code) }),
            (
                "writable by all",
                { try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: code.path) }
            ),
        ]
        for (name, damage) in damages {
            try damage()
            let result = try await run()
            #expect(result.errorText.hasPrefix("Compiling small.wasm"), "\(name)")
            #expect(result.outputText == "result: [1, 2]\n", "\(name)")
        }
    }

    @Test("Code that was copied elsewhere is recognised by its contents")
    func copied() async throws {
        _ = try await run()
        let cache = folder.url.appending(path: "terrarium")
        let moved = folder.url.appending(path: "moved")
        try FileManager.default.copyItem(at: cache, to: moved)
        try FileManager.default.removeItem(at: cache)
        try FileManager.default.moveItem(at: moved, to: cache)
        #expect(try await run().errorText == "")
    }

    @Test("Several first runs at once compile once and all succeed")
    func concurrentFirstRuns() async throws {
        let results = try await withThrowingTaskGroup(of: Subprocess.self) { group in
            for _ in 0..<8 { group.addTask { try await run() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0.outputText == "result: [1, 2]\n" })
        #expect(results.count { !$0.errorText.isEmpty } == 1)
    }

    @Test("The cache can be listed and cleared")
    func listAndClear() async throws {
        _ = try await run()
        let list = try await TerrariumBinary.run(["cache"], variables: variables)
        #expect(list.outputText.contains(component.path))
        let clear = try await TerrariumBinary.run(["cache", "clear"], variables: variables)
        #expect(clear.outputText.hasPrefix("Removed 1 entries"))
        #expect(try await run().errorText.hasPrefix("Compiling small.wasm"))
    }
}
