// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The compiler of Python guests to components, as `make setup` installed it.
enum ComponentizePy {
    private static let version = "0.25.1"

    /// Makes a component of a Python module.
    ///
    /// - Parameters:
    ///   - module: Its file; others in the folder can be imported, and those of an active virtual environment.
    ///   - wit: The WIT that describes the world; Terrarium's own if `nil`.
    ///   - world: The world's name; the only one if `nil`.
    ///   - packages: Folders with more to import, native code included, which becomes part of the component.
    ///   - component: Where to write the component.
    /// - Throws: `CommandFailure` with what componentize-py said, its Python traceback included.
    static func build(_ module: URL, wit: URL?, world: String?, packages: [URL] = [], to component: URL) throws {
        guard FileManager.default.fileExists(atPath: module.path) else {
            throw CommandFailure.usage("\(module.path) is not there.")
        }
        let wheel = try Parts.cacheFolder().appending(path: "wheels/componentize-py-\(version)")
        guard FileManager.default.fileExists(atPath: wheel.path) else {
            throw CommandFailure.usage(
                "componentize-py \(version) is not installed; run `make setup` in Terrarium's checkout."
            )
        }
        var arguments = ["python3", "-c", "import componentize_py; componentize_py.script()"]
        arguments += ["-d", try (wit ?? Parts.locate().sandboxWorld).path]
        // A world of one's own needs no name if there is only one.
        if let name = world ?? (wit == nil ? "sandbox" : nil) { arguments += ["-w", name] }
        arguments.append("componentize")
        let copies = FileManager.default.temporaryDirectory
            .appending(path: "terrarium-modules-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: copies) }
        let folders = try ExceptionFolders([module.deletingLastPathComponent()] + packages, copies: copies)
        for folder in folders.folders { arguments += ["-p", folder.path] }
        arguments += [module.deletingPathExtension().lastPathComponent, "-o", component.path]
        // The Python traceback is what helps; that of the tool itself would bury it.
        var variables = ["PYTHONPATH": wheel.path, "PYTHONDONTWRITEBYTECODE": "1", "RUST_BACKTRACE": "0"]
        let noEnvironment = FileManager.default.temporaryDirectory
            .appending(path: "terrarium-environment-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: noEnvironment) }
        if ProcessInfo.processInfo.environment["VIRTUAL_ENV"] == nil {
            // Outside of a virtual environment, the tool would take this machine's own packages.
            let packages = noEnvironment.appending(path: "lib/python3/site-packages")
            try FileManager.default.createDirectory(at: packages, withIntermediateDirectories: true)
            variables["VIRTUAL_ENV"] = noEnvironment.path
        }
        let status = try HostProgram.run(
            arguments,
            variables: variables,
            for: "to build from Python source"
        )
        guard status == 0 else {
            throw CommandFailure.usage(
                "componentize-py could not build \(module.lastPathComponent); see its message above."
            )
        }
        try folders.restore(component)
    }
}
