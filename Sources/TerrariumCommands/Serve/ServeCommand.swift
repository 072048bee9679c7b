// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `terrarium serve`: the server, which is a program of its own, so that no other command waits for what it is built of.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve sandboxes over HTTP.",
        discussion: """
            Becomes the program terrarium-serve, which `make serve` builds, with the same arguments. \
            `terrarium serve --help` lists them.
            """
    )

    private static let program = "terrarium-serve"

    @Argument(parsing: .captureForPassthrough, help: "The arguments of terrarium-serve.")
    var arguments: [String] = []

    func run() throws {
        // Beside this program first, since it is then of the same version.
        if let folder = Self.folder { execute(folder.appending(path: Self.program).path) }
        execute(Self.program)
        throw CommandFailure.usage(
            "There is no \(Self.program) beside this program or on the PATH: `make serve` in Terrarium's folder builds it."
        )
    }

    /// Becomes another program, and returns only if there is none of that name or path.
    private func execute(_ path: String) {
        var words = unsafe ([Self.program] + arguments).map { unsafe strdup($0) } + [nil]
        unsafe execvp(path, &words)
        unsafe words.forEach { unsafe free($0) }
    }

    /// The folder of this program's file, with symbolic links resolved.
    private static var folder: URL? {
        #if os(Linux)
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return path.map { URL(filePath: $0).deletingLastPathComponent() }
        #else
        return CommandLine.arguments.first.map {
            URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent()
        }
        #endif
    }
}
