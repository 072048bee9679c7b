// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Terrarium

/// The cache by itself, with a compiler that turns bytes around; EndToEndTests has it with the engine.
struct CodeCacheTests {
    let folder: TemporaryFolder
    let component: URL
    let compilations = Counter()

    final class Counter: Sendable {
        let count = Mutex(0)
        var value: Int { count.withLock(\.self) }
        func increment() { count.withLock { $0 += 1 } }
    }

    init() throws {
        folder = try TemporaryFolder()
        component = try folder.write("component.wasm", "component")
    }

    var cacheFolder: URL { folder.url.appending(path: "code") }
    var cache: CodeCache { CodeCache(folder: cacheFolder) }

    /// Code that was loaded.
    struct Loaded: Equatable {
        let path: String
        let text: String
        let initialMemoryBytes: Int

        init(_ known: CodeCache.Known) throws {
            path = known.code.path
            text = String(decoding: try known.code.contents(), as: UTF8.self)
            initialMemoryBytes = known.initialMemoryBytes
        }

        var url: URL { URL(filePath: path) }
    }

    func code(
        in cache: CodeCache? = nil,
        settings: String = "settings",
        canLoad: (CodeCache.Known) -> Bool = { _ in true }
    ) throws -> Loaded {
        let bytes = Array(try Data(contentsOf: component))
        let source = CodeCache.Source(digest: CodeCache.digest(bytes), name: component.path)
        return try (cache ?? self.cache).load(source, settings: settings) { known in
            canLoad(known) ? try Loaded(known) : nil
        } compile: {
            compilations.increment()
            return CodeCache.Compiled(code: bytes.reversed(), initialMemoryBytes: bytes.count)
        }
    }

    @Test("What was compiled is kept, with what is known of it")
    func keeps() throws {
        for _ in 0..<3 {
            let known = try code()
            #expect(known.text == "tnenopmoc")
            #expect(known.initialMemoryBytes == 9)
        }
        #expect(compilations.value == 1)
        #expect(cache.entries().map(\.source) == [component.path])
        #expect(cache.entries().map(\.byteCount) == [9])
    }

    @Test("Other contents and other settings are other code, and the old stays")
    func identity() throws {
        let first = try code()
        let other = try code(settings: "other settings")
        #expect(first.path != other.path)
        try folder.write("component.wasm", "changed")
        let changed = try code()
        #expect(changed.text == "degnahc")
        #expect(compilations.value == 3)
        #expect(cache.entries().count == 3)
        try folder.write("component.wasm", "component")
        #expect(try code() == first)
        #expect(compilations.value == 3)
    }

    /// Waits for the clock of the file system, which advances every few milliseconds only.
    private func waitForLaterFileTimes() throws {
        let file = try folder.write("clock", "")
        let first = FileIdentity(path: file.path)
        while FileIdentity(path: file.path) == first { try Data().write(to: file) }
    }

    @Test("Code that was altered in place is compiled again, even if its dates were set back")
    func altered() throws {
        let known = try code()
        let before = try FileManager.default.attributesOfItem(atPath: known.path)
        try waitForLaterFileTimes()
        let handle = try FileHandle(forUpdating: known.url)
        try handle.write(contentsOf: Data("T".utf8))
        try handle.close()
        try FileManager.default.setAttributes(
            [.modificationDate: try #require(before[.modificationDate])],
            ofItemAtPath: known.path
        )
        #expect(try code().text == "tnenopmoc")
        #expect(compilations.value == 2)
    }

    @Test("A record that is damaged or missing makes its code worthless")
    func record() throws {
        let known = try code()
        let record = known.url.deletingPathExtension().appendingPathExtension("record")
        try Data("{}".utf8).write(to: record)
        _ = try code()
        #expect(compilations.value == 2)
        try FileManager.default.removeItem(at: record)
        _ = try code()
        #expect(compilations.value == 3)
    }

    @Test("Code that came with an installed copy is used and never written to")
    func installed() throws {
        _ = try code()
        let installed = folder.url.appending(path: "installed")
        try FileManager.default.moveItem(at: cacheFolder, to: installed)
        let before = try FileManager.default.contentsOfDirectory(atPath: installed.path).sorted()
        let both = CodeCache(folder: folder.url.appending(path: "user"), installed: installed)
        #expect(try code(in: both).path.hasPrefix(installed.path))
        #expect(compilations.value == 1)
        #expect(try code(in: both, settings: "other").path.hasPrefix(folder.url.appending(path: "user").path))
        #expect(compilations.value == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: installed.path).sorted() == before)
    }

    @Test("A failed compilation leaves nothing behind and can be tried again")
    func failure() throws {
        struct Failure: Error {}
        let source = CodeCache.Source(digest: "digest", name: "name")
        #expect(throws: Failure.self) {
            try cache.load(source, settings: "settings") { _ in
                1
            } compile: {
                throw Failure()
            }
        }
        #expect(cache.entries().isEmpty)
        _ = try code()
        #expect(compilations.value == 1)
    }

    @Test("Several threads that want the same code compile it once")
    func concurrent() async throws {
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try code().path } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(paths.count == 1)
        #expect(compilations.value == 1)
    }

    @Test("Code of another processor is made anew; an installed copy of it stays, and is passed over")
    func otherProcessor() throws {
        let first = try code()
        #expect(throws: SandboxError.self) { try code(canLoad: { _ in false }) }
        #expect(compilations.value == 2)
        let installed = folder.url.appending(path: "installed")
        try FileManager.default.moveItem(at: cacheFolder, to: installed)
        let both = CodeCache(folder: folder.url.appending(path: "user"), installed: installed)
        for _ in 0..<2 {
            let own = try code(in: both, canLoad: { !$0.code.path.hasPrefix(installed.path) })
            #expect(own.text == first.text && !own.path.hasPrefix(installed.path))
        }
        #expect(compilations.value == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: installed.path).contains { $0.hasSuffix(".cwasm") })
    }

    @Test("Without a folder nothing is kept, and code is made each time")
    func noFolder() throws {
        let nowhere = CodeCache(folder: nil, installed: nil)
        for _ in 0..<2 { #expect(try code(in: nowhere).text == "tnenopmoc") }
        #expect(compilations.value == 2)
        #expect(nowhere.entries().isEmpty)
        try nowhere.clear()
    }

    @Test("Digests are remembered by a file's identity, and memos of files that are gone are removed")
    func memos() throws {
        let first = try cache.contentDigest(of: OpenFile(component))
        #expect(first == CodeCache.digest(Array("component".utf8)))
        func memos() throws -> [URL] {
            try FileManager.default.contentsOfDirectory(at: cacheFolder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "source" }
        }
        let memo = try #require(try memos().first)
        // What the memo says is believed, as long as the file is the one that it was written for.
        let known = try #require(CodeCache.KnownSource(in: memo))
        CodeCache.KnownSource(path: known.path, identity: known.identity, digest: "remembered").write(to: memo)
        #expect(try cache.contentDigest(of: OpenFile(component)) == "remembered")
        try waitForLaterFileTimes()
        try folder.write("component.wasm", "componenT")
        #expect(try cache.contentDigest(of: OpenFile(component)) == CodeCache.digest(Array("componenT".utf8)))
        // Neither one that others can write to, nor one behind a link.
        CodeCache.KnownSource(
            path: known.path,
            identity: try OpenFile(component).identity,
            digest: "forged"
        ).write(to: memo)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: memo.path)
        #expect(try cache.contentDigest(of: OpenFile(component)) == CodeCache.digest(Array("componenT".utf8)))
        try FileManager.default.moveItem(at: memo, to: folder.url.appending(path: "memo"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644],
            ofItemAtPath: folder.url.appending(path: "memo").path
        )
        try FileManager.default.createSymbolicLink(at: memo, withDestinationURL: folder.url.appending(path: "memo"))
        #expect(try cache.contentDigest(of: OpenFile(component)) == CodeCache.digest(Array("componenT".utf8)))

        let gone = try folder.write("gone.wasm", "gone")
        _ = try cache.contentDigest(of: OpenFile(gone))
        #expect(try memos().count == 2)
        try FileManager.default.removeItem(at: gone)
        _ = try code()
        #expect(try memos() == [memo])
    }

    @Test("Locks are there only while they are held; those that are left over go, those that are held stay")
    func locks() throws {
        _ = try code()
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: cacheFolder.path).filter { $0.hasSuffix(".lock") }
        }
        #expect(try names() == [])
        let (left, held) = (cacheFolder.appending(path: "left.lock"), cacheFolder.appending(path: "held.lock"))
        try Data().write(to: left)
        try FileLock.withLock(path: held.path) {
            _ = try code(settings: "others")
            #expect(try names() == ["held.lock"])
        }
        #expect(try names() == [])
    }

    @Test("Clearing removes all, and there may be nothing to remove")
    func clear() throws {
        try cache.clear()
        _ = try code()
        try cache.clear()
        #expect(cache.entries().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: cacheFolder.path))
    }

    @Test("A folder that cannot be made is an error that names it")
    func unreadable() throws {
        let inFile = CodeCache(folder: component.appending(path: "code"))
        let second = #expect(throws: SandboxError.self) { try code(in: inFile) }
        #expect(second?.code == .unreadableFile)
        #expect(second?.message.contains(component.path) == true)
    }
}
