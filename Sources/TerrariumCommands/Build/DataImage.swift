// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The image `data`: Terrarium's Python with pandas and other packages for data, imported and warm.
///
/// It is made when it is first asked for, of files that `make setup` put beside the other parts: wheels, the list of the
/// packages to import, and a script that uses them. No network is needed for it.
enum DataImage {
    /// The name that options take for it.
    static let name = "data"

    /// The time and room that making it takes, for whoever has to wait.
    private static let expectation = "one to four minutes, and 400 MB with its machine code"

    /// Loads the image, which is made first if there is none of these files.
    static func load(_ notes: ProgressNotes) async throws -> Image {
        let parts = try Parts.locate()
        let folder = try folder(parts)
        if !FileManager.default.fileExists(atPath: folder.path) {
            try await make(folder, parts, notes)
        }
        return try await Image(contentsOf: folder, parts: parts, progress: notes.note)
    }

    /// The image's folder in the user's cache, named after what it is made from: the packages, and the Python image.
    ///
    /// The manifest of the Python image has the digests of its code and memory, so they stand for whatever made these.
    static func folder(_ parts: Parts) throws -> URL {
        let origins = [
            parts.dataFolder.appending(path: "identity"), parts.pythonImage.appending(path: "manifest.json"),
        ]
        var contents: [UInt8] = []
        for file in origins {
            guard let content = try? Data(contentsOf: file) else {
                throw CommandFailure.usage(
                    "The image `\(name)` is made of \(file.path), which is not there. " + Parts.remedy
                )
            }
            contents += content
        }
        let identity = CodeCache.digest(contents)
        return try Parts.cacheFolder().appending(path: "images/\(name)-\(identity.prefix(16)).terrarium")
    }

    private static func make(_ folder: URL, _ parts: Parts, _ notes: ProgressNotes) async throws {
        try FileManager.default.createDirectory(
            at: folder.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        let place = folder.deletingLastPathComponent().path
        notes.say("The image `\(name)` is made now, once: this takes \(expectation), in \(place).")
        let base = try await Image.python(parts: parts, progress: notes.note)
        let list = try String(contentsOf: parts.dataFolder.appending(path: "packages.txt"), encoding: .utf8)
        let names = list.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
        var recipe = ImageRecipe(notes: notes)
        let found = try await FoundPackages(.init(packages: names, isOffline: true), for: base, notes)
        recipe.packages = found
        recipe.modules = found.packages.flatMap(\.modules)
        let script = try ScriptFile.read(parts.dataFolder.appending(path: "set_up.py").path)
        recipe.scripts = [.init(name: "set_up.py", source: script)]
        try await recipe.make(of: base, to: folder)
        notes.finish()
    }
}
