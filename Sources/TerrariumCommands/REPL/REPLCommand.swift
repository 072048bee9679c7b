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
            As Python's own prompt: `_` is the last value, Tab completes, Ctrl-C interrupts the program and keeps what it \
            did before, Ctrl-D ends it. %undo takes back what the last input did, %fork goes on in a copy, %save and \
            %load keep the sandbox in a file, %help tells more. --time-limit holds for each input.
            """
    )

    @OptionGroup(title: "The sandbox")
    var sandbox: SandboxOptions

    @Flag(help: "Neither read nor keep the lines typed at earlier prompts.")
    var noHistory = false

    @Flag(name: .shortAndLong, help: "Print no notes, and no greeting.")
    var quiet = false

    func run() async throws {
        let image = try await sandbox.loadImage(ProgressNotes(isQuiet: quiet))
        let history = noHistory ? nil : HistoryFile(environment: ProcessInfo.processInfo.environment)
        let prompt = try await Prompt(image: image, options: sandbox, isQuiet: quiet, history: history)
        let code = await prompt.run()
        try await prompt.copyOut()
        TerrariumCommand.finish(code)
    }
}
