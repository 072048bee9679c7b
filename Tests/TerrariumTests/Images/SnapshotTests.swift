// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Copies of sandboxes: snapshots, forks, rollback, and what is stored of them.
@Suite(.timeLimit(.minutes(10)))
struct SnapshotTests {
    private func sandbox() throws -> Sandbox {
        Sandbox(try TestImage.python, limits: TestImage.patient)
    }

    @Test("A snapshot keeps variables, files and open files, and can be restored again and again")
    func restore() async throws {
        let sandbox = try sandbox()
        try await sandbox.exec("x = [1]\nf = open('/log', 'w+')\nf.write('before ')")
        let snapshot = try await sandbox.snapshot()
        try await sandbox.exec("x.append(2)\nf.write('lost')")
        for _ in 0..<3 {
            let restored = Sandbox(restoring: snapshot, limits: TestImage.patient)
            try await restored.exec("f.write('after')\nf.flush()")
            #expect(try await restored.eval("x, open('/log').read()").description == "[[1], 'before after']")
        }
        #expect(try await sandbox.eval("x").description == "[1, 2]")
    }

    @Test("Forks go their own ways, and share no random numbers unless asked to")
    func fork() async throws {
        let sandbox = try sandbox()
        try await sandbox.exec("import random\nx = 1\nrandom.random()\nnumpy.random.random()")
        let first = try await sandbox.fork()
        let second = try await sandbox.fork()
        try await first.exec("x = 'first'")
        #expect(try await second.eval("x").description == "1")
        #expect(try await first.eval("x").description == "first")
        let third = try await sandbox.fork(sharesRandomness: true)
        let fourth = try await sandbox.fork(sharesRandomness: true)
        for random in ["random.random()", "numpy.random.random()"] {
            let numbers = [
                try await sandbox.eval(random), try await first.eval(random), try await second.eval(random),
            ]
            #expect(Set(numbers).count == 3)
            #expect(try await third.eval(random) == fourth.eval(random))
        }
    }

    @Test("A program that breaks the seeding of random numbers harms only itself: its sandbox can be forked")
    func brokenSeeding() async throws {
        let sandbox = try sandbox()
        try await sandbox.exec(
            "import random, os\nx = 1\nrandom.seed = None\ndef urandom(n): raise SystemExit\nos.urandom = urandom"
        )
        #expect(try await sandbox.fork().eval("x").description == "1")
        try await sandbox.exec("del random.seed, os.urandom\nimport sys\nsys.modules.clear()")
        #expect(try await sandbox.fork().eval("x").description == "1")
    }

    @Test("Rollback brings back what was, and refuses snapshots of other images")
    func rollback() async throws {
        let sandbox = try sandbox()
        try await sandbox.exec("x = 1")
        let snapshot = try await sandbox.snapshot()
        try await sandbox.exec("x = 2\nopen('/new', 'w').close()")
        try await sandbox.rollback(to: snapshot)
        #expect(try await sandbox.eval("x, __import__('os').path.exists('/new')").description == "[1, False]")

        let other = try await TestImage.python.derived { try await $0.exec("y = 1") }
        let foreign = try await Sandbox(other).snapshot()
        let error = await #expect(throws: SandboxError.self) { try await sandbox.rollback(to: foreign) }
        #expect(error?.code == .invalidSnapshot)
    }

    @Test(
        "A session is not lost to a time-out, a crash, an exit or a cancelled task",
        arguments: [
            "while True:\n  try:\n    while True: pass\n  except BaseException: pass", "sum(range(10 ** 12))",
            "import os\nos._exit(3)", "import os\nos.abort()",
        ]
    )
    func neverLost(statements: String) async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        limits.grace = .milliseconds(100)
        let sandbox = Sandbox(try TestImage.python, limits: limits)
        try await sandbox.exec("x = ['kept']\nopen('/file', 'w').write('kept too')")
        await #expect(throws: (any Error).self) { try await sandbox.exec("x.append('lost')\n\(statements)") }
        #expect(try await sandbox.eval("x, open('/file').read()").description == "[['kept'], 'kept too']")

        let task = Task { try await sandbox.exec("x.append('cancelled')\nwhile True: pass") }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(try await sandbox.eval("'cancelled' in x").description == "False")
    }

    @Test("At its time limit a program gets a TimeoutError, can clean up, and keeps its state")
    func softTimeLimit() async throws {
        var limits = Limits()
        limits.time = .milliseconds(200)
        limits.grace = .seconds(20)
        let sandbox = Sandbox(try TestImage.python, limits: limits)
        let error = await #expect(throws: PythonError.self) {
            try await sandbox.exec("log = []\ntry:\n  while True: pass\nfinally:\n  log.append('cleaned up')")
        }
        #expect(error?.type == "TimeoutError")
        #expect(try await sandbox.eval("log").description == "['cleaned up']")
    }

    @Test("Sleep counts against the time limit, and ends with it")
    func sleep() async throws {
        var limits = Limits()
        limits.time = .milliseconds(200)
        limits.grace = .seconds(20)
        let sandbox = Sandbox(try TestImage.python, limits: limits)
        let error = await #expect(throws: PythonError.self) {
            try await sandbox.exec("import time\nx = 1\ntime.sleep(3600)\nx = 2")
        }
        #expect(error?.type == "TimeoutError")
        #expect(try await sandbox.eval("x").description == "1")
    }

    @Test("A processor-time limit does not count sleep")
    func processorTime() async throws {
        var limits = Limits()
        limits.time = .seconds(60)
        limits.processorTime = .milliseconds(150)
        let sandbox = Sandbox(try TestImage.python, limits: limits)
        try await sandbox.exec("import time\ntime.sleep(0.4)")
        let error = await #expect(throws: PythonError.self) { try await sandbox.exec("while True: pass") }
        #expect(error?.type == "TimeoutError")
    }

    @Test("A stored snapshot restores, also by another loading of the image")
    func storing() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "session")
        let sandbox = try sandbox()
        try await sandbox.exec("x = list(range(1000))\nopen('/f', 'wb').write(bytes(range(256)) * 100)")
        try await sandbox.snapshot().write(to: file)
        let again = try Image.python(parts: Parts(folder: URL(filePath: HostTools.partsFolder)))
        let restored = Sandbox(restoring: try Snapshot(contentsOf: file, image: again), limits: TestImage.patient)
        #expect(try await restored.eval("sum(x), len(open('/f', 'rb').read())").description == "[499500, 25600]")
    }

    @Test("Damaged, truncated, foreign and made-up snapshots are refused with a reason")
    func damaged() async throws {
        let image = try TestImage.python
        let sandbox = try sandbox()
        try await sandbox.exec("x = 1")
        let good = try await sandbox.snapshot().encoded()
        _ = try Snapshot(decoding: good, image: image, name: "good")

        func isRefused(_ bytes: [UInt8]) -> Bool {
            do {
                _ = try Snapshot(decoding: bytes, image: image, name: "bad")
                return false
            } catch {
                return error.code == .invalidSnapshot
            }
        }
        var generator = SystemRandomNumberGenerator()
        for length in [0, 1, 7, 8, 40, good.count / 2, good.count - 1] {
            #expect(isRefused(Array(good.prefix(length))))
        }
        for _ in 0..<200 {
            var bytes = good
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            #expect(isRefused(bytes))
        }
        let other = try await image.derived { try await $0.exec("y = 1") }
        #expect(isRefused(try await Sandbox(other).snapshot().encoded()))
    }

    @Test("Unchanged pages are shared between a snapshot and the next")
    func sharing() async throws {
        let sandbox = try sandbox()
        try await sandbox.exec("x = bytearray(8 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1")
        let first = try await sandbox.snapshot()
        try await sandbox.exec("y = 1")
        let second = try await sandbox.snapshot()
        // Where an array's elements are, which is the same only if the arrays are one.
        func place(_ changes: [UInt8]) -> UInt { unsafe changes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
        let known = Set(first.pages.changes.map(place))
        let shared = second.pages.changes.count { known.contains(place($0)) }
        #expect(first.pages.numbers.count > 2_000)
        #expect(shared > 2_000)
        #expect(first.byteCount < 2_000 * 100)
    }

    @Test("A tree of sessions behaves as a model of it does, through thousands of steps")
    func model() async throws {
        let image = try TestImage.python
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(state: seed)
        var sessions: [(sandbox: Sandbox, model: [Int])] = [(Sandbox(image, limits: TestImage.patient), [])]
        var snapshots: [(snapshot: Snapshot, model: [Int])] = []
        try await sessions[0].sandbox.exec("v = []")
        for step in 0..<2_000 {
            let index = Int.random(in: 0..<sessions.count, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...3:
                try await sessions[index].sandbox.exec("v.append(\(step))")
                sessions[index].model.append(step)
            case 4:
                sessions.append((try await sessions[index].sandbox.fork(), sessions[index].model))
            case 5:
                snapshots.append((try await sessions[index].sandbox.snapshot(), sessions[index].model))
            case 6 where !snapshots.isEmpty:
                let chosen = snapshots[Int.random(in: 0..<snapshots.count, using: &generator)]
                try await sessions[index].sandbox.rollback(to: chosen.snapshot)
                sessions[index].model = chosen.model
            case 7 where !snapshots.isEmpty:
                let chosen = snapshots[Int.random(in: 0..<snapshots.count, using: &generator)]
                sessions.append((Sandbox(restoring: chosen.snapshot, limits: TestImage.patient), chosen.model))
            case 8 where sessions.count > 1: sessions.remove(at: index)
            default:
                let value = try await sessions[index].sandbox.eval("v")
                #expect(value.description == "\(sessions[index].model)", "step \(step) of seed \(seed)")
            }
            if sessions.count > 12 { sessions.removeFirst(6) }
            if snapshots.count > 12 { snapshots.removeFirst(6) }
        }
        for (sandbox, model) in sessions {
            #expect(try await sandbox.eval("v").description == "\(model)", "at the end of seed \(seed)")
        }
    }
}

/// SplitMix64, so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
