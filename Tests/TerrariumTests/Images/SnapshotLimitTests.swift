// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Copies of sandboxes under other limits, from other processes, and of deterministic sandboxes.
@Suite(.timeLimit(.minutes(5)))
struct SnapshotLimitTests {
    private static let fill: Program = "x = bytearray(24 << 20)\nx[-1] = 7"

    private func large() async throws -> Snapshot {
        let sandbox = Sandbox(try await TestImage.python, limits: TestImage.patient)
        _ = try await sandbox.run(Self.fill).decode(PythonValue.self)
        return try await sandbox.snapshot()
    }

    // MARK: - Memory

    @Test("A state that needs more memory than the limit allows is refused, wherever it comes from")
    func memoryLimit() async throws {
        let snapshot = try await large()
        let image = snapshot.image
        let decoded = try Snapshot(decoding: snapshot.encoded(), image: image)
        var low = TestImage.patient
        low.memoryBytes = 8 << 20
        for state in [snapshot, decoded] {
            let error = #expect(throws: SandboxError.self) { try Sandbox(restoring: state, limits: low) }
            #expect(error?.code == .memoryLimitTooLow)
            #expect(error?.breach?.limit == .memory)
            #expect(error?.breach?.allowed == .bytes(8 << 20))
            guard case .bytes(let used)? = error?.breach?.used else {
                Issue.record("no bytes: \(String(describing: error))")
                continue
            }
            #expect(used >= 24 << 20)
            let sandbox = Sandbox(image, limits: low)
            _ = try await sandbox.run("y = 1")
            let rollback = await #expect(throws: SandboxError.self) { try await sandbox.rollback(to: state) }
            #expect(rollback?.code == .memoryLimitTooLow)
            // The refusal changed nothing.
            #expect(try await sandbox.evaluate("y") == 1)
            #expect(
                try await Sandbox(restoring: state, limits: TestImage.patient).evaluate("len(x), x[-1]") == [
                    24 << 20, 7,
                ]
            )
        }
    }

    @Test("A forged size of memory is refused before any of it is made")
    func forgedSize() async throws {
        let image = try await TestImage.python
        let good = try await Sandbox(image).snapshot().encoded()
        // As many bytes as memories of 32 bits may have, in a snapshot that is otherwise sound.
        let offset = 8 + 4 + 4 + image.identity.utf8.count + 4 + 8
        for size in [UInt64(1) << 32, UInt64(image.initialMemoryBytes) + 65 << 20] {
            var forged = Array(good.dropLast(32))
            for index in 0..<8 { forged[offset + index] = UInt8(truncatingIfNeeded: size >> (8 * UInt64(index))) }
            forged += Array(SHA256.hash(forged))
            let snapshot = try Snapshot(decoding: forged, image: image)
            let error = #expect(throws: SandboxError.self) { try Sandbox(restoring: snapshot) }
            #expect(error?.code == .memoryLimitTooLow)
        }
    }

    @Test("Random changes of a snapshot with a checksum that fits are refused, or the state of another program")
    func fuzz() async throws {
        let image = try await TestImage.python
        let sandbox = Sandbox(image, limits: TestImage.patient)
        _ = try await sandbox.run("x = [object() for _ in range(1000)]")
        let good = Array(try await sandbox.snapshot().encoded().dropLast(32))
        var generator = SeededGenerator(state: 10)
        var limits = Limits()
        limits.time = .seconds(2)
        limits.grace = .milliseconds(100)
        for round in 0..<150 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                // The head in every second round, where the numbers are that sizes depend on.
                let range = round % 2 == 0 ? 0..<220 : 0..<bytes.count
                bytes[Int.random(in: range, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            if round % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count / 2, using: &generator)) }
            bytes += Array(SHA256.hash(bytes))
            do {
                let snapshot = try Snapshot(decoding: bytes, image: image)
                let restored = try Sandbox(restoring: snapshot, limits: limits)
                _ = try await restored.run("len(x)")
            } catch let error as SandboxError {
                let codes: [SandboxError.Code] = [
                    .invalidSnapshot, .memoryLimitTooLow, .trap, .timeLimit, .tampered, .busy, .file, .exited, .engine,
                ]
                #expect(codes.contains(error.code), "\(error.code): \(error)")
            }
        }
        // Whatever they did, they did to themselves.
        #expect(try await sandbox.evaluate("len(x)") == 1_000)
        #expect(try await image.evaluate("1 + 1") == 2)
    }

    @Test("Bytes that are none of a snapshot, and one of another image, are refused")
    func foreign() async throws {
        let image = try await TestImage.python
        let other = try await image.derived { try await $0.execute("y = 1") }
        let bytes = try await Sandbox(other).snapshot().encoded()
        #expect(try await Sandbox(restoring: Snapshot(decoding: bytes, image: other)).evaluate("y") == 1)
        for (bytes, image) in [
            (bytes, image), ([], image), (Array("TERRSNAP".utf8), image),
            ([UInt8](repeating: 0, count: 1 << 16), image),
            (bytes + [0], other), (bytes.dropLast(1), other), (bytes.dropFirst(1) + [], other),
        ] {
            let error = #expect(throws: SandboxError.self) { try Snapshot(decoding: Array(bytes), image: image) }
            #expect(error?.code == .invalidSnapshot)
        }
    }

    @Test("A suspended program goes on from its encoded snapshot, with its files and the answer that it waits for")
    func suspended() async throws {
        let image = try await TestImage.python
        let function = HostFunction("ask") { (question: String) async throws -> Int in question.utf8.count }
        let sandbox = Sandbox(image, functions: [function], limits: TestImage.patient)
        let step = try await sandbox.start(
            "open('/log', 'w').write('before')\nanswer = await ask('how long')\nanswer + 1"
        )
        guard case .suspended(let suspension) = step else {
            Issue.record("not suspended: \(step)")
            return
        }
        let bytes = try await sandbox.snapshot().encoded()
        let snapshot = try Snapshot(decoding: bytes, image: image)
        #expect(snapshot.isSuspended)
        let restored = try Sandbox(restoring: snapshot, functions: [function], limits: TestImage.patient)
        let busy = await #expect(throws: SandboxError.self) { try await restored.run("1") }
        #expect(busy?.code == .busy)
        let answer = try #require(suspension.calls.first).answered(with: 41)
        guard case .finished(let run) = try await restored.resume(with: [answer]) else {
            Issue.record("not finished")
            return
        }
        #expect(run.value == 42)
        #expect(try await restored.read("/log") == Array("before".utf8))
    }

    // MARK: - Determinism

    private static let draw: Program = """
        import random, os, time, uuid, secrets
        [random.random(), os.urandom(8).hex(), secrets.token_hex(4), str(uuid.uuid4()), time.time(), time.monotonic()]
        """

    private func deterministic(seed: UInt64) async throws -> Sandbox {
        Sandbox(try await TestImage.python, limits: TestImage.patient, determinism: Determinism(seed: seed))
    }

    @Test("What a deterministic sandbox's copies draw is the same each time, after forks, rollbacks and decoding")
    func determinism() async throws {
        func everything() async throws -> [PythonValue?] {
            let sandbox = try await deterministic(seed: 5)
            var drawn = [try await sandbox.run(Self.draw).value]
            let snapshot = try await sandbox.snapshot()
            let fork = try await sandbox.fork()
            drawn.append(try await fork.run(Self.draw).value)
            drawn.append(try await sandbox.run(Self.draw).value)
            try await sandbox.rollback(to: snapshot)
            drawn.append(try await sandbox.run(Self.draw).value)
            let decoded = try Snapshot(decoding: snapshot.encoded(), image: snapshot.image)
            for sharesRandomness in [false, true] {
                let restored = try Sandbox(
                    restoring: decoded,
                    limits: TestImage.patient,
                    sharesRandomness: sharesRandomness
                )
                drawn.append(try await restored.run(Self.draw).value)
                drawn.append(try await restored.fork().run(Self.draw).value)
            }
            return drawn
        }
        let first = try await everything()
        #expect(try await everything() == first)
        #expect(first.allSatisfy { $0?.array?.count == 6 })
        // After the rollback the sandbox draws what it drew before it.
        #expect(first[2] == first[3])
        // Whoever shares randomness goes on as the sandbox did.
        #expect(first[6] == first[2])
        // A fork draws other numbers, so that two do not name two things by the same UUID; and so does what is restored.
        #expect(first[1]?[3] != first[2]?[3] && first[4]?[3] != first[2]?[3])
        // Forks of the same state are alike, however the state came here.
        #expect(first[1] == first[4])
        #expect(try await deterministic(seed: 6).run(Self.draw).value != first[0])
    }

    @Test("A program that has to be stopped takes no time and no random numbers from a deterministic sandbox")
    func determinismAfterStop() async throws {
        func drawn(stopping program: Program?) async throws -> PythonValue? {
            var limits = Limits()
            limits.time = .milliseconds(300)
            limits.grace = .milliseconds(50)
            let sandbox = Sandbox(try await TestImage.python, limits: limits, determinism: Determinism(seed: 1))
            _ = try await sandbox.run("import random, time, os")
            if let program { await #expect(throws: SandboxError.self) { try await sandbox.run(program) } }
            return try await sandbox.run("[random.random(), os.urandom(4).hex(), time.time()]").value
        }
        let stopped: Program = """
            while True:
                try:
                    while True: random.random(), os.urandom(4), time.time()
                except BaseException: pass
            """
        #expect(try await drawn(stopping: stopped) == drawn(stopping: nil))
    }
}
