// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium run`: commands, and calls of functions in WAVE.
@Suite(.timeLimit(.minutes(10)))
struct RunCommandTests {
    /// A command in Python whose first argument is an expression, and a cache folder, made once.
    private actor Program {
        static let shared = Program()

        private var task: Task<URL, any Error>?
        private let folder = Result { try TemporaryFolder() }

        func component() async throws -> URL {
            let folder = try folder.get().url
            let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/Run")
            let output = folder.appending(path: "program.wasm")
            let task =
                self.task
                ?? Task {
                    try await HostTools.run(
                        "componentize-py",
                        ["-d", "wit", "-w", "program", "componentize", "guest", "-o", output.path],
                        in: fixtures
                    )
                    return output
                }
            self.task = task
            return try await task.value
        }
    }

    private func run(
        _ options: [String],
        _ arguments: [String] = [],
        input: String = "",
        variables: [String: String] = [:]
    ) async throws -> Subprocess {
        let component = try await Program.shared.component()
        let folder = component.deletingLastPathComponent().path
        let parts = ["XDG_CACHE_HOME": folder, "TERRARIUM_PARTS": try HostTools.partsFolder]
        return try await TerrariumBinary.run(
            ["run", "-q"] + options + [component.path] + arguments,
            input: input,
            variables: parts.merging(variables) { $1 }
        )
    }

    @Test("A command gets its arguments, streams, variables and folders, and nothing else")
    func command() async throws {
        let folder = try TemporaryFolder()
        try folder.write("shown/file.txt", "contents")
        let expression = "sys.argv[2:], sys.stdin.read(), dict(os.environ), open('/data/file.txt').read()"
        let result = try await run(
            ["--env", "A=b=c", "--inherit-env", "SHOWN", "--dir", "\(folder.url.path)/shown=/data"],
            [expression, "-x", "--time-limit", "y z"],
            input: "input",
            variables: ["SHOWN": "yes", "HIDDEN": "no"]
        )
        let environment = ["{'A': 'b=c', 'SHOWN': 'yes'}", "{'SHOWN': 'yes', 'A': 'b=c'}"]
        let expected = environment.map { "(['-x', '--time-limit', 'y z'], 'input', \($0), 'contents')\n" }
        #expect(expected.contains(result.outputText), "\(result.outputText) \(result.errorText)")
        #expect(result.exitCode == 0)

        let denied = try await run(["--dir", "\(folder.url.path)/shown=/data"], ["open('/data/new', 'w')"])
        #expect(denied.exitCode == 1)
        #expect(denied.errorText.contains("PermissionError"))
        let allowed = try await run(
            ["--writable-dir", "\(folder.url.path)/shown=/data"],
            ["open('/data/new', 'w').write('abc')"]
        )
        #expect(allowed.outputText == "3\n", "\(allowed.errorText)")
        #expect(FileManager.default.fileExists(atPath: folder.url.appending(path: "shown/new").path))
        let network = try await run([], ["os.listdir('/')"])
        #expect(network.exitCode == 1)
    }

    @Test("A wrapped command has the arguments that it was wrapped with, and says when it drops others")
    func wrappedArguments() async throws {
        let folder = try TemporaryFolder()
        let wrapped = folder.url.appending(path: "wrapped.wasm").path
        let options = [
            "--arg", "program", "--arg", "sys.argv[2:]", "--arg", "-x", "--stdio", "allow", "--exit", "allow",
        ]
        let component = try await Program.shared.component()
        let wrap = try await TerrariumBinary.run(["virt", "-q", component.path, "-o", wrapped] + options)
        #expect(wrap.exitCode == 0, "\(wrap.errorText)")
        let variables = ["XDG_CACHE_HOME": folder.url.path, "TERRARIUM_PARTS": try HostTools.partsFolder]
        let plain = try await TerrariumBinary.run(["run", wrapped], variables: variables)
        #expect(plain.outputText == "['-x']\n" && !plain.errorText.contains("dropped"), "\(plain.errorText)")
        let more = try await TerrariumBinary.run(["run", wrapped, "'other'"], variables: variables)
        #expect(more.outputText == "['-x']\n")
        #expect(more.errorText.contains("does not ask for arguments"), "\(more.errorText)")
    }

    @Test("Limits hold, and exit codes are passed on")
    func limits() async throws {
        let late = try await run(["--time-limit", "500ms"], ["[None for _ in iter(int, 1)]"])
        #expect(late.exitCode == 124)
        let big = try await run(["--memory-limit", "40MB"], ["len(bytes(100 * 1024 * 1024))"])
        #expect(big.exitCode == 1)
        #expect(big.errorText.contains("MemoryError"))
        let small = try await run(["--memory-limit", "1MB"], ["1"])
        #expect(small.exitCode == 2)
    }

    @Test(
        "Functions are called with WAVE, and answer in it",
        arguments: [
            ("area({width: 2, height: 1.5})", "3", 0),
            ("test:run/shapes.area({height: 0.5, width: 4294967295, label: none})", "2147483647.5", 0),
            ("divide(-7, 2)", "ok(-4)", 0),
            ("divide(1, 0)", "err(\"division by zero\")", 1),
            ("say(\"h\\u{e9}llo\")", "héllo", 0),
            (
                """
                echo([nothing, circle(-inf), box({width: 1, height: 2, label: "x"})], (red, {left, right}), "é\\n",
                '\\'', (-128, 65535, -9223372036854775808, 18446744073709551615), some(none), err("x"))
                """,
                """
                ([nothing, circle(-inf), box({width: 1, height: 2, label: some("x")})], (red, {left, right}), "é\\n", \
                '\\'', (-128, 65535, -9223372036854775808, 18446744073709551615), some(none), err("x"))
                """, 0
            ),
            (
                "echo([], (green, {}), \"\", '\u{1F600}', (0, 0, 0, 0), none, ok([0, 255]))",
                "([], (green, {}), \"\", '\u{1F600}', (0, 0, 0, 0), none, ok([0, 255]))", 0
            ),
        ]
    )
    func invoke(call: String, answer: String, exitCode: Int32) async throws {
        let result = try await run(["--invoke", call])
        #expect(result.outputText == answer + "\n", "\(result.errorText)")
        #expect(result.exitCode == exitCode)
    }

    @Test(
        "Calls that cannot be are refused, with the place",
        arguments: [
            ("divide(1, \"2\")", "--invoke:1:11: error"), ("divide(1)", "error"), ("nothing()", "known are `divide`"),
            ("area({width: 2})", "`height` is missing"), ("divide", "expected `(`"),
        ]
    )
    func wrongCalls(call: String, message: String) async throws {
        let result = try await run(["--invoke", call])
        #expect(result.exitCode == 2)
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }

    @Test("Files that cannot be run are refused by what they are")
    func wrongFiles() async throws {
        let folder = try TemporaryFolder()
        let parts = ["XDG_CACHE_HOME": folder.url.path, "TERRARIUM_PARTS": try HostTools.partsFolder]
        let trapping = """
            (component
                (core module $m (func (export "f") unreachable))
                (core instance $i (instantiate $m))
                (func (export "f") (canon lift (core func $i "f"))))
            """
        let importing = #"(component (import "a:b/c" (instance (export "f" (func)))))"#
        let files: [(name: String, text: String, options: [String], message: String, exitCode: Int32)] = [
            ("trapping", trapping, ["--invoke", "f()"], "crashed: wasm trap: wasm `unreachable`", 125),
            ("empty", "(component)", [], "does not export wasi:cli/run", 2),
            ("importing", importing, ["--invoke", "f()"], "there is no function `f`", 2),
            ("module", "(module)", [], "core module", 2),
        ]
        for file in files {
            let component = try await HostTools.assemble(file.text, name: file.name, in: folder)
            let result = try await TerrariumBinary.run(
                ["run", "-q"] + file.options + [component.path],
                variables: parts
            )
            #expect(result.exitCode == file.exitCode)
            #expect(result.errorText.contains(file.message), "\(result.errorText)")
        }
        // Text is a script, whatever its name.
        let text = try folder.write("text", "print(1)")
        let result = try await TerrariumBinary.run(["run", "-q", text.path], variables: parts)
        #expect(result.exitCode == 0)
        #expect(result.outputText == "1\n")
    }
}
