// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import ComponentLinking
@testable import ComponentModel
@testable import WASIVirtualization

/// Trees of files go by bytes, as file systems do.
struct GuestFilesTests {
    private static let composed = "caf\u{e9}"
    private static let decomposed = "cafe\u{301}"

    @Test("Names that look alike and differ in their bytes are different files")
    func normalisation() throws {
        var files = GuestFiles()
        try files.add(file: "/\(Self.composed)", contents: Array("one".utf8))
        try files.add(file: "/\(Self.decomposed)", contents: Array("two".utf8))
        try files.add(directory: "/\u{e9}")
        try files.add(file: "/e\u{301}/inside", contents: [])
        let encoded = files.encoded()
        for text in [Self.composed, Self.decomposed, "one", "two", "inside"] {
            #expect(encoded.firstRange(of: Array(text.utf8)) != nil)
        }
        // The root, two files, two directories, and the file in one of them.
        #expect(encoded[8..<12].elementsEqual([6, 0, 0, 0]))
        #expect(throws: ComponentsError.self) { try files.add(file: "/\(Self.composed)", contents: []) }
        #expect(throws: ComponentsError.self) { try files.add(file: "\(Self.decomposed)", contents: []) }
    }

    @Test("A slash separates names whatever follows it")
    func slash() throws {
        var files = GuestFiles()
        try files.add(file: "/folder/\u{301}name", contents: [])
        let encoded = files.encoded()
        #expect(encoded[8..<12].elementsEqual([3, 0, 0, 0]))
        #expect(!encoded.dropFirst(16).contains(UInt8(ascii: "/")))
        #expect(throws: ComponentsError.self) { try files.add(file: "/a/../\u{301}name", contents: []) }
    }
}
