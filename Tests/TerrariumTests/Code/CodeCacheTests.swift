// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Terrarium

/// The cache by itself, with a compiler that turns bytes around; EndToEndTests has it with the engine.
struct CodeCacheTests {
    private let folder: TemporaryFolder
    private let component: URL
    private let compilations = Counter()

    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock(\.self) }
        func increment() { count.withLock { $0 += 1 } }
    }

    init() throws {
        folder = try TemporaryFolder()
        component = try folder.write("component.wasm", "component")
    }

    private var cache: CodeCache { CodeCache(folder: folder.url.appending(path: "code")) }

    private func code(in cache: CodeCache? = nil, settings: String = "settings") throws -> CodeCache.Known {
        try (cache ?? self.cache).code(of: component, settings: settings) { bytes in
            compilations.increment()
            return CodeCache.Compiled(code: Data(bytes.reversed()), initialMemoryBytes: bytes.count)
        }
    }

    @Test("What was compiled is kept, with what is known of it")
    func keeps() throws {
        for _ in 0..<3 {
            let known = try code()
            #expect(try Data(contentsOf: known.code) == Data("tnenopmoc".utf8))
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
        #expect(first.code != other.code)
        try folder.write("component.wasm", "changed")
        let changed = try code()
        #expect(try Data(contentsOf: changed.code) == Data("degnahc".utf8))
        #expect(compilations.value == 3)
        #expect(cache.entries().count == 3)
        try folder.write("component.wasm", "component")
        #expect(try code().code == first.code)
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
        let before = try FileManager.default.attributesOfItem(atPath: known.code.path)
        try waitForLaterFileTimes()
        let handle = try FileHandle(forUpdating: known.code)
        try handle.write(contentsOf: Data("T".utf8))
        try handle.close()
        try FileManager.default.setAttributes(
            [.modificationDate: try #require(before[.modificationDate])],
            ofItemAtPath: known.code.path
        )
        #expect(try Data(contentsOf: code().code) == Data("tnenopmoc".utf8))
        #expect(compilations.value == 2)
    }

    @Test("A record that is damaged or missing makes its code worthless")
    func record() throws {
        let known = try code()
        let record = known.code.deletingPathExtension().appendingPathExtension("record")
        try Data("{}".utf8).write(to: record)
        _ = try code()
        #expect(compilations.value == 2)
        try FileManager.default.removeItem(at: record)
        _ = try code()
        #expect(compilations.value == 3)
    }

    @Test("A folder that others can write to is not used")
    func folderOfOthers() throws {
        _ = try code()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: cache.folder.path)
        let error = #expect(throws: SandboxError.self) { try code() }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message.contains(cache.folder.path) == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: cache.folder.path)
        _ = try code()
        #expect(compilations.value == 1)
    }

    @Test("Code that came with an installed copy is used and never written to")
    func installed() throws {
        _ = try code()
        let installed = folder.url.appending(path: "installed")
        try FileManager.default.moveItem(at: cache.folder, to: installed)
        let before = try FileManager.default.contentsOfDirectory(atPath: installed.path).sorted()
        let both = CodeCache(folder: folder.url.appending(path: "user"), installed: installed)
        #expect(try code(in: both).code.path.hasPrefix(installed.path))
        #expect(compilations.value == 1)
        #expect(try code(in: both, settings: "other").code.path.hasPrefix(both.folder.path))
        #expect(compilations.value == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: installed.path).sorted() == before)
    }

    @Test("A failed compilation leaves nothing behind and can be tried again")
    func failure() throws {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try cache.code(of: component, settings: "settings") { _ in throw Failure() }
        }
        #expect(cache.entries().isEmpty)
        _ = try code()
        #expect(compilations.value == 1)
    }

    @Test("Several threads that want the same code compile it once")
    func concurrent() async throws {
        let paths = try await withThrowingTaskGroup(of: URL.self) { group in
            for _ in 0..<16 { group.addTask { try code().code } }
            return try await group.reduce(into: Set<URL>()) { $0.insert($1) }
        }
        #expect(paths.count == 1)
        #expect(compilations.value == 1)
    }

    @Test("Code that the engine cannot use is forgotten")
    func forget() throws {
        _ = try code()
        try cache.forget(component, settings: "settings")
        #expect(cache.entries().isEmpty)
        _ = try code()
        #expect(compilations.value == 2)
    }

    @Test("Clearing removes all, and there may be nothing to remove")
    func clear() throws {
        try cache.clear()
        _ = try code()
        try cache.clear()
        #expect(cache.entries().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: cache.folder.path))
    }

    @Test("A file that is missing and a folder that cannot be made are errors that name them")
    func unreadable() throws {
        let missing = folder.url.appending(path: "missing.wasm")
        let first = #expect(throws: SandboxError.self) {
            try cache.code(of: missing, settings: "") { _ in CodeCache.Compiled(code: Data(), initialMemoryBytes: 0) }
        }
        #expect(first?.code == .unreadableFile)
        #expect(first?.message.contains(missing.path) == true)
        let inFile = CodeCache(folder: component.appending(path: "code"))
        let second = #expect(throws: SandboxError.self) { try code(in: inFile) }
        #expect(second?.code == .unreadableFile)
        #expect(second?.message.contains(inFile.folder.path) == true)
    }
}
