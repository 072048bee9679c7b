// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import ComponentLinking
import ComponentModel
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The C that a guest is translated to: wasm2c's, and what stands beside it.
struct GuestTranslation {
    /// The folder that the files are in.
    let folder: URL

    /// The files of C that are to be compiled, the largest first.
    let sources: [URL]

    /// The number of files that wasm2c spreads the functions over, so that a file is compiled in seconds.
    private static let fileCount = 96

    /// The digest of the headers that all functions of the guest see.
    let headerDigest: String

    /// The file that tells that the others are complete, and what they were made by.
    private static func mark(_ folder: URL) -> URL { folder.appending(path: "translated") }

    /// Translates a guest into a folder, unless it was before.
    ///
    /// - Parameters:
    ///   - component: Reads the image's component.
    ///   - folder: The folder, which is made.
    ///   - translator: The folder with wasm2c.
    ///   - description: What is compiled, and by what, in words.
    /// - Throws: `CommandFailure` that says why if the guest cannot be translated.
    init(
        of component: () throws -> [UInt8],
        in folder: URL,
        translator: URL,
        description: String
    ) throws {
        self.folder = folder
        let ownFiles = Self.ownFiles.flatMap { Array($0.name.utf8) + $0.contents }
        let wanted = Data("\(description), \(CodeCache.digest(ownFiles))".utf8)
        if (try? Data(contentsOf: Self.mark(folder))) != wanted {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let guest = try Self.guest(component())
            try Self.translate(guest, to: folder, with: translator)
            try Self.addRuntime(for: guest, to: folder, description: description)
            try wanted.write(to: Self.mark(folder))
        }
        let headers = try ["mod.h", "mod-impl.h", "guest.h"].map { try Data(contentsOf: folder.appending(path: $0)) }
        headerDigest = CodeCache.digest(Array(headers.joined()))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let sizes = names.filter { $0.hasSuffix(".c") }.map { name in
            let path = folder.appending(path: name).path
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (name: name, size: (attributes?[.size] as? any BinaryInteger).map { Int(clamping: $0) } ?? 0)
        }
        sources = sizes.sorted { ($0.size, $0.name) > ($1.size, $1.name) }.map { folder.appending(path: $0.name) }
    }

    private static func guest(_ bytes: [UInt8]) throws -> NativeModule {
        do {
            let linked = try LinkedComponent(linking: Component(decoding: bytes))
            return try linked.nativeModule(calling: Image.isCalledByHost)
        } catch {
            throw CommandFailure.usage("This image stays on the engine's code: \(error).")
        }
    }

    private static func translate(_ guest: NativeModule, to folder: URL, with translator: URL) throws {
        let module = folder.appending(path: "guest.wasm")
        try Data(guest.module.encoded()).write(to: module)
        let program = translator.appending(path: "wasm2c").path
        let status = try HostProgram.run(
            [
                program, module.path, "--module-name=mod", "--num-outputs=\(fileCount)",
                "--output=\(folder.appending(path: "mod.c").path)",
            ],
            for: "to translate the guest"
        )
        guard status == 0 else {
            throw CommandFailure(message: "wasm2c could not translate the guest.", exitCode: .failure)
        }
        try FileManager.default.removeItem(at: module)
        let header = folder.appending(path: "mod-impl.h")
        let text = try Data(contentsOf: header) + Data("\n#include \"guest.h\"\n".utf8)
        try text.write(to: header)
    }

    /// The files that are the same for all guests.
    private static let ownFiles: [(name: String, contents: [UInt8])] = [
        ("guest-bytes.c", PackageResources.guest_bytes_c), ("guest-runtime.c", PackageResources.guest_runtime_c),
        ("guest.h", PackageResources.guest_h), ("native-abi.h", PackageResources.native_abi_h),
    ]

    private static func addRuntime(for guest: NativeModule, to folder: URL, description: String) throws {
        let functions = GuestFunctionsWriter(guest, description: description)
        let files =
            ownFiles + [
                ("guest-functions.h", Array(functions.header.utf8)),
                ("guest-functions.inc", Array(functions.text.utf8)),
            ]
        for file in files { try Data(file.contents).write(to: folder.appending(path: file.name)) }
    }
}
