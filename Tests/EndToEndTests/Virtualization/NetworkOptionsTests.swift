// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium virt --http` and `--sockets` together with what else there is to choose.
@Suite(.timeLimit(.minutes(10)))
struct NetworkOptionsTests {
    private typealias Guests = VirtualizationGuests

    private static let networks = [
        ["--http", "allow"], ["--sockets", "allow"], ["--http", "allow", "--sockets", "allow"],
        ["--http", "deny", "--sockets", "deny"], ["--http", "allow", "--sockets", "deny"],
    ]
    /// Options, and what an allowed network has against them.
    private static let options: [(words: [String], conflict: String?)] = [
        ([], nil), (["--env", "A=b"], nil), (["--arg", "x"], nil), (["--inherit-env", "SEEN"], nil),
        (["--exit", "allow"], nil), (["--random", "seed=3"], nil),
        (["--mount", "DATA=/data"], "files that are part of the component"),
        (["--writable"], "files that are part of the component"),
        (["--preopen", "/a=/b"], "files that are part of the component"),
        (["--stdin", "DATA/input"], "a file as standard input (--stdin)"),
        (["--stdout", "ignore"], "add --stdio allow"), (["--stderr", "deny"], "add --stdio allow"),
        (["--clock", "virtual=5"], "add --clock real"),
    ]

    @Test("Every combination is a component, or a sentence that says what excludes each other", arguments: networks)
    func combinations(network: [String]) async throws {
        let folder = try TemporaryFolder()
        try folder.write("data/input", "text")
        let component = try await Guests.shared.c()
        for (words, conflict) in Self.options {
            let words = words.map { $0.replacingOccurrences(of: "DATA", with: "\(folder.url.path)/data") }
            let all = ["--stdio", "allow", "--clock", "real", "--random", "real"] + network + words
            guard let conflict, network.contains("allow") else {
                let wrapped = try await Guests.wrap(component, all, in: folder)
                // The guest uses neither, and its files are never the host's.
                let foreign = ["wasi:http", "wasi:sockets", "wasi:filesystem"]
                #expect(!wrapped.imports.contains { name in foreign.contains(where: name.hasPrefix) }, "\(all)")
                let found = try await Guests.call(wrapped.component, ["--wasi", "survey", "\"input\""])
                let isMounted = words.contains("--mount")
                #expect(found.contains(isMounted ? "\"size\": 4" : "\"result\": \"no "), "\(all): \(found)")
                continue
            }
            let output = folder.url.appending(path: "refused.wasm").path
            let result = try await TerrariumBinary.run(["virt", component.path, "-o", output] + all)
            #expect(result.exitCode == 2, "\(all)")
            #expect(result.errorText.contains(conflict), "\(all): \(result.errorText)")
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }

    @Test(
        "With sockets and HTTP, a guest has the host's network and its own variables",
        arguments: VirtualizeCommandTests.Way.allCases
    )
    func sockets(way: VirtualizeCommandTests.Way) async throws {
        let folder = try TemporaryFolder()
        let python = try await Guests.shared.python()
        let component = try way.prepare(python, in: folder)
        let options = ["--stdio", "allow", "--clock", "real", "--http", "allow", "--sockets", "allow", "--env", "A=b"]
        let wrapped = try await Guests.wrap(component, options, in: folder)
        #expect(wrapped.imports.contains { $0.hasPrefix("wasi:sockets/tcp@") })
        #expect(!wrapped.imports.contains { $0.hasPrefix("wasi:filesystem") || $0.hasPrefix("wasi:cli/environment") })
        let variables = try await Guests.call(wrapped.component, ["--wasi", "evaluate", "\"dict(os.environ)\""])
        #expect(variables == "{\"result\": \"{'A': 'b'}\", \"log\": []}\n")
        // A socket that is bound to a port of the host's choice, or whatever the guest says without a wrapper.
        let expression = HostPython.quote(
            """
            (lambda s: (s.bind(('127.0.0.1', 0)), s.getsockname()[0], s.close()))(__import__('socket').socket())
            """
        )
        let unwrapped = try await Guests.call(python, ["--wasi", "evaluate", expression])
        #expect(try await Guests.call(wrapped.component, ["--wasi", "evaluate", expression]) == unwrapped)
    }
}
