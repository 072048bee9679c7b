// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Packages as pip found them for an image, unpacked in a folder until they are dropped.
final class FoundPackages {
    /// The facts that are known of one package.
    struct Package: Decodable {
        let name: String
        let version: String
        let isNative: Bool
        /// The modules to import ahead.
        let modules: [String]
    }

    let packages: [Package]
    /// Sentences for the person who asked.
    let notes: [String]
    private let folder: URL

    /// A request for packages.
    struct Request {
        /// Requirements, or the paths of wheels.
        var packages: [String] = []
        /// Files of requirements.
        var requirements: [String] = []
        /// Folders with wheels, besides the package index.
        var findLinks: [String] = []
        /// The packages to take without their native code.
        var pure: [String] = []
        /// A Boolean value that tells whether only the folders are looked into, not the index.
        var isOffline = false
    }

    private struct Answer: Decodable {
        var refused: String?
        var packages: [Package]?
        var notes: [String]?
    }

    /// The names and versions, as a list in a sentence.
    var summary: String { packages.map { "\($0.name) \($0.version)" }.joined(separator: ", ") }

    var areNative: Bool { packages.contains(where: \.isNative) }

    /// The files of all packages, for the image.
    var archive: URL { folder.appending(path: "site.zip") }

    /// The packages with native code, for linking.
    var nativeFolder: URL { folder.appending(path: "native") }

    /// Finds packages with pip, for the Python of an image.
    ///
    /// - Throws: `CommandFailure` with a sentence that says which package cannot be had and why.
    convenience init(_ request: Request, for image: Image, _ notes: ProgressNotes) async throws {
        let target = try await PythonDescription(of: image)
        notes.begin("Finding packages with pip")
        try self.init(request, for: target)
        notes.finish()
        self.notes.forEach(notes.hint)
    }

    private init(_ request: Request, for target: PythonDescription) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "terrarium-packages-\(UInt64.random(in: 0 ... .max))")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let answer = try Self.ask(request, target, folder)
            if let sentence = answer.refused { throw CommandFailure.usage(sentence) }
            packages = answer.packages ?? []
            notes = answer.notes ?? []
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The request as `find_packages.py` reads it.
    private struct Message: Encodable {
        let packages: [String]
        let requirements: [String]
        let find_links: [String]
        let pure: [String]
        let offline: Bool
        let present: String
        let environment: [String: String]
        let tags: [String: String]
        let folder: String
    }

    private static func ask(_ request: Request, _ target: PythonDescription, _ folder: URL) throws -> Answer {
        let parts = try Parts.locate()
        let dataWheels = parts.dataWheels.path
        let message = Message(
            packages: request.packages,
            requirements: request.requirements,
            find_links: request.findLinks + (FileManager.default.fileExists(atPath: dataWheels) ? [dataWheels] : []),
            pure: request.pure,
            offline: request.isOffline,
            present: parts.guestWheels.path,
            environment: target.environment,
            tags: target.tags,
            folder: folder.path
        )
        let script = String(decoding: PackageResources.find_packages_py, as: UTF8.self)
        let argument = String(decoding: try JSONEncoder().encode(message), as: UTF8.self)
        let status = try HostProgram.run(["python3", "-c", script, argument], for: "to find packages")
        guard status == 0, let data = try? Data(contentsOf: folder.appending(path: "answer.json")) else {
            throw CommandFailure.usage("python3 could not look for packages; see its message above.")
        }
        return try JSONDecoder().decode(Answer.self, from: data)
    }
}
