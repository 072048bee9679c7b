// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

/// Attacks on what lies outside of the sandbox.
@Suite(.timeLimit(.minutes(5)))
struct IsolationTests {
    @Test(
        "Nothing of the host is reachable",
        arguments: [
            "open('/etc/passwd').read()", "__import__('os').listdir('/etc')", "open('/etc/x', 'w')",
            "open('../../../../etc/passwd').read()", "__import__('os').listdir('/proc')",
            "__import__('socket').create_connection(('127.0.0.1', 22), 1)", "__import__('os').system('id')",
            "__import__('subprocess').run(['id'])", "__import__('os').fork()", "__import__('os').kill(1, 9)",
            "__import__('urllib.request').request.urlopen('http://127.0.0.1/')",
            "__import__('socket').gethostbyname('example.com')", "__import__('multiprocessing').Process().start()",
        ]
    )
    func nothingIsReachable(expression: String) async throws {
        let result = try await TerrariumBinary.run([expression])
        #expect(result.outputText.hasPrefix("eval error: "), "\(result.outputText)")
        #expect(result.exitCode == 1)
    }

    @Test("The environment is empty")
    func environment() async throws {
        let result = try await TerrariumBinary.run(
            ["import os, sys", "[k for k in os.environ if k != 'PYTHONHOME'], sys.argv[1:]"],
            variables: ["SECRET": "do not tell"]
        )
        #expect(!result.outputText.contains("SECRET"))
        let values = try await TerrariumBinary.run(
            ["import os", "repr(dict(os.environ))"],
            variables: ["SECRET": "do not tell"]
        )
        #expect(!values.outputText.contains("do not tell"))
    }

    @Test("Two sandboxes never share a sequence of random numbers")
    func randomness() async throws {
        let statements = "import random, os, secrets, uuid, tempfile"
        let expressions = [
            "random.random()", "random.getrandbits(64)", "os.urandom(8).hex()", "secrets.token_hex(8)",
            "str(uuid.uuid4())", "next(tempfile._get_candidate_names())", "random.Random().random()",
        ]
        for expression in expressions {
            let first = try await TerrariumBinary.run([statements, expression]).outputText
            let second = try await TerrariumBinary.run([statements, expression]).outputText
            #expect(first.hasPrefix("result: "))
            #expect(first != second, "\(expression)")
        }
    }

    @Test(
        "A guest that ends or crashes its interpreter is an error of the sandbox, not of the process",
        arguments: [
            "import os; os.abort()", "import os; os.kill(os.getpid(), 9)",
            "import ctypes", "import sys; sys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
            "a = []\nfor _ in range(10**6): a = [a]\nrepr(a)", "import json; json.loads('[' * 10**6)",
            "eval('(' * 10**5 + ')' * 10**5)", "l = []\nwhile True: l.append(bytes(10**6))",
        ]
    )
    func crashes(statements: String) async throws {
        let result = try await TerrariumBinary.run(["--time-limit", "60", statements, "1"])
        #expect([1, 125].contains(result.exitCode), "\(result.exitCode) \(result.outputText) \(result.errorText)")
        #expect(!(result.outputText + result.errorText).isEmpty)
    }
}
