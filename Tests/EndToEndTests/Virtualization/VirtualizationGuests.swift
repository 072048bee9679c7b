// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel
import Foundation
import TestSupport

/// Components that use WASI and a host interface with a resource, built once for all tests.
actor VirtualizationGuests {
    static let shared = VirtualizationGuests()

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/Virtualize")

    private var builds: [String: Task<URL, any Error>] = [:]
    private let folder = Result { try TemporaryFolder() }

    /// A guest in C without any library.
    func c() async throws -> URL {
        try await once("c") { folder in
            let module = folder.appending(path: "c.core.wasm").path
            let source = Self.fixtures.appending(path: "guest.c").path
            let arguments = ["-nostdlib", "-O1", "-Wall", "-Werror", "-Wl,--no-entry", "-o", module, source]
            let result = try await Subprocess.run(
                "/usr/bin/env",
                ["clang", "--target=wasm32-unknown-unknown"] + arguments
            )
            guard result.exitCode == 0 else {
                throw HostPython.Failure(description: "clang, which comes with Swift, failed: \(result.errorText)")
            }
            let wit = Self.fixtures.appending(path: "wit").path
            try await HostTools.run(
                "wasm-tools",
                ["component", "embed", wit, "-w", "c", "c.core.wasm", "-o", "c.embedded.wasm"],
                in: folder
            )
            try await HostTools.run("wasm-tools", ["component", "new", "c.embedded.wasm", "-o", "c.wasm"], in: folder)
            return folder.appending(path: "c.wasm")
        }
    }

    /// A guest that componentize-py builds.
    func python() async throws -> URL {
        try await once("python") { folder in
            let wit = Self.fixtures.appending(path: "wit").path
            let component = folder.appending(path: "python.wasm")
            try await HostTools.run(
                "componentize-py",
                ["-d", wit, "-w", "python", "componentize", "guest", "-o", component.path],
                in: Self.fixtures
            )
            return component
        }
    }

    /// The same guest with one memory more, which is enough that it cannot be linked into one module.
    static func unlinkable(_ component: URL, in folder: TemporaryFolder) throws -> URL {
        var changed = try Component(decoding: [UInt8](try Data(contentsOf: component)))
        var module = CoreModule()
        module.memories = [CoreLimits(minimum: 1)]
        let instance = Component.CoreInstance.instantiate(module: UInt32(changed.coreModules.count), arguments: [])
        changed.sections.append(Component.Section(.coreModule(module)))
        changed.sections.append(Component.Section(.coreInstances([instance])))
        let output = folder.url.appending(path: "unlinkable.wasm")
        try Data(changed.encoded()).write(to: output)
        return output
    }

    private func once(_ name: String, _ build: @escaping @Sendable (URL) async throws -> URL) async throws -> URL {
        let folder = try folder.get().url
        let task = builds[name] ?? Task { try await build(folder) }
        builds[name] = task
        return try await task.value
    }

    /// Wraps a component with `terrarium virt`, and checks the result with `wasm-tools`.
    ///
    /// - Returns: The result and the names of its imports.
    static func wrap(
        _ component: URL,
        _ options: [String],
        in folder: TemporaryFolder,
        name: String = "wrapped"
    ) async throws -> (component: URL, imports: [String]) {
        let output = folder.url.appending(path: "\(name).wasm")
        let result = try await TerrariumBinary.run(["virt", "-q", component.path, "-o", output.path] + options)
        guard result.exitCode == 0, result.errorText.isEmpty else {
            throw HostPython.Failure(description: "terrarium virt failed: \(result.errorText)")
        }
        try await HostTools.run("wasm-tools", ["validate", "-f", "all", output.path], in: folder.url)
        let wit = try await HostTools.run("wasm-tools", ["component", "wit", output.path], in: folder.url)
        let lines = wit.outputText.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let imports = lines.filter { $0.hasPrefix("import ") }.map { String($0.dropFirst(7).dropLast()) }
        return (output, imports)
    }

    /// What a component's function returns under wasmtime-py, with the log of the host interface.
    static func call(_ component: URL, _ words: [String], input: String = "") async throws -> String {
        let host = fixtures.appending(path: "host.py").path
        let result = try await Subprocess.run(
            try HostPython.program,
            [host, component.path] + words,
            input: Data(input.utf8)
        )
        guard result.exitCode == 0 else {
            throw HostPython.Failure(description: "wasmtime-py failed: \(result.errorText)")
        }
        return result.outputText
    }
}
