// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium repl`: Python's prompt, in a sandbox.
struct REPLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "Type Python at a prompt, in a sandbox.",
        discussion: """
            As Python's own prompt: `_` is the last value, Tab completes, Ctrl-C interrupts the program and keeps the \
            session, Ctrl-D ends it. A program that computes when it is interrupted leaves nothing behind. \
            %undo takes back what the last input did, %fork goes on in a copy, %save and %load keep the session in a \
            file, %help tells more.
            """
    )

    @Option(help: ArgumentHelp("An image to run in, instead of Terrarium's own Python.", valueName: "image"))
    var image: String?

    @Option(help: ArgumentHelp("Continue a session that %save or `terrarium snapshot` stored.", valueName: "file"))
    var restore: String?

    @Option(help: ArgumentHelp("How long each input may take; no limit by default.", valueName: "time"))
    var timeLimit: TimeSpan?

    @Option(help: ArgumentHelp("Memory on top of the image's own: 20MB, 64MiB.", valueName: "bytes"))
    var memoryLimit = ByteCount(bytes: 512 << 20)

    @Flag(help: "Neither read nor keep the lines typed at earlier prompts.")
    var noHistory = false

    @Flag(name: .shortAndLong, help: "Print no notes, and no greeting.")
    var quiet = false

    func run() async throws {
        let notes = ProgressNotes(isQuiet: quiet)
        let image =
            try self.image.map { try Image(contentsOf: ScriptFile.url($0), progress: notes.note) }
            ?? Image.python(progress: notes.note)
        notes.finish()
        var limits = Limits()
        limits.time = timeLimit?.duration
        limits.memoryBytes = memoryLimit.bytes
        let history = noHistory ? nil : HistoryFile(environment: ProcessInfo.processInfo.environment)
        let prompt = Prompt(image: image, limits: limits, isQuiet: quiet, history: history)
        if let restore { try await prompt.load(restore) }
        await prompt.run()
    }
}
