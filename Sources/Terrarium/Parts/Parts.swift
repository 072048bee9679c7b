// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The files that Terrarium needs at run time beside its own code: the engine library and the Python guest.
///
/// `make setup` puts them into the user's cache folder, `make install` beside the installed executable.
public struct Parts: Sendable {
    /// The folder that they are in.
    public let folder: URL

    /// Parts in a folder of the caller's choice, which is not looked at until a part is used.
    public init(folder: URL) {
        self.folder = folder
    }

    /// The first folder that has the engine library, in this order: the environment variable `TERRARIUM_PARTS`,
    /// `../lib/terrarium` seen from the executable, the user's cache folder.
    ///
    /// - Throws: `SandboxError` with the code `.partsNotFound` that lists the folders and says what to do. If
    ///   `TERRARIUM_PARTS` is set, no other folder is tried.
    public static func locate() throws(SandboxError) -> Parts {
        try locate(environment: ProcessInfo.processInfo.environment, executable: executable)
    }

    static func locate(environment: [String: String], executable: URL?) throws(SandboxError) -> Parts {
        var candidates: [URL] = []
        if let explicit = environment["TERRARIUM_PARTS"], !explicit.isEmpty {
            candidates.append(URL(filePath: explicit, directoryHint: .isDirectory))
        } else {
            if let executable {
                let prefix = executable.deletingLastPathComponent().deletingLastPathComponent()
                candidates.append(prefix.appending(path: "lib/terrarium"))
            }
            if let cache = UserCache.folder(environment: environment) {
                candidates.append(cache.appending(path: "parts/\(TerrariumVersion.current)"))
            }
        }
        let located = candidates.lazy.map { Parts(folder: $0) }
            .first { FileManager.default.fileExists(atPath: $0.engineLibrary.path) }
        guard let located else {
            let looked = candidates.map { $0.path }.joined(separator: ", ")
            throw SandboxError(
                .partsNotFound,
                "Terrarium's engine library was not found (looked in \(looked)). \(remedy) Or set TERRARIUM_PARTS to the "
                    + "folder that has its parts."
            )
        }
        return located
    }

    /// The sentence on how to have parts that are missing.
    package static let remedy =
        "In a checkout, `make setup` makes what is missing; an archive has it all, so unpack it again."

    /// The engine's shared library.
    public var engineLibrary: URL {
        #if os(macOS)
        folder.appending(path: "lib/libwasmtime.dylib")
        #else
        folder.appending(path: "lib/libwasmtime.so")
        #endif
    }

    /// The Python guest as a component.
    public var pythonComponent: URL { folder.appending(path: "python.wasm") }

    /// The WIT of the world `sandbox`, for building guests.
    public var sandboxWorld: URL { folder.appending(path: "wit") }

    /// The Python source of the guest, for building it with other packages.
    public var guestSource: URL { folder.appending(path: "runtime") }

    /// The wheels of the packages with native code that are part of the guest.
    public var guestWheels: URL { folder.appending(path: "wheels") }

    /// The folder with the program `wasm2c`, by which `terrarium optimize` translates guests, and headers for what that writes.
    package var translator: URL { folder.appending(path: "translator") }

    /// The image `data` is made of what is in this folder.
    package var dataFolder: URL { folder.appending(path: "data") }

    /// The wheels that come with Terrarium and are no part of the guest: those of the image `data`.
    package var dataWheels: URL { dataFolder.appending(path: "wheels") }

    /// The user's cache folder, where set-up keeps what it fetched.
    ///
    /// - Throws: `SandboxError` with the code `.partsNotFound` where there is no home folder.
    public static func cacheFolder() throws(SandboxError) -> URL {
        guard let folder = UserCache.folder() else {
            throw SandboxError(.partsNotFound, "There is no cache folder: neither HOME nor XDG_CACHE_HOME is set.")
        }
        return folder
    }

    /// The Python image.
    public var pythonImage: URL { folder.appending(path: "python.terrarium") }

    /// Machine code that came with the parts, so that an installed copy compiles nothing.
    var code: URL { folder.appending(path: "code") }

    /// The running program's file, with symbolic links resolved.
    private static var executable: URL? {
        #if os(Linux)
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return path.map { URL(filePath: $0) }
        #else
        return CommandLine.arguments.first.map { URL(filePath: $0).resolvingSymlinksInPath() }
        #endif
    }
}
