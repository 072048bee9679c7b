// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import ComponentModel
import TerrariumBindgen

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium bindgen`: Swift bindings of a component's world.
struct BindgenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bindgen",
        abstract: "Generate Swift bindings for a component or a world of WIT.",
        discussion: """
            The bindings are one file, which imports the module Wasmtime of this package. A package's plugin \
            TerrariumBindings does the same at each build, for the .wasm and .wit files beside the sources.
            """
    )

    @Argument(help: ArgumentHelp("A component, a .wit file, or a folder of WIT.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("The folder to write the file into.", valueName: "folder"))
    var out: String

    @Option(help: ArgumentHelp("The world, if there are several.", valueName: "name"))
    var world: String?

    @Option(help: ArgumentHelp("The name of the enum that all is in; the file's or the world's if left out."))
    var name: String?

    @Option(help: "Who may use what is generated: public, package or internal.")
    var access = Access.public

    enum Access: String, ExpressibleByArgument, CaseIterable {
        case `public`, package, `internal`

        var level: SwiftBindingsGenerator.AccessLevel {
            switch self {
            case .public: .public
            case .package: .package
            case .internal: .internal
            }
        }
    }

    func run() throws {
        let model = try WITInput.model(at: input)
        let file = URL(filePath: input)
        let isComponent = file.pathExtension == "wasm"
        // A component does not say how its world is called.
        let name = name ?? (isComponent ? file.deletingPathExtension().lastPathComponent : nil)
        do {
            let generator = try SwiftBindingsGenerator(
                model: model,
                world: world,
                name: name,
                accessLevel: access.level
            )
            let source = try generator.source()
            let output = URL(filePath: out).appending(path: "\(generator.name)+Bindings.swift")
            try FileManager.default.createDirectory(at: URL(filePath: out), withIntermediateDirectories: true)
            try Data(source.utf8).write(to: output, options: .atomic)
            StandardStream.output.print(output.path)
        } catch let error as BindgenError {
            throw CommandFailure.usage("\(input): \(error)")
        } catch {
            throw CommandFailure.usage("The bindings cannot be written to \(out).")
        }
    }
}
