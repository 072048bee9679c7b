// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import ComponentModel
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium inspect`: what an image or a component consists of.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show imports, exports, sizes and memory of an image or a component."
    )

    @Argument(help: ArgumentHelp("An image (NAME.terrarium) or a component (FILE.wasm).", valueName: "file"))
    var file: String

    func run() throws {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
            throw CommandFailure.usage("\(file) is not there.")
        }
        let url = URL(filePath: file)
        if isFolder {
            let memory = url.appending(path: "memory.img")
            guard let size = try? FileManager.default.attributesOfItem(atPath: memory.path)[.size] as? any BinaryInteger
            else {
                throw CommandFailure.usage("\(file) is no image: it has no memory.img.")
            }
            print("image: \(file)")
            print("memory image: \(Self.size(Int(size)))")
            try describe(url.appending(path: "component.wasm"))
        } else {
            try describe(url)
        }
    }

    private func describe(_ file: URL) throws {
        let bytes = Array(try Data(contentsOf: file))
        let component: Component
        do {
            component = try Component(decoding: bytes)
        } catch {
            throw CommandFailure.usage("\(file.path) is no component: \(error)")
        }
        print("component: \(file.path), \(Self.size(bytes.count))")
        let modules = Self.modules(in: component)
        print("core modules: \(modules.count), with \(modules.reduce(0) { $0 + $1.functions.count }) functions")
        for module in modules {
            for memory in module.memories {
                print("memory: \(Self.size(memory.minimumBytes)) at the start")
            }
        }
        print("imports:")
        for item in component.imports { print("  \(item.name.name)") }
        print("exports:")
        for item in component.exports { print("  \(item.name.name)") }
    }

    private static func modules(in component: Component) -> [CoreModule] {
        component.coreModules + component.components.flatMap(modules)
    }

    private func print(_ line: String) {
        StandardStream.output.print(line)
    }

    private static func size(_ bytes: some BinaryInteger) -> String {
        bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
    }
}
