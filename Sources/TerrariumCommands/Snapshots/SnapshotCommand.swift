// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium snapshot`: keeps a session on disk, for `terrarium --restore`.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Run statements and store the session; `terrarium --restore` continues it.",
        usage: "terrarium snapshot [--restore <file>] [--image <image>] -o <file> <statements> ..."
    )

    @Argument(help: "Statements to run before the session is stored.")
    var statements: [String] = []

    @Option(help: ArgumentHelp("Continue a stored session.", valueName: "file"))
    var restore: String?

    @Option(help: ArgumentHelp("The image to start from; Terrarium's own Python if left out.", valueName: "image"))
    var image: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to store the session.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("How long each of the statements may take.", valueName: "time"))
    var timeLimit = TimeSpan(seconds: 5)

    @Option(help: ArgumentHelp("Memory on top of the image's own: 20MB, 64MiB.", valueName: "bytes"))
    var memoryLimit = ByteCount(bytes: 64 << 20)

    func run() async throws {
        let notes = ProgressNotes(isQuiet: false)
        let image =
            try self.image.map { try Image(contentsOf: URL(filePath: $0), progress: notes.note) }
            ?? Image.python(progress: notes.note)
        notes.finish()
        var limits = Limits()
        limits.time = timeLimit.duration
        limits.memoryBytes = memoryLimit.bytes
        let streams = Output { stream, bytes in
            (stream == .standardOutput ? StandardStream.output : .error).write(bytes)
        }
        let sandbox =
            try restore.map { file in
                let snapshot = try Snapshot(contentsOf: URL(filePath: file), image: image)
                return Sandbox(restoring: snapshot, limits: limits, output: streams)
            } ?? Sandbox(image, limits: limits, output: streams)
        for text in statements {
            do {
                try await sandbox.exec(text)
            } catch let error as PythonError {
                throw CommandFailure(message: "\(error); the session was not stored.", exitCode: .pythonError)
            }
        }
        try await sandbox.snapshot().write(to: URL(filePath: output))
    }
}
