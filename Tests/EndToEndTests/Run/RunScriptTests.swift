// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium run` with a Python script.
@Suite(.timeLimit(.minutes(5)))
struct RunScriptTests {
    private func run(
        _ source: String,
        _ options: [String] = [],
        _ arguments: [String] = [],
        input: String = ""
    ) async throws -> Subprocess {
        let folder = try TemporaryFolder()
        let script = try folder.write("script.py", source)
        return try await TerrariumBinary.run(["run", "-q"] + options + [script.path] + arguments, input: input)
    }

    @Test("A script gets its arguments, variables, files and input, and its results come out")
    func grants() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("in.csv", "a,b\n1,2\n")
        try folder.write("tree/deep/x.txt", "x")
        let out = folder.url.appending(path: "results")
        let result = try await run(
            """
            import csv, os, sys
            rows = list(csv.reader(open('in.csv')))
            os.makedirs('/out/sub')
            open('/out/sub/total.txt', 'w').write(str(sum(map(int, rows[1]))))
            print(sys.argv[1:], os.environ['KIND'], open('/tree/deep/x.txt').read(), sys.stdin.read())
            print('warned', file=sys.stderr)
            """,
            [
                "--file", file.path, "--file", folder.url.appending(path: "tree").path, "--out", out.path,
                "--env", "KIND=test's",
            ],
            ["-v", "two"],
            input: "typed"
        )
        #expect(result.exitCode == 0)
        #expect(result.outputText == "['-v', 'two'] test's x typed\n" && result.errorText == "warned\n")
        #expect(try String(contentsOf: out.appending(path: "sub/total.txt"), encoding: .utf8) == "3")
    }

    @Test("Exit codes are those of a script: 1 for an exception, its own, 124 for the time limit")
    func exitCodes() async throws {
        let raised = try await run("def f(): raise ValueError('no')\nf()")
        #expect(raised.exitCode == 1)
        #expect(raised.errorText.contains("File \"/script.py\", line 2, in <module>\n    f()\n"))
        #expect(raised.errorText.hasSuffix("ValueError: no\n"))
        #expect(try await run("import sys\nsys.exit(7)").exitCode == 7)
        #expect(try await run("import os\nos._exit(3)").exitCode == 3)
        let caught = try await run(
            "try:\n    while True: pass\nexcept TimeoutError: print('late')",
            ["--time-limit", "300ms"]
        )
        #expect(caught.exitCode == 124 && caught.outputText == "late\n")
        #expect(try await run("while True: pass", ["--time-limit", "300ms"]).exitCode == 124)
        #expect(try await run("sum(range(10 ** 12))", ["--time-limit", "300ms"]).exitCode == 124)
        #expect(try await run("x = bytes(100 << 20)", ["--memory-limit", "20MB"]).exitCode == 1)
    }

    @Test("Files and variables of the host are not there unless granted, and standard input can be kept away")
    func nothingGranted() async throws {
        let result = try await run(
            "import os, sys\nprint(repr(sys.stdin.read()), sorted(os.listdir('/')), 'SECRET' in os.environ)",
            ["--no-stdin"],
            input: "secret"
        )
        #expect(result.outputText == "'' ['dev', 'home', 'script.py', 'tmp'] False\n", "\(result.errorText)")
    }

    @Test("Other scripts that are copied in can be imported, and so can the script itself")
    func imports() async throws {
        let folder = try TemporaryFolder()
        let helper = try folder.write("helper.py", "x = 3\n")
        try folder.write("package/__init__.py", "from .inner import y\n")
        try folder.write("package/inner.py", "y = 4\n")
        let result = try await run(
            "import helper, package, script\nprint(helper.x, package.y, helper.__file__, script.__name__, __name__)",
            ["--file", helper.path, "--file", folder.url.appending(path: "package").path]
        )
        #expect(
            result.outputText == "3 4 /helper.py script script\n3 4 /helper.py script __main__\n",
            "\(result.errorText)"
        )
    }

    @Test("--out says what it leaves out: links and special files")
    func leftOut() async throws {
        let folder = try TemporaryFolder()
        let out = folder.url.appending(path: "results")
        let result = try await run(
            """
            import os
            os.makedirs('/out/sub')
            open('/out/sub/file', 'w').write('x')
            os.symlink('/etc/passwd', '/out/sub/evil\\x1b[31m')
            for i in range(7): os.symlink('sub', f'/out/{i}')
            """,
            ["--out", out.path]
        )
        #expect(result.exitCode == 0)
        #expect(result.errorText.hasPrefix("terrarium: Links and special files are not copied out: "))
        #expect(result.errorText.hasSuffix(" and 3 more.\n"), "\(result.errorText)")
        #expect(!result.errorText.contains("\u{1B}"))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: out.path).sorted() == ["sub", "sub/file"])
        #expect(try await run("open('/out/x', 'w')", ["--out", out.path]).errorText == "")
    }

    @Test(
        "A file that is left open is copied out whole, also after sys.exit and an exception",
        arguments: ["", "sys.exit(3)", "1 / 0"]
    )
    func openFiles(end: String) async throws {
        let folder = try TemporaryFolder()
        let result = try await run(
            """
            import atexit, sys
            f = open('/out/text', 'w'); f.write('text')
            b = open('/out/bytes', 'wb'); b.write(b'bytes')
            atexit.register(lambda: f.write(' and more'))
            \(end)
            """,
            ["--out", folder.url.path]
        )
        #expect(result.exitCode == (end.isEmpty ? 0 : end.hasPrefix("sys") ? 3 : 1))
        for (name, contents) in [("text", "text and more"), ("bytes", "bytes")] {
            #expect(try String(contentsOf: folder.url.appending(path: name), encoding: .utf8) == contents)
        }
    }

    @Test("A script comes from standard input or a pipe as well")
    func pipes() async throws {
        let piped = try await TerrariumBinary.run(
            ["run", "-q", "-", "a"],
            input: "import sys\nprint(sys.argv, __name__)\n"
        )
        #expect(piped.outputText == "['<stdin>', 'a'] __main__\n", "\(piped.errorText)")
        let folder = try TemporaryFolder()
        let line = "cd '\(folder.url.path)' && mkfifo p && { echo 'print(input())' > p & echo Ada | $T run -q p; }"
        let result = try await TerrariumBinary.shell(line)
        #expect(result.outputText == "Ada\n", "\(result.errorText)")
    }

    @Test("Standard input is live: a prompt shows before the answer is typed, and answers are taken as they come")
    func liveInput() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("script.py", "a = input('first? ')\nb = input('second? ')\nprint(a + b)\n")
        let program = """
            import os, subprocess, sys
            child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
            def wait(text):
                seen = b''
                while not seen.endswith(text): seen += child.stdout.read(1) or sys.exit(f'{seen!r}')
            wait(b'first? '); child.stdin.write(b'a\\n')
            wait(b'second? '); child.stdin.write(b'b\\n')
            print(child.stdout.read(), child.wait())
            """
        let printed = try await HostPython.run(program, [TerrariumBinary.path, "run", "-q", script.path])
        #expect(printed == "b'ab\\n' 0\n")
    }

    @Test("Ctrl-C interrupts a script as it interrupts python; pressed twice, it ends one that goes on")
    func interrupts() async throws {
        let ending = "import atexit\natexit.register(print, 'bye')\n"
        let heedless =
            "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: print('no', flush=True)\n"
        let cases: [(source: String, presses: Int, output: String)] = [
            (ending + "print('ready', flush=True)\nwhile True: pass\n", 1, "bye\n"),
            ("import time\nprint('ready', flush=True)\ntime.sleep(60)\n", 1, ""),
            ("print('ready', flush=True)\ninput()\n", 1, ""),
            (
                "import asyncio\nasync def f():\n    print('ready', flush=True)\n    try: await asyncio.sleep(60)\n"
                    + "    finally: print('cleaned up')\nasyncio.run(f())\n", 1, "cleaned up\n"
            ),
            ("try:\n    print('ready', flush=True)\n    while True: pass\nexcept KeyboardInterrupt: exit(5)\n", 1, ""),
            ("print('ready', flush=True)\n" + heedless, 2, "no\n"),
        ]
        let folder = try TemporaryFolder()
        for (source, presses, output) in cases {
            let script = try folder.write("script.py", source)
            let program = """
                import signal, subprocess, sys, time
                child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                child.stdout.readline()
                for _ in range(int(sys.argv[1])):
                    time.sleep(0.2)
                    child.send_signal(signal.SIGINT)
                output, error = child.communicate()
                print(output.decode(), error.decode().splitlines()[-1:], child.returncode, sep='|', end='')
                """
            let arguments = ["run", "-q", "--time-limit", "1min", script.path]
            let printed = try await HostPython.run(program, ["\(presses)", TerrariumBinary.path] + arguments)
            let last = presses == 1 && !source.contains("exit(5)") ? "['KeyboardInterrupt']" : "[]"
            #expect(printed == "\(output)|\(last)|\(source.contains("exit(5)") ? 5 : 130)", "\(source)")
        }
    }

    @Test("A script runs in an image or a stored sandbox, whose files it finds")
    func images() async throws {
        let folder = try TemporaryFolder()
        let (image, stored) = (folder.url.appending(path: "i.terrarium").path, folder.url.appending(path: "s").path)
        let setUp = try folder.write("setup.py", "open('/ready', 'w').write('yes')\nimport colorsys\n")
        let built = try await TerrariumBinary.run(["build", "-q", "--run", setUp.path, "-o", image])
        #expect(built.exitCode == 0, "\(built.errorText)")
        let source = "import sys\nprint(open('/ready').read(), 'colorsys' in sys.modules)"
        #expect(try await run(source, ["--image", image]).outputText == "yes True\n")
        let snapshot = try await TerrariumBinary.run(
            ["snapshot", "-q", "--image", image, "-o", stored, "open('/ready', 'a').write('!')"]
        )
        #expect(snapshot.exitCode == 0)
        let restored = try await run(source, ["--image", image, "--restore", stored])
        #expect(restored.outputText == "yes! True\n", "\(restored.errorText)")
    }

    @Test("What is for components is refused")
    func componentOptions() async throws {
        #expect(try await run("1", ["--network"]).exitCode == 2)
        #expect(try await run("1", ["--file", "/does/not/exist"]).exitCode == 2)
        #expect(try await TerrariumBinary.run(["run", "/"]).errorText.hasSuffix("cannot be read: Is a directory.\n"))
    }
}
