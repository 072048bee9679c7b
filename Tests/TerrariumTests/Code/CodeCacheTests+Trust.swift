// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Terrarium

/// Folders and files of others, which are not trusted.
extension CodeCacheTests {
    @Test("A folder that others can write to is not used")
    func folderOfOthers() throws {
        _ = try code()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: cacheFolder.path)
        let error = #expect(throws: SandboxError.self) { try code() }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message.contains(cacheFolder.path) == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: cacheFolder.path)
        _ = try code()
        #expect(compilations.value == 1)
    }

    @Test("A link in the place of code, and code that others may write to, are not loaded")
    func untrustedFiles() throws {
        let known = try code()
        let elsewhere = try folder.write("elsewhere", "tnenopmoc")
        try FileManager.default.removeItem(at: known.url)
        try FileManager.default.createSymbolicLink(at: known.url, withDestinationURL: elsewhere)
        #expect(try code().text == "tnenopmoc")
        #expect(compilations.value == 2)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: known.path)
        _ = try code()
        #expect(compilations.value == 3)
    }

    @Test("A folder above the cache that others can write to is refused, since they could exchange the cache")
    func folderAbove() throws {
        let open = folder.url.appending(path: "open")
        try FileManager.default.createDirectory(at: open, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open.path)
        let error = #expect(throws: SandboxError.self) { try code(in: CodeCache(folder: open.appending(path: "code"))) }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message.contains(open.path) == true)
    }

    @Test("Files of the cache are the user's alone and found again, whatever the process lets others write to")
    func openMask() async {
        await #expect(processExitsWith: .success) {
            umask(0)
            let template = FileManager.default.temporaryDirectory.appending(path: "terrarium-test-XXXXXX").path
            var path = Array(template.utf8CString)
            #expect(mkdtemp(&path) != nil)
            let folder = URL(filePath: String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
            defer { try? FileManager.default.removeItem(at: folder) }
            let cache = CodeCache(folder: folder.appending(path: "terrarium/code"))
            let component = folder.appending(path: "component.wasm")
            try Data("component".utf8).write(to: component)
            let file = try OpenFile(component)
            var compilations = 0
            for _ in 0..<3 {
                let source = CodeCache.Source(digest: try cache.contentDigest(of: file), name: component.path)
                _ = try cache.load(source, settings: "settings") {
                    $0.code.path
                } compile: {
                    compilations += 1
                    return CodeCache.Compiled(code: [1, 2, 3], initialMemoryBytes: 1)
                }
            }
            #expect(compilations == 1)
            let memos = try FileManager.default.contentsOfDirectory(
                at: cache.folder ?? folder,
                includingPropertiesForKeys: nil
            )
            #expect(Set(memos.map(\.pathExtension)) == ["cwasm", "record", "source"])
            for memo in memos {
                let mode = try FileManager.default.attributesOfItem(atPath: memo.path)[.posixPermissions] as? Int
                #expect((mode ?? 0o777) & 0o022 == 0, "\(memo.lastPathComponent)")
                #expect(try OpenFile(memo).isTrusted)
            }
        }
    }

    @Test(
        "A folder of somebody else's is refused, on the way as well as at its end",
        .enabled(if: geteuid() == 0, "only the superuser can give files away")
    )
    func foreignOwner() throws {
        let foreign = folder.url.appending(path: "foreign")
        let inside = foreign.appending(path: "code")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        for path in [foreign, inside] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path)
        }
        _ = try code(in: CodeCache(folder: inside))
        for path in [inside, foreign] {
            #expect(chown(path.path, 12_345, 12_345) == 0)
            let error = #expect(throws: SandboxError.self) { try code(in: CodeCache(folder: inside)) }
            #expect(error?.code == .unreadableFile)
            #expect(error?.message.contains(path.path) == true)
            #expect(chown(path.path, 0, 0) == 0)
        }
        #expect(compilations.value == 1)
        // A group that others may be in, and files of somebody else's in a folder that is safe.
        #expect(chown(inside.path, 0, 12_345) == 0)
        try FileManager.default.setAttributes([.posixPermissions: 0o775], ofItemAtPath: inside.path)
        #expect(throws: SandboxError.self) { try code(in: CodeCache(folder: inside)) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: inside.path)
        let known = try code(in: CodeCache(folder: inside))
        #expect(compilations.value == 1)
        #expect(chown(known.path, 12_345, 12_345) == 0)
        _ = try code(in: CodeCache(folder: inside))
        #expect(compilations.value == 2)
    }

    @Test("A link to a folder is followed once: what is used is the folder, wherever the link leads afterwards")
    func linkToFolder() throws {
        let real = folder.url.appending(path: "real")
        let link = folder.url.appending(path: "link")
        try FileManager.default.createDirectory(at: real, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
        let resolved = try #require(try CodeCache.checked(link))
        #expect(resolved.lastPathComponent == "real")
        let open = folder.url.appending(path: "open")
        try FileManager.default.createDirectory(at: open, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open.path)
        try FileManager.default.removeItem(at: link)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: open)
        #expect(throws: SandboxError.self) { try CodeCache.checked(link) }
        #expect(try CodeCache.checked(folder.url.appending(path: "nothing")) == nil)
    }
}
