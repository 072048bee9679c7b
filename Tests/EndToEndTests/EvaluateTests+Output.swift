// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// The values that are printed, as text and as JSON.
extension EvaluateTests {
    @Test("JSON values print as the original demo's host prints them")
    func printsAsTheOriginalDemo() async throws {
        let expressions = [
            "'it\\'s'", "['it\\'s', '\"']", "{'a': {'b': [1, 2.5, None, True]}}", "10 ** 40", "1e16", "-0.0", "[]",
            "{}",
            "'\\u2028é\\x00'", "['\\u2028é\\x00😀']", "[float('nan'), float('inf')]", "''", "0.1 + 0.2",
        ]
        for expression in expressions {
            let expected = try await HostPython.run(
                "import json\nvalue = json.loads(json.dumps(\(expression)))\nprint(f'result: {value}')"
            )
            let result = try await TerrariumBinary.run(["--", expression])
            #expect(result.outputText == expected, "\(expression)")
        }
    }

    @Test("Other values print as Python shows them")
    func printsAsPython() async throws {
        let expressions = [
            "{1: 'int', '1': 'str'}", "{1: 2, None: 3}", "(1, 2)", "(1,)", "()", "[(1, 2)]", "{'a': (1, 2)}",
            "{(1, 2): 3}",
            "b'\\x00a'", "{1}", "frozenset()", "1 + 2j", "range(3)", "__import__('datetime').date(2020, 1, 2)",
            "__import__('datetime').timedelta(days=1, seconds=2)", "__import__('decimal').Decimal('1.10')",
            "__import__('fractions').Fraction(1, 3)", "__import__('collections').Counter('aab')",
            "__import__('collections').namedtuple('P', 'x y')(1, 2)", "__import__('pathlib').PurePosixPath('/a')",
            "__import__('http').HTTPStatus.OK", "__import__('array').array('i', [1, 2])", "'\\ud800' == '\\ud800'",
            "list(range(300_000))[-1]", "type", "len", "Ellipsis", "bytearray(b'a')",
            "__import__('types').SimpleNamespace(a=1)",
        ]
        for expression in expressions {
            let expected = try await HostPython.run("value = \(expression)\nprint(f'result: {value!r}')")
            let result = try await TerrariumBinary.run(["--", expression])
            #expect(result.outputText == expected, "\(expression)")
        }
    }

    @Test("A value whose text is very long prints as a whole")
    func longText() async throws {
        let result = try await TerrariumBinary.run(["-q", "list(range(200_000))"])
        #expect(result.outputText == "[" + (0..<200_000).map(String.init).joined(separator: ", ") + "]\n")
    }

    @Test("--json prints one JSON object whatever happens")
    func json() async throws {
        let cases: [(arguments: [String], status: String)] = [
            (["print('x')", "[1, float('nan'), '\\n\"']"], "ok"), (["1 / 0"], "exception"),
            (["--time-limit", "300ms", "while True: pass", "1"], "timeout"),
            (["import os; os._exit(1)", "1"], "exited"), (["import sys; sys.exit('text')"], "exited"),
            (["import os; os.abort()", "1"], "failed"), (["raise KeyError(1)", "1"], "exception"),
        ]
        for (arguments, status) in cases {
            let result = try await TerrariumBinary.run(["--json"] + arguments)
            let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
            #expect(object?["status"] as? String == status, "\(arguments)")
            let key = status == "ok" ? "text" : status == "exited" ? "code" : "error"
            #expect(object?[key] != nil, "\(arguments)")
            #expect(object?["stdout"] is String && object?["stderr"] is String)
        }
        let shown = try await TerrariumBinary.run(["--json", "display(1)", "await __import__('asyncio').sleep(0, 2)"])
        #expect(
            shown.outputText == """
                {"status": "ok", "value": 2, "text": "2", "stdout": "", "stderr": "", "displays": [{"text/plain": "1"}]}
                """ + "\n"
        )
        let raised = try await TerrariumBinary.run(["--json", "1 / 0"])
        #expect(raised.outputText.contains(#""traceback": "Traceback (most recent call last):\n"#))
    }

    @Test("--json says the numbers of an array, its type and shape, or the file that has a large one")
    func jsonArrays() async throws {
        let cases = [
            ("numpy.arange(6).reshape(2, 3) / 2", #"[[0,0.5,1],[1.5,2,2.5]]"#, #""float64""#, "[2,3]", "null"),
            ("numpy.array(['a', 'b'])", #"["a","b"]"#, "null", "null", "null"),
            (
                "numpy.array([0.5, 65504, -2**-15, float('inf')], 'f2')", "[0.5,65504,-3.0517578125e-05,null]",
                #""float16""#, "[4]", "null"
            ),
            ("numpy.array([True, False])", "[true,false]", #""bool""#, "[2]", "null"),
            ("numpy.zeros((2, 0), 'u1')", "[[],[]]", #""uint8""#, "[2,0]", "null"),
            ("numpy.array([1j])", "null", #""complex128""#, "[1]", "null"),
            ("{'a': numpy.arange(2, dtype='i8')}", #"{"a":[0,1]}"#, "null", "null", "null"),
            ("{1: 2}", "null", "null", "null", "null"),
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

    @Test("A large array is a file that NumPy reads, and is copied out where there is a folder for it")
    func largeArray() async throws {
        let out = try TemporaryFolder()
        let expression = "numpy.arange(200_000, dtype='i4').reshape(400, 500)"
        let result = try await TerrariumBinary.run(["--json", "--out", out.url.path, expression])
        #expect(result.outputText.contains(#""file": "/out/result.npy""#), "\(result.outputText)")
        let file = out.url.appending(path: "result.npy").path
        let read = try await TerrariumBinary.run(
            [
                "--file", file, "x = numpy.load('/result.npy')",
                "[x.shape == (400, 500), str(x.dtype), int(x[399, 499])]",
            ]
        )
        #expect(read.outputText == "result: [True, 'int32', 199999]\n", "\(read.errorText)")
    }
}
