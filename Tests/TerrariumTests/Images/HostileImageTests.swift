// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Attacks by an image of somebody else's, whose component answers the host with whatever it likes.
@Suite(.timeLimit(.minutes(5)))
struct HostileImageTests {
    /// Names that lead, or look as if they led, out of the folder that is copied to.
    static let escapingNames: [[UInt8]] =
        [
            "..", ".", "", "/", "/etc", "a/b", "a/../../b", "../x", "..\0x", "\0", "a\0b", "../\u{301}x", "/\u{301}",
            "x/\u{20DD}",
        ].map { Array($0.utf8) } + [
            [0xFF, 0x2F, 0x61], [0xC0, 0xAE, 0xC0, 0xAE, 0x2F], [0x2E, 0x2E, 0x2F, 0xFF], [0xFF],
        ]

    @Test("Path escape: a name in a listing that is none of a file ends the copy, and nothing is written outside")
    func pathEscape() async throws {
        for name in Self.escapingNames {
            for kind in [HostileImage.Record.file, HostileImage.Record.directory] {
                let hostile = try await HostileImage(
                    records: [.init(number: 1, name: name, kind: kind)],
                    contents: Array("evil".utf8)
                )
                let folder = try TemporaryFolder()
                try folder.write("x", "precious")
                let error = await #expect(throws: SandboxError.self, "\(name)") {
                    try await Sandbox(hostile.image).copy("/out", to: folder.url.appending(path: "results"))
                }
                #expect(error?.code == .file)
                #expect(try String(contentsOf: folder.url.appending(path: "x"), encoding: .utf8) == "precious")
                let left = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).sorted()
                #expect(left == ["results", "x"] || left == ["x"], "\(name)")
            }
        }
    }

    @Test("A folder that has itself in it ends at the depth that a copy may have")
    func endlessDepth() async throws {
        let hostile = try await HostileImage(
            records: [.init(number: 1, name: Array("d".utf8), kind: HostileImage.Record.directory)]
        )
        let folder = try TemporaryFolder()
        let error = await #expect(throws: SandboxError.self) {
            try await Sandbox(hostile.image).copy("/", to: folder.url)
        }
        #expect(error?.code == .file)
        #expect(error?.message.contains("too deep") == true)
    }

    @Test(
        "Records that are none are refused",
        arguments: [
            // The same number twice, numbers that fall, a name longer than the buffer, a name of no bytes.
            [HostileImage.Record(number: 1, name: [0x61]), .init(number: 1, name: [0x62])],
            [.init(number: 2, name: [0x61]), .init(number: 1, name: [0x62])],
            [.init(number: 1, name: [0x61], nameBytes: 65_535)], [.init(number: 0, name: [0x61])],
            [.init(number: 1, name: [UInt8](repeating: 0x61, count: 256))],
        ]
    )
    func records(records: [HostileImage.Record]) async throws {
        let sandbox = Sandbox(try await HostileImage(records: records).image)
        let error = await #expect(throws: SandboxError.self) { try await sandbox.list("/") }
        #expect(error?.code == .file)
    }

    @Test("Counts and lengths beyond the buffer are refused")
    func counts() async throws {
        for (count, bytes) in [(1, 65_537), (1, -1), (-1, 0), (-1, 24), (2, 24)] {
            let list = """
                (i32.store (local.get $result) (i32.const \(count)))
                (i32.store offset=4 (local.get $result) (i32.const \(bytes)))
                (i32.const 0)
                """
            let sandbox = Sandbox(try await HostileImage(list: list).image)
            await #expect(throws: SandboxError.self, "\(count), \(bytes)") { try await sandbox.list("/") }
        }
    }

    @Test("A listing that never ends is cut off by its bounds, and by those of the copy before it has many entries")
    func endlessListing() async throws {
        // A full buffer of one-letter files, whose numbers go on from the last one.
        let recordCount = 65_536 / 24
        let list = """
            (local $index i32)
            (loop $next
                (i64.store (i32.add (local.get $buffer) (i32.mul (local.get $index) (i32.const 24)))
                    (i64.add (local.get $after) (i64.extend_i32_u (i32.add (local.get $index) (i32.const 1)))))
                (i64.store offset=8 (i32.add (local.get $buffer) (i32.mul (local.get $index) (i32.const 24)))
                    (i64.const 0))
                (i64.store offset=16 (i32.add (local.get $buffer) (i32.mul (local.get $index) (i32.const 24)))
                    (i64.const 0x6100060001))
                (local.set $index (i32.add (local.get $index) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $index) (i32.const \(recordCount)))))
            (i32.store (local.get $result) (i32.const \(recordCount)))
            (i32.store offset=4 (local.get $result) (i32.const \(recordCount * 24)))
            (i32.const 0)
            """
        let hostile = try await HostileImage(list: list)
        let folder = try TemporaryFolder()
        var limits = CopyLimits()
        limits.time = nil
        let copy = await #expect(throws: SandboxError.self) {
            try await Sandbox(hostile.image).copy("/", to: folder.url, limits: limits)
        }
        #expect(copy?.code == .file)
        #expect(copy?.message.contains("limits allow") == true, "\(copy?.message ?? "")")
        var patient = TestImage.patient
        patient.time = .seconds(240)
        let listing = await #expect(throws: SandboxError.self) {
            try await Sandbox(hostile.image, limits: patient).list("/")
        }
        #expect(listing?.code == .file)
    }

    @Test("Addresses at the very end of the memory, and beyond it, are errors and no crash")
    func addresses() async throws {
        for address in [-1, -4, -16, 0x7FFF_FFFF, 4 * 65_536 - 1, 4 * 65_536] {
            let sandbox = Sandbox(try await HostileImage(allocate: "(i32.const \(address))").image)
            await #expect(throws: (any Error).self) { try await sandbox.list("/") }
            await #expect(throws: (any Error).self) { try await sandbox.read("/x") }
        }
        // Counts that do not fit into 32 bits as a sum with their address.
        for (address, count) in [(-1, 1), (-4, 8), (0, -1), (65_536, 4 * 65_536), (4 * 65_536, 1)] {
            let locate = """
                (i64.store (local.get $result) (i64.const 0))
                (i32.store (local.get $result) (i32.const \(address)))
                (i32.store offset=4 (local.get $result) (i32.const \(count)))
                (i32.const 0)
                """
            let sandbox = Sandbox(try await HostileImage(locate: locate).image)
            await #expect(throws: (any Error).self, "\(address), \(count)") { try await sandbox.read("/x") }
        }
    }

    @Test("Zeros without end: a file that never ends is cut off by what may be read of it")
    func endlessFile() async throws {
        let locate = """
            (i64.store (local.get $result) (i64.const 0))
            (i32.store offset=4 (local.get $result) (i32.const 0x100000))
            (i32.const 0)
            """
        let hostile = try await HostileImage(
            records: [.init(number: 1, name: [0x61], size: 1)],
            locate: locate
        )
        let folder = try TemporaryFolder()
        var limits = CopyLimits()
        (limits.bytes, limits.time) = (64 << 20, nil)
        let copy = await #expect(throws: SandboxError.self) {
            try await Sandbox(hostile.image).copy("/", to: folder.url, limits: limits)
        }
        #expect(copy?.code == .file)
        let read = await #expect(throws: SandboxError.self) {
            try await Sandbox(hostile.image, limits: TestImage.patient).read("/a", maxBytes: 16 << 20)
        }
        #expect(read?.code == .file)
    }

    @Test("A copy of a guest that computes without end has a time limit of its own, and can be cancelled")
    func endlessAllocation() async throws {
        let hostile = try await HostileImage(allocate: "(loop $again (br $again)) (unreachable)")
        let folder = try TemporaryFolder()
        let source = try folder.write("in/a", "a")
        var limits = Limits()
        limits.time = nil
        var copyLimits = CopyLimits()
        copyLimits.time = .milliseconds(100)
        let sandbox = Sandbox(hostile.image, limits: limits)
        let out = await #expect(throws: SandboxError.self) {
            try await sandbox.copy("/", to: folder.url.appending(path: "out"), limits: copyLimits)
        }
        #expect(out?.code == .timeLimit)
        let into = await #expect(throws: SandboxError.self) {
            try await sandbox.copy(source, to: "/a", limits: copyLimits)
        }
        #expect(into?.code == .timeLimit)
        // Neither the sandbox nor the copy has a time limit: what ends them is the cancellation alone.
        copyLimits.time = nil
        for number in 0..<4 {
            let unlimited = copyLimits
            let task = Task {
                switch number {
                case 0: _ = try await sandbox.copy("/", to: folder.url.appending(path: "out"), limits: unlimited)
                case 1: try await sandbox.copy(source, to: "/a", limits: unlimited)
                case 2: _ = try await sandbox.list("/")
                default: _ = try await sandbox.read("/a")
                }
            }
            try await Task.sleep(for: .milliseconds(20 * number))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
