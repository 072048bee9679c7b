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
            Example(arguments: ["raise SystemExit(3)", "1"], output: "exec error: SystemExit: 3", exitCode: 1),
            Example(
                arguments: ["--memory-limit", "200MB", "x = bytes(100 << 20)", "len(x)"],
                output: "result: 104857600"
            ),
        ]
    )
    func examples(example: Example) async throws {
        let result = try await TerrariumBinary.run(example.arguments)
        #expect(result.outputText == example.output + "\n")
        #expect(result.errorText == "")
        #expect(result.exitCode == example.exitCode)
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

    @Test("Values print as the original demo's host prints them")
    func printsAsTheOriginalDemo() async throws {
        let expressions = [
            "'it\\'s'", "['it\\'s', '\"']", "{'a': {'b': (1, 2.5, None, True)}}", "10 ** 40", "1e16", "-0.0", "[]",
            "{}",
            "'\\u2028é\\x00'", "['\\u2028é\\x00😀']", "[float('nan'), float('inf')]", "{1: 2, None: 3}", "''",
            "0.1 + 0.2",
        ]
        for expression in expressions {
            let expected = try await HostPython.run(
                "import json\nvalue = json.loads(json.dumps(\(expression)))\nprint(f'result: {value}')"
            )
            let result = try await TerrariumBinary.run(["--", expression])
            #expect(result.outputText == expected, "\(expression)")
        }
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
    }

    @Test("--json prints one JSON object whatever happens")
    func json() async throws {
        let cases: [(arguments: [String], status: String)] = [
            (["print('x')", "[1, float('nan'), '\\n\"']"], "ok"), (["1 / 0"], "exception"),
            (["--time-limit", "300ms", "while True: pass", "1"], "timeout"),
            (["import os; os._exit(1)", "1"], "failed"),
        ]
        for (arguments, status) in cases {
            let result = try await TerrariumBinary.run(["--json"] + arguments)
            let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
            #expect(object?["status"] as? String == status, "\(arguments)")
            #expect(status == "ok" ? object?["text"] != nil : object?["error"] != nil)
            #expect(object?["stdout"] is String)
        }
    }

    @Test("--json says the numbers of an array, its type and shape, or the file that has a large one")
    func jsonArrays() async throws {
        let cases = [
            ("numpy.arange(6).reshape(2, 3) / 2", #"[[0,0.5,1],[1.5,2,2.5]]"#, #""float64""#, "[2,3]", "null"),
            ("numpy.array(['a', 'b'])", #"["a","b"]"#, #""<U1""#, "[2]", "null"),
            ("numpy.int64(2**40)", "1099511627776", "null", "null", "null"),
            ("[1, numpy.eye(1)]", "[1,[[1]]]", "null", "null", "null"),
            ("numpy.zeros((500, 400), 'f4')", "null", #""float32""#, "[500,400]", #""\/result.npy""#),
        ]
        for (expression, value, type, shape, file) in cases {
            let result = try await TerrariumBinary.run(["--json", expression])
            let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
            for (key, expected) in [("value", value), ("dtype", type), ("shape", shape), ("file", file)] {
                let found = try JSONSerialization.data(
                    withJSONObject: object[key] ?? NSNull(),
                    options: [.fragmentsAllowed]
                )
                #expect(String(decoding: found, as: UTF8.self) == expected, "\(expression): \(key)")
            }
        }
    }

    @Test(
        "A command line that cannot be right is refused in one sentence",
        arguments: [
            [], ["--bogus"], ["--memory-limit", "much", "1"], ["--time-limit", "0", "1"], ["--wasi", "1"],
            ["-f", "/nonexistent"], ["--component", "/nonexistent", "1"], ["--component", "/dev/null", "1"],
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
