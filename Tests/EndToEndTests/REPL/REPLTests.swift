// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium repl`, typed at through a pipe and through a terminal.
@Suite(.timeLimit(.minutes(5)))
struct REPLTests {
    /// What is printed for inputs, without the prompts.
    private func type(_ input: String, _ options: [String] = []) async throws -> (output: String, error: String) {
        let result = try await TerrariumBinary.run(["repl", "-q"] + options, input: input)
        #expect(result.exitCode == 0, "\(result.errorText)")
        return (result.outputText, result.errorText)
    }

    @Test("Values are shown, _ is the last one, blocks go on to an empty line")
    func values() async throws {
        let typed = try await type("6 * 7\n_ + 1\nNone\nfor i in range(2):\n    print(i)\n\nx = [1,\n2]\nx\n")
        #expect(typed.output == "42\n43\n0\n1\n[1, 2]\n")
        #expect(typed.error == "")
    }

    @Test("An input ends where Python's own prompt ends it, and shows what that shows")
    func inputs() async throws {
        let lines = """
            x = [
              1,

              2]
            x
            1; 2; 3
            for i in range(3): i

            for i in range(2):
                i
                if i: None

            if x:
                'yes'
            else:
                'no'

            def f():
                return 4

            f(); _ + 1
            class A:
                def g(self):
                    return 5

            A().g()
            @property
            def p(self): pass

            type(p).__name__
            t = \"\"\"a

            b\"\"\"
            t
            1 + \\
            2
            try: 1 / 0
            except ZeroDivisionError: 'caught'

            # a comment

            lambda: (
            3)()
            with open('/dev/null') as h: h.closed

            """ + "\n"
        let expected = try await Subprocess.run(
            HostPython.program,
            ["-q", "-i", "-c", ""],
            input: Data(lines.utf8)
        )
        let typed = try await type(lines)
        let plain = { (text: String) in text.replacing(/0x[0-9a-f]+/, with: "0x") }
        #expect(plain(typed.output) == plain(expected.outputText))
    }

    @Test("A traceback is Python's own, and the session goes on")
    func errors() async throws {
        let typed = try await type("def f(): return 1 / 0\n\nf()\n'on'\n")
        #expect(typed.output == "'on'\n")
        #expect(typed.error.hasPrefix("Traceback (most recent call last):\n"))
        #expect(typed.error.contains("def f(): return 1 / 0"))
        #expect(typed.error.hasSuffix("ZeroDivisionError: division by zero\n"))
        #expect(try await type("x = = 1\n").error.contains("SyntaxError"))
    }

    @Test("await works at the prompt, and input() reads what is typed next")
    func waiting() async throws {
        let typed = try await type("import asyncio\nawait asyncio.sleep(0.01, 'slept')\nname = input()\nAda\nname\n")
        #expect(typed.output == "'slept'\n'Ada'\n")
    }

    @Test("%undo takes back, %fork and %switch keep sessions apart, %save and %load store one")
    func commands() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "session").path
        let typed = try await type(
            """
            x = 1
            x = 2
            %undo
            x
            %fork
            x = 3
            %switch 1
            x
            %switch 2
            x
            %save \(file)
            %unknown
            %undo
            %undo
            %undo
            %undo
            %undo
            """ + "\n"
        )
        #expect(typed.output == "1\nThis is sandbox 2; %switch goes back to another.\n1\n3\n")
        #expect(typed.error.contains("There is no %unknown") && typed.error.contains("nothing to undo"))
        #expect(try await type("x\n", ["--restore", file]).output == "3\n")
        #expect(try await type("%load \(file)\nx + 1\n").output == "4\n")
    }

    @Test("A time limit ends an input; sys.exit ends the session with its code")
    func ends() async throws {
        let typed = try await type("while True: pass\n\n'on'\n", ["--time-limit", "300ms"])
        #expect(typed.error.contains("TimeoutError") && typed.output == "'on'\n")
        let result = try await TerrariumBinary.run(["repl", "-q"], input: "import sys\nsys.exit(3)\n1\n")
        #expect(result.exitCode == 3 && result.outputText == "")
    }

    @Test("At a terminal: Tab completes, the arrow up repeats, Ctrl-C interrupts and keeps the session")
    func terminal() async throws {
        try await atTerminal(
            """
            wait(b'>>> '); send(b'import math; kept = 5\\r')
            wait(b'>>> '); send(b'math.fact\\t')
            wait(b'math.factorial'); send(b'(5)\\r')
            wait(b'120'); wait(b'>>> ')
            send(b'\\x1b[A\\r'); wait(b'120'); wait(b'>>> ')
            send(b'while True: pass\\r'); wait(b'... '); send(b'\\r')
            time.sleep(1); send(b'\\x03')
            wait(b'KeyboardInterrupt'); wait(b'>>> ')
            send(b'kept + 37\\r'); wait(b'42'); wait(b'>>> ')
            send(b'for kept in iter(lambda: 6, 7): pass\\r'); wait(b'... '); send(b'\\r')
            time.sleep(1); send(b'\\x03')
            wait(b'KeyboardInterrupt'); wait(b'>>> ')
            send(b'kept + 38\\r'); wait(b'44'); wait(b'>>> ')
            send(b'input("wh" + "at?")\\r'); wait(b'what?'); send(b'\\x03')
            wait(b'KeyboardInterrupt'); wait(b'>>> ')
            send(b'half a line\\x03'); wait(b'>>> ')
            """
        )
    }

    @Test("What was typed at the prompt is there the next time, for its user alone, unless it is not wanted")
    func history() async throws {
        let state = try TemporaryFolder()
        let file = state.url.appending(path: "terrarium/repl-history")
        let question = "print('go' 't', input('wh' 'o?'))"
        let typing = """
            wait(b'>>> '); send(b"\(question)\\r"); wait(b'who?'); send(b'private\\r'); wait(b'got private'); wait(b'>>> ')
            """
        try await atTerminal(typing, ["--no-history"], state: state.url)
        #expect(!FileManager.default.fileExists(atPath: file.path))
        try await atTerminal("\(typing); send(b'20 + 22\\r'); wait(b'42'); wait(b'>>> ')", state: state.url)
        #expect(try String(contentsOf: file, encoding: .utf8) == "\(question)\n20 + 22\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try await atTerminal(
            "wait(b'>>> '); send(b'\\x1b[A'); wait(b'20 + 22'); send(b'\\r'); wait(b'42'); wait(b'>>> ')",
            state: state.url
        )
    }

    /// Types at a terminal, which Python's `pty` plays, and ends the session; without a folder for it, no history is kept.
    private func atTerminal(_ script: String, _ options: [String] = [], state: URL? = nil) async throws {
        let program = """
            import os, pty, sys, time, select
            pid, fd = pty.fork()
            if pid == 0:
                os.execv(sys.argv[1], [sys.argv[1], 'repl', '-q', *sys.argv[2:]])
            seen = b''
            def wait(text):
                global seen
                end = time.time() + 60
                while text not in seen:
                    if time.time() > end: sys.exit(f'{text!r} did not come: {seen!r}')
                    if select.select([fd], [], [], 1)[0]: seen += os.read(fd, 4096)
                seen = seen.split(text, 1)[1]
            def send(text): os.write(fd, text)
            \(script)
            send(b'\\x04')
            print('status', os.waitpid(pid, 0)[1])
            """
        var environment = ProcessInfo.processInfo.environment
        environment["XDG_STATE_HOME"] = state?.path
        let result = try await Subprocess.run(
            HostPython.program,
            ["-c", program, TerrariumBinary.path] + (state == nil ? ["--no-history"] : options),
            environment: environment
        )
        #expect(result.outputText == "status 0\n", "\(result.errorText)")
    }
}
