// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import Foundation

/// The tools beside ``HostPython``: `wasm-tools` and `componentize-py`.
package enum HostTools {
    /// Runs a tool, which must succeed.
    @discardableResult
    package static func run(_ tool: String, _ arguments: [String], in folder: URL) async throws -> Subprocess {
        let program = try URL(filePath: HostPython.program).deletingLastPathComponent().appending(path: tool).path
        let result = try await Subprocess.run(program, arguments, workingDirectory: folder)
        guard result.exitCode == 0 else {
            throw HostPython.Failure(description: "\(tool) failed: \(result.errorText)")
        }
        return result
    }

    /// Makes a binary of WebAssembly text.
    package static func assemble(_ text: String, name: String, in folder: TemporaryFolder) async throws -> URL {
        try folder.write("\(name).wat", text)
        try await run("wasm-tools", ["parse", "\(name).wat", "-o", "\(name).wasm"], in: folder.url)
        return folder.url.appending(path: "\(name).wasm")
    }

    /// The folder that set-up put the engine library and the guest in.
    package static var partsFolder: String {
        get throws {
            let library = try TestEnvironment.value(of: "TERRARIUM_ENGINE_LIBRARY")
            return URL(filePath: library).deletingLastPathComponent().deletingLastPathComponent().path
        }
    }
}
