// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Names of files, which come from guests and from the host's folders.
struct FileNameTests {
    @Test("Path escape: names that lead elsewhere, byte by byte, are no names")
    func escapes() {
        for bytes in HostileImageTests.escapingNames where bytes != [0xFF] {
            #expect(FileName(bytes) == nil, "\(bytes)")
            if let text = String(validating: bytes, as: UTF8.self) { #expect(FileName(text) == nil, "\(bytes)") }
        }
        #expect(FileName([UInt8](repeating: 0x61, count: 256)) == nil)
        for byte in UInt8.min ... .max {
            #expect((FileName([0x61, byte]) == nil) == (byte == 0 || byte == 0x2F), "\(byte)")
        }
    }

    @Test("All other bytes are a name as they are, also such that are no text")
    func names() throws {
        for text in ["...", "..a", ".a", " ", "a\\b", "\u{301}", "é", "e\u{301}", String(repeating: "x", count: 255)] {
            let name = try #require(FileName(text))
            #expect(name.bytes == Array(text.utf8))
            #expect(name.text.map { Array($0.utf8) } == Array(text.utf8))
            #expect(name.withCString { String(cString: $0) }.utf8.elementsEqual(text.utf8))
        }
        let name = try #require(FileName([0x61, 0xFF]))
        #expect(name.text == nil)
        #expect(name.description == "a\u{FFFD}")
        // Swift's texts are equal if they look the same; names are if their bytes are.
        #expect(FileName("é") != FileName("e\u{301}"))
    }

    @Test("The folder of a name lies in the folder that it was asked of, whatever there is by that name")
    func hostFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write("outside/secret", "secret")
        try folder.write("root/file", "file")
        let files = FileManager.default
        let root = folder.url.appending(path: "root")
        try files.createSymbolicLink(
            at: root.appending(path: "link"),
            withDestinationURL: folder.url.appending(path: "outside")
        )
        try files.createSymbolicLink(
            at: root.appending(path: "secret"),
            withDestinationURL: folder.url.appending(path: "outside/secret")
        )
        let open = try HostFolder(path: root.path)
        let (link, secret, file) = try (
            #require(FileName("link")), #require(FileName("secret")), #require(FileName("file"))
        )
        func isRefused(_ body: () throws -> Void) -> Bool {
            do {
                try body()
                return false
            } catch {
                return (error as? SandboxError)?.code == .unreadableFile
            }
        }
        #expect(isRefused { _ = try open.folder(link) })
        #expect(isRefused { _ = try open.makeFolder(link) })
        #expect(isRefused { _ = try open.makeFolder(file) })
        #expect(isRefused { _ = try open.contents(of: secret, maxBytes: 100) })
        #expect(isRefused { _ = try open.contents(of: file, maxBytes: 3) })
        try open.write([0x61], to: secret)
        #expect(try String(contentsOf: folder.url.appending(path: "outside/secret"), encoding: .utf8) == "secret")
        #expect(try open.contents(of: secret, maxBytes: 1) == [0x61])
        #expect(isRefused { _ = try HostFolder(path: root.appending(path: "link").path) })
    }
}
