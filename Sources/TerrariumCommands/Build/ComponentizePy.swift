// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The compiler of Python guests to components, as `make setup` installed it.
enum ComponentizePy {
    private static let version = "0.25.1"

    /// Makes a component of a Python module.
    ///
    /// - Throws: `CommandFailure` with what componentize-py said, its Python traceback included.
    static func build(_ module: URL, wit: URL?, world: String?, to component: URL) throws {
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
        arguments += ["-w", world ?? "sandbox", "componentize"]
        arguments += ["-p", module.deletingLastPathComponent().path]
        arguments += [module.deletingPathExtension().lastPathComponent, "-o", component.path]
        let status = try spawn(arguments, variables: ["PYTHONPATH": wheel.path, "PYTHONDONTWRITEBYTECODE": "1"])
        guard status == 0 else {
            throw CommandFailure.usage(
                "componentize-py could not build \(module.lastPathComponent); see its message above."
            )
        }
    }

    /// Runs a program that is found on the PATH, with our own output streams, and returns its exit status.
    private static func spawn(_ arguments: [String], variables: [String: String]) throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var settings = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe settings.forEach { unsafe free($0) }
        }
        var process = pid_t()
        let error = unsafe posix_spawnp(&process, arguments[0], nil, nil, &words, &settings)
        guard error == 0 else {
            throw CommandFailure.usage("\(arguments[0]) is needed to build from Python source, and cannot be run.")
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status
    }
}
