// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import PackagePlugin

/// Generates bindings for the components and the WIT beside a target's sources: each `NAME.wasm` and `NAME.wit` becomes
/// an enum `Name`, and a folder `wit` one that is called like its world.
@main
struct TerrariumBindings: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let module = target as? any SourceModuleTarget else { return [] }
        let tool = try context.tool(named: "TerrariumBindgenTool").url
        var inputs: [URL: [URL]] = [:]
        for file in module.sourceFiles.map(\.url) where ["wasm", "wit"].contains(file.pathExtension) {
            let parents = file.deletingLastPathComponent().pathComponents
            let inTarget = parents.dropFirst(module.directoryURL.pathComponents.count)
            if let index = inTarget.firstIndex(of: "wit") {
                let folder = URL(filePath: NSString.path(withComponents: Array(parents[...index])))
                inputs[folder, default: []].append(file)
            } else {
                inputs[file] = [file]
            }
        }
        return inputs.sorted { $0.key.path < $1.key.path }.map { input, files in
            let isFolder = input.pathExtension.isEmpty
            let name = isFolder ? "World" : input.deletingPathExtension().lastPathComponent
            let output = context.pluginWorkDirectoryURL.appending(path: "\(name)+Bindings.swift")
            return .buildCommand(
                displayName: "Generating bindings for \(input.lastPathComponent)",
                executable: tool,
                arguments: [input.path, output.path] + (isFolder ? [] : [name]),
                inputFiles: files,
                outputFiles: [output]
            )
        }
    }
}
