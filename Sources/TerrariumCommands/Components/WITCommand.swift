// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import TerrariumBindgen
import WIT

/// `terrarium wit`: what a component imports and exports, as WIT.
struct WITCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wit",
        abstract: "Print what a component imports and exports, as WIT.",
        discussion: """
            The input is a component, a WIT package that was encoded as one, a .wit file, or a folder of .wit files \
            with the packages that it needs under deps/. Text is checked, resolved, and printed as one document.
            """
    )

    @Argument(help: ArgumentHelp("A component, a .wit file, or a folder of WIT.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("Turn on a feature that @unstable gates name.", valueName: "name"))
    var feature: [String] = []

    @Flag(help: "Turn on all features.")
    var allFeatures = false

    @Flag(help: "Leave out documentation comments.")
    var noDocs = false

    @Flag(help: "Leave out the packages that the main one refers to.")
    var noDependencies = false

    func run() throws {
        let features = allFeatures ? WITFeatures.all : .named(Set(feature))
        let model = try WITInput.model(at: input, features: features)
        StandardStream.output.write(model.text(includesDependencies: !noDependencies, includesDocs: !noDocs))
    }
}
