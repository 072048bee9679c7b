// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import TerrariumCommands

/// The files of `--file`.
struct FileAdditionTests {
    @Test(
        "A file goes to the root folder, or to the path after the last equals sign",
        arguments: [
            ("in.csv", "in.csv", "/in.csv"), ("data/in.csv", "data/in.csv", "/in.csv"), ("data/", "data", "/data"),
            ("in.csv=/a/b.csv", "in.csv", "/a/b.csv"), ("a=b", "a=b", "/a=b"), ("a=b=/c", "a=b", "/c"),
            ("=/c", "=/c", "/c"), ("a=b/c", "a=b/c", "/c"),
        ]
    )
    func paths(text: String, source: String, destination: String) {
        let addition = FileAddition(text)
        #expect(addition.source.standardizedFileURL.path == URL(filePath: source).standardizedFileURL.path)
        #expect(addition.destination == destination)
    }

    @Test("A file whose own name looks like a file and a path is taken for itself")
    func ownName() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "terrarium-\(UInt64.random(in: 0 ... .max))"
        )
        let file = folder.appending(path: "a=/b")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(FileAddition(file.path).destination == "/b" && FileAddition(file.path).source.lastPathComponent == "a")
        try Data().write(to: file)
        #expect(FileAddition(file.path).source.path == file.path)
    }
}
