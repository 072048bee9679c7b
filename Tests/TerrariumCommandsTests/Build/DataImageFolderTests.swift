// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import TestSupport
import Testing

@testable import TerrariumCommands

/// The folder that the image `data` is kept in, which tells whether it has to be made again.
struct DataImageFolderTests {
    private static func folder(packages: String, python: String) throws -> URL {
        let parts = try TemporaryFolder()
        try parts.write("data/identity", packages)
        try parts.write("python.terrarium/manifest.json", python)
        return try DataImage.folder(Parts(folder: parts.url))
    }

    @Test("Other packages or another Python image make another image")
    func origins() throws {
        let first = try Self.folder(packages: "a", python: "b")
        #expect(try Self.folder(packages: "a", python: "b") == first)
        #expect(try Self.folder(packages: "a", python: "c") != first)
        #expect(try Self.folder(packages: "c", python: "b") != first)
    }

    @Test(
        "Without the files there is a message on how to have them",
        arguments: ["data/identity", "python.terrarium/manifest.json"]
    )
    func missing(file: String) throws {
        let parts = try TemporaryFolder()
        try parts.write("data/identity", "a")
        try parts.write("python.terrarium/manifest.json", "b")
        try FileManager.default.removeItem(at: parts.url.appending(path: file))
        let error = #expect(throws: CommandFailure.self) { try DataImage.folder(Parts(folder: parts.url)) }
        #expect(error?.message.contains("make setup") == true)
    }
}
