// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import Terrarium

/// Attacks from inside of an image's sandbox.
///
/// Each ends in an error of that sandbox alone: the next user of its memory slot
/// finds nothing of it.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct HostileGuestTests {
    private func attack(_ statements: String, limits: Limits? = nil) async throws {
        var standard = Limits()
        standard.time = .seconds(30)
        let image = try await TestImage.python
        let sandbox = Sandbox(image, limits: limits ?? standard)
        await #expect(throws: (any Error).self) { try await sandbox.execute("loot = 'x' * 1000\n\(statements)") }
        #expect(try await sandbox.described("1 + 1") == "2")
        for _ in 0..<3 {
            let next = Sandbox(image, limits: TestImage.patient)
            let left = try await next.described("'loot' in globals(), __import__('os').listdir('/')")
            #expect(left == "[False, ['dev', 'home', 'tmp']]")
        }
    }

    @Test("Memory bomb")
    func memory() async throws {
        try await attack("l = []\nwhile True: l.append(bytes(10 ** 6))")
        try await attack("x = 'a'\nwhile True: x += x")
    }

    @Test("Memory filled to the last byte, so that not even an expression can be compiled")
    func lastByte() async throws {
        let sandbox = Sandbox(try await TestImage.python, limits: TestImage.patient)
        let before = try await sandbox.snapshot()
        await #expect(throws: PythonError.self) {
            try await sandbox.execute("l = []\nwhile True: l.append(open('/f', 'w'))")
        }
        do {
            _ = try await sandbox.described("1 + 1")
        } catch is PythonError {
            // A MemoryError, or what CPython makes of one that it has no memory for.
        }
        try await sandbox.rollback(to: before)
        #expect(try await sandbox.described("1 + 1") == "2")
    }

    @Test("File bomb")
    func files() async throws {
        try await attack("n = 0\nwhile True:\n  n += 1\n  open(f'/f{n}', 'wb').write(bytes(1 << 20))")
        try await attack("import os\nn = 0\nwhile True:\n  n += 1\n  os.mkdir(f'/d{n}')")
    }

    @Test("Handle bomb")
    func handles() async throws {
        // With the standard memory limit, the buffers of the files fill the memory first, to the last byte.
        var limits = TestImage.patient
        limits.memoryBytes = 1 << 30
        try await attack("l = []\nwhile True: l.append(open('/f', 'w'))", limits: limits)
    }

    @Test("Recursion without limit")
    func recursion() async throws {
        try await attack("def f(): f()\nf()")
        try await attack("import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()")
        try await attack("a = []\nfor _ in range(10 ** 6): a = [a]\nrepr(a)")
        try await attack("import json\njson.loads('[' * 10 ** 6)")
    }

    @Test("Fork bomb, threads and processes")
    func processes() async throws {
        try await attack("import os\nos.fork()")
        try await attack("import subprocess\nsubprocess.run(['id'])")
        try await attack("import multiprocessing\nmultiprocessing.Process(target=print).start()")
        try await attack("import os\nos.kill(1, 9)")
    }

    @Test("Ending the interpreter")
    func exits() async throws {
        try await attack("import sys\nsys.exit(0)")
        try await attack("import os\nos._exit(0)")
        try await attack("import os\nos.abort()")
        try await attack("import signal\nsignal.raise_signal(signal.SIGABRT)")
    }

    @Test("A way out of the file system")
    func pathEscape() async throws {
        try await attack("open('/etc/passwd')")
        try await attack("open('../../../../../../etc/passwd')")
        try await attack("import os\nos.symlink('/../../../etc', '/l')\nopen('/l/passwd')")
    }

    @Test("Corrupting the interpreter's own memory")
    func corruption() async throws {
        // Without ctypes the way to wild memory accesses is made-up bytecode.
        try await attack(
            """
            import types
            def f(): pass
            for seed in range(400):
                import random
                r = random.Random(seed)
                code = bytes(r.randrange(256) for _ in range(64))
                try:
                    types.FunctionType(f.__code__.replace(co_code=code, co_stacksize=1), {})()
                except Exception:
                    pass
            raise SystemExit
            """
        )
    }
}
