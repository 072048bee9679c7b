// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Foundation
import TestSupport
import Testing
import Wasmtime

@testable import Terrarium

@Suite(.timeLimit(.minutes(10)), .serialized)
struct MemoryPagesTests {
    @Test("What differs between two pages makes the one into the other")
    func changes() throws {
        var generator = SeededGenerator(state: 1)
        for round in 0..<300 {
            let original = (0..<ImageMemory.pageBytes).map { _ in UInt8.random(in: 0...3, using: &generator) }
            var page = original
            for _ in 0..<Int.random(in: 0..<20, using: &generator) {
                let start = Int.random(in: 0..<page.count, using: &generator)
                let length = round % 10 == 0 ? page.count : Int.random(in: 1...64, using: &generator)
                for index in start..<min(page.count, start + length) {
                    page[index] = .random(in: 0...3, using: &generator)
                }
            }
            let changes = Self.changes(of: page, from: original)
            #expect(changes.isEmpty == (page == original))
            #expect(changes.isEmpty || terrarium_changes_are_valid(changes, changes.count))
            var copy = original
            terrarium_apply_changes(&copy, changes, changes.count)
            #expect(copy == page)
        }
    }

    @Test("Changes never take more room than there is, whatever the pages")
    func size() {
        let zeros = [UInt8](repeating: 0, count: ImageMemory.pageBytes)
        for period in [8, 16, 24, 32, 64, 4096] {
            let page = (0..<ImageMemory.pageBytes).map { UInt8($0 % period < 8 || period == 4096 ? 1 : 0) }
            #expect(Self.changes(of: page, from: zeros).count <= Int(TERRARIUM_MAX_CHANGES_BYTES))
        }
        #expect(Self.changes(of: zeros, from: zeros).isEmpty)
    }

    @Test("Made-up changes that write outside of their page are refused")
    func madeUpChanges() {
        for changes: [UInt8] in [
            [], [0], [0, 0, 1], [0, 0, 0, 0], [0, 0, 2, 0, 1], [0xFF, 0x0F, 2, 0, 1, 1], [0, 0x10, 1, 0, 1],
            [0xFF, 0xFF, 1, 0, 1], [8, 0, 1, 0, 1, 0, 0, 1, 0, 1],
        ] {
            #expect(!terrarium_changes_are_valid(changes, changes.count), "\(changes)")
            #expect(MemoryPages(size: 1 << 16, numbers: [0], untrustedChanges: [changes]) == nil)
        }
        let good: [UInt8] = [0xFF, 0x0F, 1, 0, 7]
        #expect(MemoryPages(size: 1 << 16, numbers: [15], untrustedChanges: [good]) != nil)
        #expect(MemoryPages(size: 1 << 16, numbers: [16], untrustedChanges: [good]) == nil)
        #expect(MemoryPages(size: 1 << 16, numbers: [-1], untrustedChanges: [good]) == nil)
        #expect(MemoryPages(size: 1 << 16, numbers: [3, 3], untrustedChanges: [good, good]) == nil)
        #expect(MemoryPages(size: 1 << 16, numbers: [3], untrustedChanges: [good, good]) == nil)
        #expect(MemoryPages(size: 0, numbers: [0], untrustedChanges: [good]) == nil)
    }

    /// The same found in three ways: by knowing that no page became the memory's own, by asking the kernel which are, and
    /// by looking at all.
    @Test("Every page that a program writes to is found, however pages are tracked")
    func tracking() async throws {
        let image = try await TestImage.python
        let programs = [
            "x = 1", "y = [object() for _ in range(5000)]", "import re; re.compile('a+b')", "z = bytearray(3 << 20)",
            "open('/f', 'w').write('a' * 100000)", "del z", "import random; random.random()",
            "d = {i: str(i) for i in range(3000)}", "pass", "pass",
        ]
        for _ in 0..<4 {
            try image.probe(limits: TestImage.patient) { guest in
                let memory = guest.memory
                for program in programs {
                    try guest.execute(program)
                    let found = try memory.changedPages(sharingWith: nil)
                    for tracking in [TERRARIUM_DIRTY_PAGEMAP_SCAN, TERRARIUM_DIRTY_PAGEMAP, TERRARIUM_DIRTY_COMPARISON]
                    {
                        let again = try Self.pages(memory, foundBy: tracking, sharingWith: found)
                        #expect(again.numbers == found.numbers, "\(program), \(tracking)")
                        #expect(again.changes == found.changes)
                    }
                }
            }
        }
    }

    @Test("Nothing is missed while the way that pages are tracked changes")
    func changingTracking() async throws {
        let image = try await TestImage.python.derived { _ in }
        let before = terrarium_current_dirty_tracking()
        defer { terrarium_set_dirty_tracking(before) }
        let changing = Task {
            while !Task.isCancelled {
                for tracking in [TERRARIUM_DIRTY_COMPARISON, TERRARIUM_DIRTY_PAGEMAP_SCAN] {
                    terrarium_set_dirty_tracking(tracking)
                    try? await Task.sleep(for: .microseconds(.random(in: 0..<2000)))
                }
            }
        }
        defer { changing.cancel() }
        for _ in 0..<100 {
            // Of what the first writes, much is the same again at the end.
            for program in ["x = list(range(50_000)); del x", "y = 1"] {
                try image.probe(limits: TestImage.patient) { try $0.execute(program) }
            }
            try Self.expectNothingLeft(in: image)
        }
    }

    #if os(Linux)
    @Test(
        "A shortage of open files, which passes, does not make the process track pages in a slower way for good",
        .enabled(if: access("/proc/self/pagemap", R_OK) == 0, "the system does not tell which pages are dirty")
    )
    func transientError() async {
        await #expect(processExitsWith: .success) {
            let image = try await TestImage.python
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            var none = limit
            none.rlim_cur = 0
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
            let found = Result {
                try image.probe(limits: TestImage.patient) { guest in
                    try guest.execute("x = [object() for _ in range(5000)]")
                    return try guest.memory.changedPages(sharingWith: nil).numbers.count
                }
            }
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let short = terrarium_current_dirty_tracking()
            // Without the kernel's help all is compared, so nothing is missed.
            #expect(try found.get() > 0)
            try image.probe(limits: TestImage.patient) { guest in
                try guest.execute("x = 1")
                _ = try guest.memory.changedPages(sharingWith: nil)
            }
            #expect(terrarium_current_dirty_tracking() == short)
            #expect(short != TERRARIUM_DIRTY_COMPARISON)
        }
    }
    #endif

    @Test("The next user of a memory finds nothing that the last one wrote")
    func reuse() async throws {
        let image = try await TestImage.python.derived { _ in }
        let limits = TestImage.patient
        let secret = "terrarium-secret-\(UInt64.random(in: 0 ... .max))"
        for size in [1 << 10, 1 << 16, 1 << 20, 12 << 20] {
            for _ in 0..<6 {
                let owner = Sandbox(image, limits: limits)
                try await owner.execute(
                    "secret = ['\(secret)' + str(i) for i in range(\(size / 64))]\nopen('/s', 'w').write(secret[0])"
                )
                // Its memory goes to the next, with all that was in it.
                _ = consume owner
                try Self.expectNothingLeft(in: image)
            }
        }
    }

    @Test("The next user finds nothing either where a memory went before what it was made for had ended")
    func earlyEnd() async throws {
        let image = try await TestImage.python.derived { _ in }
        // A memory that is used again, of which it is known which pages are its own.
        try image.probe(limits: TestImage.patient) { try $0.execute("x = 1") }
        try Self.endEarly(in: image)
        #expect(image.memory.slotCounts.used == 0)
        try Self.expectNothingLeft(in: image)
    }

    private static func endEarly(in image: Image) throws {
        let (memory, runtime) = (image.memory, image.runtime)
        try runtime.workers.run {
            struct Failed: Error {}
            #expect(throws: Failed.self) {
                _ = try memory.withSlot(size: image.initialMemoryBytes) {
                    let context = SandboxContext(host: ProgramHost(limits: TestImage.patient))
                    try context.deadline.start(TestImage.patient)
                    let store = Store(engine: runtime.engine, hostState: InstanceContext(context))
                    store.setEpochDeadline(epochs: 1 << 40)
                    let instance = try runtime.linker.instantiate(runtime.component, in: store)
                    // Writes a header each, and needs nothing of the host, which knows no memory yet.
                    let allocate = try #require(runtime.exports.control[.allocate])
                    for _ in 0..<2_000 { _ = try instance.function(allocate).call([.u32(5_000)]) }
                    throw Failed()
                }
            }
        }
    }

    private static func expectNothingLeft(in image: Image) throws {
        try image.probe(limits: TestImage.patient) { next in
            let left = try pages(next.memory, foundBy: TERRARIUM_DIRTY_COMPARISON, sharingWith: nil)
            #expect(left.numbers.isEmpty)
        }
    }

    /// The changed pages, as one way of tracking finds them.
    private static func pages(
        _ memory: GuestMemory,
        foundBy tracking: terrarium_dirty_tracking,
        sharingWith earlier: MemoryPages?
    ) throws -> MemoryPages {
        let before = terrarium_current_dirty_tracking()
        defer { terrarium_set_dirty_tracking(before) }
        terrarium_set_dirty_tracking(tracking)
        // A write that is not announced, after which nothing is known about the pages.
        try memory.write(try memory.read(at: 0, count: 1), at: 0)
        return try memory.changedPages(sharingWith: earlier)
    }

    @Test("Of many sandboxes that wait, only some keep an interpreter, and all go on where they were")
    func sleep() async throws {
        let image = try await TestImage.python.derived { _ in }
        image.setIdleBounds(Image.IdleBounds(maxAwakeSandboxes: 4))
        defer { image.setIdleBounds(Image.IdleBounds()) }
        let sandboxes = (0..<20).map { _ in Sandbox(image, limits: TestImage.patient) }
        for (index, sandbox) in sandboxes.enumerated() {
            try await sandbox.execute("x = \(index)\nf = open('/f', 'w+')\nf.write('file \(index)')")
        }
        while image.memory.slotCounts.used > 4 { await Task.yield() }
        #expect(image.runtime.awake.count <= 4)
        for (index, sandbox) in sandboxes.enumerated() {
            let value = try await sandbox.described("(f.seek(0), x, f.read())")
            #expect(value == "[0, \(index), 'file \(index)']")
        }
        for round in 0..<200 {
            let index = round * 7 % sandboxes.count
            try await sandboxes[index].execute("x += 1")
        }
        for (index, sandbox) in sandboxes.enumerated() {
            #expect(try await sandbox.described("x") == "\(index + 10)")
        }
    }

    private static func changes(of page: [UInt8], from original: [UInt8]) -> [UInt8] {
        var changes = [UInt8](repeating: 0xAA, count: Int(TERRARIUM_MAX_CHANGES_BYTES))
        let length = terrarium_find_changes(page, original, &changes)
        return Array(changes.prefix(length))
    }
}
