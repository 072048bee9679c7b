// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// What the command line says of mistakes that people make.
@Suite(.timeLimit(.minutes(5)))
struct HintTests {
    @Test("A module or a file that lies beside the script is named with the option that copies it")
    func filesBesideTheScript() async throws {
        let folder = try TemporaryFolder()
        try folder.write("helper.py", "answer = 42\n")
        try folder.write("package/__init__.py", "")
        try folder.write("data/in.csv", "1")
        let cases: [(source: String, file: String, option: String)] = [
            ("import helper", "helper.py", "--file FOLDER/helper.py copies"),
            ("from package.part import x", "package", "--file FOLDER/package copies"),
            ("open('data/in.csv')", "data/in.csv", "--file FOLDER/data/in.csv=/data/in.csv copies"),
        ]
        for (source, file, option) in cases {
            let script = try folder.write("script.py", source)
            let result = try await TerrariumBinary.run(["run", script.path])
            let path = folder.url.resolvingSymlinksInPath().path
            let expected = "hint: FOLDER/\(file) is not in the sandbox; \(option) it there.\n"
            #expect(result.exitCode == 1)
            #expect(
                result.errorText.hasSuffix(expected.replacingOccurrences(of: "FOLDER", with: path)),
                "\(result.errorText)"
            )
        }
    }

    @Test("A program's own error names no file of the host outside of the folder")
    func forgedErrors() async throws {
        let folder = try TemporaryFolder()
        try folder.write("secret.txt", "")
        let long = String(repeating: "x", count: 5_000)
        for path in ["../secret.txt", "/etc/passwd", "./../secret.txt", "..", "a'b", long] {
            let script = try folder.write("inner/script.py", "raise FileNotFoundError(\(path.debugDescription))")
            let result = try await TerrariumBinary.run(["run", script.path])
            #expect(result.exitCode == 1 && !result.errorText.contains("hint:"), "\(result.errorText)")
            let quoted = try folder.write("inner/script.py", "open(\(path.debugDescription))")
            let missing = try await TerrariumBinary.run(["run", quoted.path])
            #expect(missing.exitCode == 1 && !missing.errorText.contains("hint:"), "\(missing.errorText)")
        }
    }

    @Test("Code that is no script imports the files that it was given")
    func modulesOfOnesOwn() async throws {
        let folder = try TemporaryFolder()
        let module = try folder.write("helper.py", "answer = 42\n").path
        let script = try folder.write("script.py", "import helper\nprint(helper.answer)\n").path
        let commands: [(arguments: [String], input: String)] = [
            (["--file", module, "import helper", "helper.answer"], ""),
            (["--file", module, "-q", "-f", script], ""),
            (["--file", module, "-q", "-"], "import helper\nprint(helper.answer)\n"),
            (["run", "--file", module, script], ""),
            (["repl", "-q", "--no-history", "--file", module], "import helper\nhelper.answer\n"),
        ]
        for (arguments, input) in commands {
            let result = try await TerrariumBinary.run(arguments, input: input)
            #expect(result.exitCode == 0 && result.outputText.contains("42\n"), "\(arguments) \(result.errorText)")
        }
        let path = try await TerrariumBinary.run(["import sys", "sys.path[0]"])
        #expect(path.outputText == "result: \n", "As with python -c.")
        let inScript = try folder.write("path.py", "import sys; print(sys.path[:1], '' in sys.path)").path
        #expect(try await TerrariumBinary.run(["run", inScript]).outputText == "['/'] False\n")
    }

    @Test("Hints name the limit that was reached, and none that was not")
    func limits() async throws {
        func hints(_ code: String, _ options: [String] = []) async throws -> [String] {
            let result = try await TerrariumBinary.run(options + [code])
            #expect(result.exitCode != 0)
            return result.errorText.split(separator: "\n").filter { $0.hasPrefix("hint:") }.map(String.init)
        }
        // More than the parser's own stack takes.
        let deep = String(repeating: "not ", count: 9_000) + "1"
        #expect(try await !hints(deep).contains { $0.contains("memory") })
        let file = "open('/f', 'wb').write(bytes(1 << 20) * 25)"
        #expect(try await hints(file, ["--memory-limit", "40MiB"]).first?.contains("--memory-limit") == true)
        #expect(try await hints("(f := lambda n: f(n + 1))(0)").first?.contains("sys.setrecursionlimit") == true)
        let large = try await TerrariumBinary.run(["--memory-limit", "5GiB", "1"])
        #expect(large.exitCode == 2 && large.errorText.contains("at most 4GiB"))
    }

    @Test("What does not fit into the sandbox is a fault of the command line that names the limit")
    func largeFile() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "large.bin")
        try Data(count: 60 << 20).write(to: file)
        let refused = try await TerrariumBinary.run(["--file", file.path, "1"])
        #expect(refused.exitCode == 2 && refused.errorText.contains("--memory-limit"), "\(refused.errorText)")
        let fits = try await TerrariumBinary.run(["--memory-limit", "100MiB", "--file", file.path, "2 + 2"])
        #expect(fits.outputText == "result: 4\n", "\(fits.errorText)")
    }

    @Test("A script's name instead of a program, and a minus at the beginning, are answered with the right command")
    func otherCommands() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("script.py", "print(1)").path
        let named = try await TerrariumBinary.run([script])
        #expect(named.errorText.contains("`terrarium run \(script)` runs it."), "\(named.errorText)")
        let negative = try await TerrariumBinary.run(["-1 + 2"])
        #expect(negative.exitCode == 2 && negative.errorText.contains("terrarium -- '-1 + 2'"), "\(negative.errorText)")
        #expect(try await TerrariumBinary.run(["--", "-1 + 2"]).outputText == "result: 1\n")
        for contents in ["", "\0asn", "print(1)"] {
            let wasm = try folder.write("broken.wasm", contents).path
            let broken = try await TerrariumBinary.run(["run", wasm])
            #expect(broken.exitCode == 2 && broken.errorText.contains("is no WebAssembly"), "\(broken.errorText)")
        }
    }

    @Test("With --json, faults of the command line are JSON as well")
    func jsonFailures() async throws {
        let cases = [
            ["--json", "-f", "/nonexistent/file"], ["--json", "--file", "/nonexistent/file", "1"],
            ["--json", "--image", "/nonexistent/file", "1"], ["--json", "--restore", "/nonexistent/file", "1"],
            ["--json", "--component", "/nonexistent/file", "1"],
        ]
        for arguments in cases {
            let result = try await TerrariumBinary.run(arguments)
            let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
            #expect(result.exitCode == 2 && object?["status"] as? String == "failed", "\(arguments)")
            let error = object?["error"] as? [String: String]
            #expect(error?["message"]?.contains("/nonexistent/file") == true, "\(result.outputText)")
        }
    }

    @Test("Set-up scripts of an image have limits if they are given, and Ctrl-C ends them with 130")
    func builds() async throws {
        let folder = try TemporaryFolder()
        let image = folder.url.appending(path: "i.terrarium").path
        let endless = try folder.write("endless.py", "print('ready', flush=True)\nwhile True: pass\n").path
        let late = try await TerrariumBinary.run(
            ["build", "-q", "--time-limit", "300ms", "--run", endless, "-o", image]
        )
        #expect(late.exitCode == 124 && late.errorText.contains("--time-limit"), "\(late.errorText)")
        let large = try folder.write("large.py", "x = bytes(100 << 20)").path
        let refused = try await TerrariumBinary.run(
            ["build", "-q", "--memory-limit", "20MiB", "--run", large, "-o", image]
        )
        #expect(refused.exitCode == 1 && refused.errorText.contains("--memory-limit"), "\(refused.errorText)")
        let program = """
            import signal, subprocess, sys
            child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            child.stdout.readline()
            child.send_signal(signal.SIGINT)
            child.communicate()
            print(child.returncode, end='')
            """
        let arguments = [try TerrariumBinary.path, "build", "-q", "--run", endless, "-o", image]
        #expect(try await HostPython.run(program, arguments) == "130")
        #expect(!FileManager.default.fileExists(atPath: image))
    }

    @Test("Code in C that never looks for Ctrl-C is stopped by two presses, as a note says after the first")
    func heedlessCode() async throws {
        let program = """
            import signal, subprocess, sys, time
            child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
            child.stdout.readline()
            # By then it is in the C code, and not on the way there.
            time.sleep(1)
            child.send_signal(signal.SIGINT)
            print(child.stderr.readline().decode(), end='')
            child.send_signal(signal.SIGINT)
            child.send_signal(signal.SIGINT)
            while child.poll() is None: child.send_signal(signal.SIGINT)
            print(child.returncode, end='')
            """
        for code in ["sum(range(10**12))", "re.match('(a+)+$', 'a' * 60 + 'b')"] {
            let source = "import re; print('ready', flush=True); \(code)"
            let arguments = [try TerrariumBinary.path, "-q", "--time-limit", "none", source, "1"]
            let printed = try await HostPython.run(program, arguments)
            #expect(printed.contains("pressed twice") && printed.hasSuffix("130"), "\(printed)")
        }
    }
}
