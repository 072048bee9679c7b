// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// The devices and folders that a program expects to find, as Python and as the host see them.
@Suite(.timeLimit(.minutes(5)))
struct DeviceTests {
    private func sandbox(_ limits: Limits = TestImage.patient) async throws -> Sandbox {
        Sandbox(try await TestImage.python, limits: limits)
    }

    private func run(_ code: String, input: [UInt8] = []) async throws -> Run {
        let run = try await sandbox().run(Program(code, standardInput: .bytes(input)))
        #expect(run.error == nil, "\(run.error?.rendered ?? "")")
        return run
    }

    @Test("/dev/null takes everything and is empty, /dev/zero and /dev/urandom have no end")
    func devices() async throws {
        let run = try await run(
            """
            import os
            with open('/dev/null', 'w') as file:
                written = file.write('x' * 1_000_000)
            with open('/dev/null', 'ab') as file:
                appended = file.write(b'x')
            null = open('/dev/null').read(), open('/dev/null', 'rb').read(10), os.path.getsize('/dev/null')
            zero = open('/dev/zero', 'rb')
            zeros = [len(zero.read(n)) for n in (0, 1, 100_000)], zero.read(100_000).count(0)
            random = open('/dev/urandom', 'rb').read(1_000), open('/dev/random', 'rb').read(1_000)
            [written, appended, *null, *zeros, len(set(random[0])) > 100, random[0] != random[1]]
            """
        )
        #expect(run.value == [1_000_000, 1, "", .bytes([]), 0, [0, 1, 100_000], 100_000, true, true])
    }

    @Test("Standard streams are files, too")
    func streams() async throws {
        let run = try await run(
            """
            import sys
            print(open('/dev/stdout', 'w').write('to output\\n'))
            open('/dev/stderr', 'w').write('to errors\\n')
            print(repr(open('/dev/stdin').readline()), repr(sys.stdin.read()))
            """,
            input: Array("first\nsecond\n".utf8)
        )
        #expect(run.output.contains("to output\n"))
        #expect(run.errorOutput == "to errors\n")
        #expect(run.output.contains("first"))
    }

    @Test("Bytes of a random device in a deterministic sandbox are those of its seed")
    func deterministic() async throws {
        let program: Program = "open('/dev/urandom', 'rb').read(32)"
        func bytes(seed: UInt64) async throws -> PythonValue? {
            try await Sandbox(
                try await TestImage.python,
                limits: TestImage.patient,
                determinism: Determinism(seed: seed)
            ).run(program).value
        }
        #expect(try await bytes(seed: 1) == bytes(seed: 1))
        #expect(try await bytes(seed: 1) != bytes(seed: 2))
    }

    @Test("A folder for temporary files and a home are there, and a program can write to both")
    func folders() async throws {
        let run = try await run(
            """
            import os, pathlib, tempfile
            with tempfile.NamedTemporaryFile('w+') as file:
                file.write('x')
                temporary = os.path.dirname(file.name)
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / 'a').write_text('b')
            home = pathlib.Path.home()
            (home / '.config').mkdir()
            (home / '.config' / 'tool').write_text('x')
            [temporary, os.listdir('/tmp'), str(home), os.path.expanduser('~/x'), os.listdir(home)]
            """
        )
        #expect(run.value == ["/tmp", [], "/home/user", "/home/user/x", [".config"]])
    }

    @Test(
        "A device can be neither replaced nor removed, so that what a library writes to it goes nowhere",
        arguments: [
            "os.remove('/dev/null')", "os.rename('/dev/null', '/x')", "os.rename('/tmp/a', '/dev/null')",
            "open('/dev/new', 'w')", "os.mkdir('/dev/new')", "os.rmdir('/dev')", "os.symlink('/tmp', '/dev/link')",
            "os.truncate('/dev/null', 5)", "os.listdir('/dev/null')", "open('/dev/null/x')",
        ]
    )
    func protected(statement: String) async throws {
        let sandbox = try await sandbox()
        let run = try await sandbox.run(Program("import os\nopen('/tmp/a', 'w').close()\n\(statement)"))
        #expect(run.error != nil)
        let names = try await sandbox.evaluate("sorted(os.listdir('/dev'))", as: [String].self)
        #expect(names == ["null", "random", "stderr", "stdin", "stdout", "urandom", "zero"])
        #expect(try await sandbox.evaluate("open('/dev/null', 'w').write('x')") == 1)
    }

    @Test("The host finds devices in listings, nothing in them, cannot write to them, and copies none out")
    func host() async throws {
        let sandbox = try await sandbox()
        let entries = try await sandbox.list("/dev").sorted { $0.name < $1.name }
        #expect(entries.map(\.name) == ["null", "random", "stderr", "stdin", "stdout", "urandom", "zero"])
        #expect(entries.allSatisfy { $0.kind == .other && $0.byteCount == 0 })
        for entry in entries {
            // Nothing is stored in it, and the host does not draw from it.
            #expect(try await sandbox.read("/dev/\(entry.name)") == [])
            let write = await #expect(throws: SandboxError.self) { try await sandbox.write("/dev/\(entry.name)", [1]) }
            #expect(write?.code == .file)
        }
        let folder = try TemporaryFolder()
        let out = folder.url.appending(path: "out")
        #expect(try await sandbox.copy("/dev", to: out) == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: out.path) == [])
        await #expect(throws: SandboxError.self) { try await sandbox.remove("/dev") }
        #expect(try await sandbox.list("/dev").count == 7)
    }

    @Test("Devices take no part of the quota of files")
    func quota() async throws {
        var limits = TestImage.patient
        (limits.fileBytes, limits.fileCount) = (1 << 16, 20)
        let sandbox = try await sandbox(limits)
        let run = try await sandbox.run(
            "for _ in range(100): open('/dev/null', 'wb').write(bytes(1 << 16))\nopen('/tmp/a', 'wb').write(bytes(1 << 15))"
        )
        #expect(run.error == nil, "\(run.error?.rendered ?? "")")
        #expect(run.value == PythonValue(1 << 15))
    }

    @Test("Reading a device without end ends at the program's limits")
    func endless() async throws {
        var limits = Limits()
        limits.time = .seconds(60)
        let sandbox = try await sandbox(limits)
        for device in ["zero", "urandom"] {
            let run = try await sandbox.run(Program("open('/dev/\(device)', 'rb').read()"))
            #expect(run.error?.type == "MemoryError")
        }
    }

    @Test("Open devices go on in a copy")
    func copies() async throws {
        let sandbox = try await sandbox()
        _ = try await sandbox.run("null, zero = open('/dev/null', 'w'), open('/dev/zero', 'rb')\nzero.read(5)")
        let restored = try Sandbox(restoring: try await sandbox.snapshot(), limits: TestImage.patient)
        #expect(
            try await restored.evaluate("[null.write('abc'), zero.read(3)]", as: PythonValue.self) == [
                3, .bytes([0, 0, 0]),
            ]
        )
    }
}
