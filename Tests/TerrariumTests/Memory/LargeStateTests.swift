// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import Testing

/// Sandboxes whose state is large, which is not copied before each run but shared with it.
@Suite struct LargeStateTests {
    private static func sandbox() async throws -> Sandbox {
        var limits = Limits()
        limits.memoryBytes = 192 << 20
        limits.time = .seconds(60)
        limits.grace = .milliseconds(100)
        return Sandbox(try await TestImage.python, limits: limits)
    }

    private static let fill = """
        import os
        x = [bytes([n % 256]) * 100_000 for n in range(400)]
        open('/file', 'wb').write(os.urandom(1_000_000))
        """

    private static let sum: Program = """
        import zlib
        zlib.crc32(b''.join(x)), zlib.crc32(open('/file', 'rb').read()), len(x)
        """

    @Test("A run that has to be stopped leaves a large state as it was")
    func reverts() async throws {
        let sandbox = try await Self.sandbox()
        _ = try await sandbox.run(Program(Self.fill))
        let before = try #require(try await sandbox.run(Self.sum).value)
        for _ in 0..<3 {
            let task = Task {
                try await sandbox.run(Program("x.append(1)\nx[7] = b''\nos.remove('/file')\n" + Self.endless))
            }
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await sandbox.run(Self.sum).value == before)
        }
    }

    /// Cannot be interrupted by an exception, since it catches all of them.
    private static let endless = """
        while True:
            try:
                while True: pass
            except BaseException: pass
        """

    @Test("Copies of a large state are whole, and each goes its own way")
    func copies() async throws {
        let sandbox = try await Self.sandbox()
        _ = try await sandbox.run(Program(Self.fill))
        let before = try #require(try await sandbox.run(Self.sum).value)
        _ = try await sandbox.run("y = 1")
        let fork = try await sandbox.fork()
        let snapshot = try await sandbox.snapshot()
        let decoded = try Snapshot(decoding: snapshot.encoded(), image: sandbox.image)
        _ = try await fork.run("x.clear()")
        #expect(try await fork.run("len(x), y").value == [0, 1])
        #expect(try await sandbox.run(Self.sum).value == before)
        _ = try await sandbox.run("x.reverse(); x.pop()")
        #expect(try await Sandbox(restoring: decoded, limits: sandbox.limits).run(Self.sum).value == before)
        try await sandbox.rollback(to: snapshot)
        #expect(try await sandbox.run(Self.sum).value == before)
    }

    #if os(Linux)
    @Test("After a program died of its memory limit, the next run takes no second copy of what it left")
    func noSecondCopy() async throws {
        let sandbox = try await Self.sandbox()
        let run = try await sandbox.run("x = []\nwhile True: x.append('a' * 100_000)")
        #expect(run.error?.type == "MemoryError")
        let before = try Self.residentKilobytes()
        #expect(try await sandbox.evaluate("len(x) > 1000") as Bool)
        #expect(try await sandbox.evaluate("len(x) > 1000") as Bool)
        #expect(try Self.residentKilobytes() - before < 64 << 10)
    }

    /// The memory of the process that no file backs.
    private static func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return status.split(separator: "\n").filter { $0.hasPrefix("RssAnon:") || $0.hasPrefix("RssShmem:") }
            .compactMap { Int($0.filter(\.isNumber)) }.reduce(0, +)
    }
    #endif
}
