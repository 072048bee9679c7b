// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium [statements…] expression`, the interface of the original demo.
@Suite(.timeLimit(.minutes(5)))
struct EvaluateTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let output: String
        var exitCode: Int32 = 0
        var testDescription: String { arguments.joined(separator: " | ") }
    }

    @Test(
        "The examples print what they are documented to print",
        arguments: [
            Example(arguments: ["2 + 2"], output: "result: 4"),
            Example(arguments: ["def foo(): return 42", "foo()"], output: "result: 42"),
            Example(arguments: ["global foo\ndef foo(): return 42", "foo()"], output: "result: 42"),
            Example(
                arguments: ["foo = bytes(100 * 1024 * 1024)", "foo[42]"],
                output: "exec error: MemoryError",
                exitCode: 1
            ),
            Example(
                arguments: ["numpy.matmul([[1, 2], [4, 5], [6, 7]], [[1, 2, 3], [4, 5, 6]]).tolist()"],
                output: "result: [[9, 12, 15], [24, 33, 42], [34, 47, 60]]"
            ),
            Example(
                arguments: ["import numpy as np", "np.linspace(0, 1, 3) @ np.array([1, 2, 3.5])"],
                output: "result: 4.5"
            ),
            Example(arguments: ["1 / 0"], output: "eval error: ZeroDivisionError: division by zero", exitCode: 1),
            Example(arguments: ["{1, 2}"], output: "result: {1, 2}"),
            Example(arguments: ["a = 1", "b = a + 1", "[a, b, a + b]"], output: "result: [1, 2, 3]"),
            Example(arguments: ["print('hi')", "None"], output: "hi\nresult: None"),
            Example(arguments: ["--", "-1"], output: "result: -1"),
            Example(arguments: ["--quiet", "'plain'"], output: "plain"),
            Example(arguments: ["  2 + 2"], output: "result: 4"),
            Example(
                arguments: ["--memory-limit", "200MB", "x = bytes(100 << 20)", "len(x)"],
                output: "result: 104857600"
            ),
        ]
    )
    func examples(example: Example) async throws {
        let result = try await TerrariumBinary.run(example.arguments)
        #expect(result.outputText == example.output + "\n")
        if example.exitCode == 0 {
            #expect(result.errorText == "")
        } else {
            // The original demo has none.
            #expect(result.errorText.hasPrefix("Traceback (most recent call last):\n"))
        }
        #expect(result.exitCode == example.exitCode)
    }

    @Test(
        "The first things that people try work as at Python's prompt or in a file",
        arguments: [
            Example(arguments: ["import asyncio", "await asyncio.sleep(0.01, 5)"], output: "result: 5\n"),
            Example(
                arguments: ["import asyncio\nasync def f(): return 7", "asyncio.run(f())"],
                output: "result: 7\n"
            ),
            Example(
                arguments: ["def f():\n  import asyncio\n  return asyncio.run(asyncio.sleep(0, 8))", "f()"],
                output: "result: 8\n"
            ),
            Example(arguments: ["display('shown')"], output: "'shown'\nresult: None\n"),
            Example(arguments: ["input('name? ')"], output: "name? result: Ada\n"),
            Example(arguments: ["a = input()", "[a, input()]"], output: "result: ['Ada', 'Eve']\n"),
            Example(arguments: ["import math\nmath.sqrt(9)"], output: "result: 3.0\n"),
            Example(arguments: ["x = 5"], output: ""),
            Example(arguments: ["x = 5", "for i in range(2): print(i)"], output: "0\n1\n"),
            Example(arguments: ["if __name__ == '__main__': print('main')"], output: "main\n"),
            Example(arguments: ["import sys; sys.exit(3)", "1"], output: "", exitCode: 3),
            Example(arguments: ["exit()", "1"], output: ""),
            Example(arguments: ["raise SystemExit(4)"], output: "", exitCode: 4),
            Example(arguments: ["import os; os._exit(3)", "1"], output: "", exitCode: 3),
            Example(arguments: ["import os", "os._exit(0)"], output: ""),
        ]
    )
    func firstThings(example: Example) async throws {
        let result = try await TerrariumBinary.run(example.arguments, input: "Ada\nEve\n")
        #expect(result.outputText == example.output)
        #expect(result.errorText == "")
        #expect(result.exitCode == example.exitCode)
    }

    @Test("A value whose repr raises, or that is a number of thousands of digits, ends in an error or its text")
    func unprintable() async throws {
        let raising = try await TerrariumBinary.run(["class A:\n    def __repr__(self): return 1 / 0", "A()"])
        #expect(raising.outputText == "eval error: ZeroDivisionError: division by zero\n")
        #expect(raising.exitCode == 1)
        let long = try await TerrariumBinary.run(["10**5000"])
        #expect(long.outputText == "result: 1\(String(repeating: "0", count: 5000))\n")
        let hidden = try await TerrariumBinary.run(["class A:\n    def __repr__(self): raise SystemExit(9)", "A()"])
        #expect([1, 9].contains(hidden.exitCode), "\(hidden.outputText) \(hidden.errorText)")
    }

    @Test("Standard input is the program's to read, unless --no-stdin keeps it")
    func standardInput() async throws {
        let lines = "import sys\nsys.stdin.buffer.read()"
        let read = try await TerrariumBinary.run([lines], input: "é\r\nb")
        #expect(read.outputText == "result: b'\\xc3\\xa9\\r\\nb'\n")
        let kept = try await TerrariumBinary.run(["--no-stdin", lines], input: "secret")
        #expect(kept.outputText == "result: b''\n")
        // Nobody waits for the end of a pipe that has none.
        let endless = try await TerrariumBinary.shell("yes | $T 'input()'")
        #expect(endless.outputText == "result: y\n")
        let late = try await TerrariumBinary.shell("sleep 3 | { $T --time-limit 300ms 'input()'; echo $?; }")
        #expect(late.outputText == "timeout!\n124\n")
    }

    @Test(
        "An endless program and one that sleeps end at the time limit",
        arguments: ["while True: pass", "import time; time.sleep(60)", "sum(range(10 ** 12))"]
    )
    func timeLimit(statements: String) async throws {
        let clock = ContinuousClock()
        var result: Subprocess?
        let elapsed = try await clock.measure {
            result = try await TerrariumBinary.run(["--time-limit", "700ms", statements, "1"])
        }
        #expect(result?.outputText == "timeout!\n")
        #expect(result?.exitCode == 124)
        #expect(elapsed > .milliseconds(700))
    }

    @Test(
        "Where memory runs out inside NumPy, in C++ too, the program gets a MemoryError and nothing worse",
        arguments: [
            "numpy.unique_values(x).size", "numpy.fft.fft(x[:9973]).size", "numpy.unique(x[:50000].astype('T')).size",
            "numpy.sort(x.astype('i2'), kind='stable').size",
        ]
    )
    func memoryOfNumPy(expression: String) async throws {
        var codes: Set<Int32> = []
        for kilobytes in stride(from: 3_000, to: 15_000, by: 1_500) {
            let result = try await TerrariumBinary.run(
                ["--memory-limit", "\(kilobytes)KB", "x = numpy.arange(300_000, dtype='f8')", expression]
            )
            #expect(result.exitCode == 0 || result.outputText.contains("MemoryError"), "\(kilobytes) KB")
            codes.insert(result.exitCode)
        }
        #expect(codes == [0, 1])
    }

    @Test("A limit that was reached is named with its size and the option that raises it")
    func hints() async throws {
        let cases: [(arguments: [String], hint: String)] = [
            (["x = bytes(100 << 20)", "1"], "may use 64 MiB of memory on top of the image's own; --memory-limit"),
            (["--time-limit", "300ms", "while True: pass", "1"], "may take 300 ms; --time-limit"),
            (["--output-limit", "1KB", "print('x' * 2000)"], "may print 1000 bytes; --output-limit"),
            (["--cpu-limit", "200ms", "while True: pass", "1"], "may take 200 ms of processor time; --cpu-limit"),
        ]
        for (arguments, hint) in cases {
            let result = try await TerrariumBinary.run(arguments)
            #expect(result.errorText.contains("hint: The program \(hint) allows more.\n"), "\(result.errorText)")
            #expect(result.errorText.contains("Traceback"), "\(result.errorText)")
            let quiet = try await TerrariumBinary.run(["-q"] + arguments)
            #expect(!quiet.errorText.contains("hint"))
        }
    }

    @Test("The options of a sandbox hold for eval, run, repl and snapshot alike")
    func sharedOptions() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("in.txt", "contents")
        let out = folder.url.appending(path: "out")
        let program = """
            import os; open('/out/o.txt', 'w').write(os.environ['A'] + os.environ['B'] + open('/data/in.txt').read())
            """
        let script = try folder.write("script.py", program)
        let options = [
            "--env", "A=a=b", "--inherit-env", "B", "--file", "\(file.path)=/data/in.txt", "--out", out.path,
            "--memory-limit", "80MB",
        ]
        let stored = folder.url.appending(path: "stored").path
        let commands: [(arguments: [String], input: String)] = [
            (["eval", "-q"] + options + [program], ""), (["run", "-q"] + options + [script.path], ""),
            (["repl", "-q"] + options, program + "\n"), (["snapshot", "-q", "-o", stored] + options + [program], ""),
        ]
        for (arguments, input) in commands {
            let result = try await TerrariumBinary.run(arguments, input: input, variables: ["B": "B"])
            #expect(result.exitCode == 0, "\(arguments): \(result.errorText)")
            let written = out.appending(path: "o.txt")
            #expect(try String(contentsOf: written, encoding: .utf8) == "a=bBcontents", "\(arguments[0])")
            try FileManager.default.removeItem(at: out)
        }
        // A restored sandbox has what the stored one had.
        let restored = try await TerrariumBinary.run(["--restore", stored, "open('/data/in.txt').read()"])
        #expect(restored.outputText == "result: contents\n")
        let none = try await TerrariumBinary.run(["--time-limit", "none", "import time; time.sleep(5.2)", "1"])
        #expect(none.outputText == "result: 1\n")
    }

    @Test("Scripts come from a file or from standard input, of any length and with any characters")
    func scripts() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("script.py", "größe = '日本'\nprint(größe, '😀')\n")
        let fromFile = try await TerrariumBinary.run(["-f", script.path, "größe * 2"])
        #expect(fromFile.outputText == "日本 😀\nresult: 日本日本\n")

        let long = "x = '" + String(repeating: "äöü", count: 200_000) + "'\nprint(len(x))"
        let fromInput = try await TerrariumBinary.run(["-"], input: long)
        #expect(fromInput.outputText == "600000\n")
        #expect(fromInput.exitCode == 0)

        let latin = folder.url.appending(path: "latin.py")
        try Data([0x23, 0x20] + Array("coding: latin-1\nx = '".utf8) + [0xE9, 0x27]).write(to: latin)
        #expect(try await TerrariumBinary.run(["-f", latin.path, "x"]).outputText == "result: é\n")
        let failing = try folder.write("failing.py", "def f():\n    raise ValueError('no')\nf()\n")
        let failed = try await TerrariumBinary.run(["-f", failing.path, "1"])
        #expect(failed.outputText == "exec error: ValueError: no\n" && failed.exitCode == 1)
        #expect(failed.errorText.contains("failing.py\", line 2, in f\n    raise ValueError('no')\n"))
    }

    @Test("What a program prints arrives before it ends, on the stream that it chose")
    func streams() async throws {
        let result = try await TerrariumBinary.run(
            ["import sys; print('out'); print('err', file=sys.stderr); sys.stdout.buffer.write(b'\\xff\\n')", "1"]
        )
        #expect(result.output == Data("out\n".utf8) + [0xFF, 0x0A] + Data("result: 1\n".utf8))
        #expect(result.errorText == "err\n")

        let stopped = try await TerrariumBinary.run(["--time-limit", "500ms", "print('first')\nwhile True: pass", "1"])
        #expect(stopped.outputText == "first\ntimeout!\n")
        #expect(stopped.errorText.contains("line 2, in <module>"))
    }

    @Test(
        "A command line that cannot be right is refused in one sentence",
        arguments: [
            [], ["--bogus"], ["--memory-limit", "much", "1"], ["--time-limit", "0", "1"], ["--wasi", "1"],
            ["--component", "/dev/null", "--image", "x", "1"], ["--env", "nothing", "1"],
            ["--restore", "/dev/null", "1"],
            ["--file", "/nonexistent/file", "1"],
            ["-f", "/nonexistent/file"], ["--component", "/nonexistent/file", "1"], ["--component", "/dev/null", "1"],
            ["-f", "x.py", "-"],
        ]
    )
    func usage(arguments: [String]) async throws {
        let result = try await TerrariumBinary.run(arguments)
        #expect(result.exitCode == 2)
        #expect(result.outputText == "")
        #expect(!result.errorText.isEmpty)
    }
}
