// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Copies of sandboxes: snapshots, forks, rollback, and what is stored of them.
@Suite(.timeLimit(.minutes(10)))
struct SnapshotTests {
    private func sandbox() async throws -> Sandbox {
        Sandbox(try await TestImage.python, limits: TestImage.patient)
    }

    @Test("A snapshot keeps variables, files and open files, and can be restored again and again")
    func restore() async throws {
        let sandbox = try await sandbox()
        try await sandbox.execute("x = [1]\nf = open('/log', 'w+')\nf.write('before ')")
        let snapshot = try await sandbox.snapshot()
        try await sandbox.execute("x.append(2)\nf.write('lost')")
        for _ in 0..<3 {
            let restored = try Sandbox(restoring: snapshot, limits: TestImage.patient)
            try await restored.execute("f.write('after')\nf.flush()")
            #expect(try await restored.described("x, open('/log').read()") == "[[1], 'before after']")
        }
        #expect(try await sandbox.described("x") == "[1, 2]")
    }

    @Test("Forks go their own ways, and share no random numbers unless asked to")
    func fork() async throws {
        let sandbox = try await sandbox()
        try await sandbox.execute("import random\nx = 1\nrandom.random()\nnumpy.random.random()")
        let first = try await sandbox.fork()
        let second = try await sandbox.fork()
        try await first.execute("x = 'first'")
        #expect(try await second.described("x") == "1")
        #expect(try await first.described("x") == "first")
        let third = try await sandbox.fork(sharesRandomness: true)
        let fourth = try await sandbox.fork(sharesRandomness: true)
        for random in ["random.random()", "numpy.random.random()"] {
            let numbers = [
                try await sandbox.described(random), try await first.described(random),
                try await second.described(random),
            ]
            #expect(Set(numbers).count == 3)
            #expect(try await third.described(random) == fourth.described(random))
        }
    }

    @Test("A program that breaks the seeding of random numbers harms only itself: its sandbox can be forked")
    func brokenSeeding() async throws {
        let sandbox = try await sandbox()
        try await sandbox.execute(
            "import random, os\nx = 1\nrandom.seed = None\ndef urandom(n): raise SystemExit\nos.urandom = urandom"
        )
        #expect(try await sandbox.fork().described("x") == "1")
        try await sandbox.execute("del random.seed, os.urandom\nimport sys\nsys.modules.clear()")
        #expect(try await sandbox.fork().described("x") == "1")
    }

    @Test("Rollback brings back what was, and refuses snapshots of other images")
    func rollback() async throws {
        let sandbox = try await sandbox()
        try await sandbox.execute("x = 1")
        let snapshot = try await sandbox.snapshot()
        try await sandbox.execute("x = 2\nopen('/new', 'w').close()")
        try await sandbox.rollback(to: snapshot)
        #expect(try await sandbox.described("x, __import__('os').path.exists('/new')") == "[1, False]")

        let other = try await TestImage.python.derived { try await $0.execute("y = 1") }
        let foreign = try await Sandbox(other).snapshot()
        let error = await #expect(throws: SandboxError.self) { try await sandbox.rollback(to: foreign) }
        #expect(error?.code == .invalidSnapshot)
    }

    @Test(
        "A sandbox is not lost to a time-out, a crash, an exit or a cancelled task",
        arguments: [
            "while True:\n  try:\n    while True: pass\n  except BaseException: pass", "sum(range(10 ** 12))",
            "import os\nos._exit(3)", "import os\nos.abort()",
        ]
    )
    func neverLost(statements: String) async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        limits.grace = .milliseconds(100)
        let sandbox = Sandbox(try await TestImage.python, limits: limits)
        try await sandbox.execute("x = ['kept']\nopen('/file', 'w').write('kept too')")
        await #expect(throws: (any Error).self) { try await sandbox.execute("x.append('lost')\n\(statements)") }
        #expect(try await sandbox.described("x, open('/file').read()") == "[['kept'], 'kept too']")

        let task = Task { try await sandbox.execute("x.append('cancelled')\nwhile True: pass") }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(try await sandbox.described("'cancelled' in x") == "False")
    }

    @Test("At its time limit a program gets a TimeoutError, can clean up, and keeps its state")
    func softTimeLimit() async throws {
        var limits = Limits()
        limits.time = .milliseconds(200)
        limits.grace = .seconds(20)
        let sandbox = Sandbox(try await TestImage.python, limits: limits)
        let error = await #expect(throws: PythonError.self) {
            try await sandbox.execute("log = []\ntry:\n  while True: pass\nfinally:\n  log.append('cleaned up')")
        }
        #expect(error?.type == "TimeoutError")
        #expect(try await sandbox.described("log") == "['cleaned up']")
    }

    @Test("Sleep counts against the time limit, and ends with it")
    func sleep() async throws {
        var limits = Limits()
        limits.time = .milliseconds(200)
        limits.grace = .seconds(20)
        let sandbox = Sandbox(try await TestImage.python, limits: limits)
        let error = await #expect(throws: PythonError.self) {
            try await sandbox.execute("import time\nx = 1\ntime.sleep(3600)\nx = 2")
        }
        #expect(error?.type == "TimeoutError")
        #expect(try await sandbox.described("x") == "1")
    }

    @Test("A processor-time limit does not count sleep")
    func processorTime() async throws {
        var limits = Limits()
        limits.time = .seconds(60)
        limits.processorTime = .milliseconds(150)
        let sandbox = Sandbox(try await TestImage.python, limits: limits)
        try await sandbox.execute("import time\ntime.sleep(0.4)")
        let error = await #expect(throws: PythonError.self) { try await sandbox.execute("while True: pass") }
        #expect(error?.type == "TimeoutError")
    }

    @Test("A stored snapshot restores, also by another loading of the image")
    func storing() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "sandbox")
        let sandbox = try await sandbox()
        try await sandbox.execute("x = list(range(1000))\nopen('/f', 'wb').write(bytes(range(256)) * 100)")
        try await sandbox.snapshot().write(to: file)
        let again = try await Image.python(parts: Parts(folder: URL(filePath: HostTools.partsFolder)))
        let restored = try Sandbox(restoring: await Snapshot(contentsOf: file, image: again), limits: TestImage.patient)
        #expect(try await restored.described("sum(x), len(open('/f', 'rb').read())") == "[499500, 25600]")
    }

    @Test("Damaged, truncated, foreign and made-up snapshots are refused with a reason")
    func damaged() async throws {
        let image = try await TestImage.python
        let sandbox = try await sandbox()
        try await sandbox.execute("x = 1")
        let good = try await sandbox.snapshot().encoded()
        _ = try Snapshot(decoding: good, image: image)

        func isRefused(_ bytes: [UInt8]) -> Bool {
            do {
                _ = try Snapshot(decoding: bytes, image: image)
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
        let other = try await image.derived { try await $0.execute("y = 1") }
        #expect(isRefused(try await Sandbox(other).snapshot().encoded()))
    }

    @Test("Unchanged pages are shared between a snapshot and the next")
    func sharing() async throws {
        let sandbox = try await sandbox()
        try await sandbox.execute("x = bytearray(8 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1")
        let first = try await sandbox.snapshot()
        try await sandbox.execute("y = 1")
        let second = try await sandbox.snapshot()
        // Where an array's elements are, which is the same only if the arrays are one.
        func place(_ changes: [UInt8]) -> UInt { unsafe changes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
        let known = Set(first.pages.changes.map(place))
        let shared = second.pages.changes.count { known.contains(place($0)) }
        #expect(first.pages.numbers.count > 2_000)
        #expect(shared > 2_000)
        #expect(first.byteCount < 2_000 * 100)
    }

    @Test("A tree of sandboxes behaves as a model of it does, through thousands of steps")
    func model() async throws {
        let image = try await TestImage.python
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(state: seed)
        var sandboxes: [(sandbox: Sandbox, model: [Int])] = [(Sandbox(image, limits: TestImage.patient), [])]
        var snapshots: [(snapshot: Snapshot, model: [Int])] = []
        try await sandboxes[0].sandbox.execute("v = []")
        for step in 0..<2_000 {
            let index = Int.random(in: 0..<sandboxes.count, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...3:
                try await sandboxes[index].sandbox.execute("v.append(\(step))")
                sandboxes[index].model.append(step)
            case 4:
                sandboxes.append((try await sandboxes[index].sandbox.fork(), sandboxes[index].model))
            case 5:
                snapshots.append((try await sandboxes[index].sandbox.snapshot(), sandboxes[index].model))
            case 6 where !snapshots.isEmpty:
                let chosen = snapshots[Int.random(in: 0..<snapshots.count, using: &generator)]
                try await sandboxes[index].sandbox.rollback(to: chosen.snapshot)
                sandboxes[index].model = chosen.model
            case 7 where !snapshots.isEmpty:
                let chosen = snapshots[Int.random(in: 0..<snapshots.count, using: &generator)]
                sandboxes.append((try Sandbox(restoring: chosen.snapshot, limits: TestImage.patient), chosen.model))
            case 8 where sandboxes.count > 1: sandboxes.remove(at: index)
            default:
                let value = try await sandboxes[index].sandbox.described("v")
                #expect(value == "\(sandboxes[index].model)", "step \(step) of seed \(seed)")
            }
            if sandboxes.count > 12 { sandboxes.removeFirst(6) }
            if snapshots.count > 12 { snapshots.removeFirst(6) }
        }
        for (sandbox, model) in sandboxes {
            #expect(try await sandbox.described("v") == "\(model)", "at the end of seed \(seed)")
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
