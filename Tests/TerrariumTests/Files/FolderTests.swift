// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Folders that are copied into a sandbox and out of it.
@Suite(.timeLimit(.minutes(5)))
struct FolderTests {
    private func sandbox() async throws -> Sandbox { Sandbox(try await TestImage.python, limits: TestImage.patient) }

    @Test("A folder goes in, a program works on it, and its results come out")
    func roundTrip() async throws {
        let folder = try TemporaryFolder()
        try folder.write("in/a.csv", "x\n1\n2\n")
        try folder.write("in/deep/er/ü.txt", "ü")
        let sandbox = try await sandbox()
        try await sandbox.copy(folder.url.appending(path: "in"), to: "/data")
        let run = try await sandbox.run(
            """
            import os
            total = sum(int(line) for line in open('/data/a.csv').read().split()[1:])
            os.makedirs('/out/sub')
            open('/out/total.txt', 'w').write(str(total))
            open('/out/sub/copy.txt', 'w').write(open('/data/deep/er/ü.txt').read() * 3)
            open('/data/a.csv', 'w').write('gone')
            """
        )
        #expect(run.error == nil, "\(run.error?.rendered ?? "")")
        let out = folder.url.appending(path: "results/of/today")
        #expect(try await sandbox.copy("/out", to: out) == 3)
        #expect(try String(contentsOf: out.appending(path: "total.txt"), encoding: .utf8) == "3")
        #expect(try String(contentsOf: out.appending(path: "sub/copy.txt"), encoding: .utf8) == "üüü")
        #expect(try String(contentsOf: folder.url.appending(path: "in/a.csv"), encoding: .utf8) == "x\n1\n2\n")
        try await sandbox.copy(folder.url.appending(path: "in/a.csv"), to: "/one.csv")
        try await sandbox.copy("/one.csv", to: folder.url.appending(path: "one.csv"))
        #expect(try String(contentsOf: folder.url.appending(path: "one.csv"), encoding: .utf8) == "x\n1\n2\n")
    }

    @Test("Symlink out of a folder that goes in: nothing behind it is read")
    func symlinkIn() async throws {
        let folder = try TemporaryFolder()
        let secret = try folder.write("secret/key", "sesame")
        try folder.write("in/a", "a")
        let files = FileManager.default
        try files.createSymbolicLink(at: folder.url.appending(path: "in/key"), withDestinationURL: secret)
        try files.createSymbolicLink(
            at: folder.url.appending(path: "in/dir"),
            withDestinationURL: folder.url.appending(path: "secret")
        )
        let sandbox = try await sandbox()
        try await sandbox.copy(folder.url.appending(path: "in"), to: "/data")
        #expect(try await sandbox.evaluate("import os\nos.listdir('/data')") == ["a"])
    }

    @Test("Symlinks on the way out: neither the program's nor the folder's are followed")
    func symlinkOut() async throws {
        let folder = try TemporaryFolder()
        try folder.write("precious", "precious")
        let out = folder.url.appending(path: "out")
        let files = FileManager.default
        try files.createDirectory(at: out, withIntermediateDirectories: true)
        let precious = folder.url.appending(path: "precious")
        try files.createSymbolicLink(at: out.appending(path: "a"), withDestinationURL: precious)
        try files.createSymbolicLink(at: out.appending(path: "d"), withDestinationURL: folder.url)
        let sandbox = try await sandbox()
        _ = try await sandbox.run(
            "import os\nos.makedirs('/o/e')\nopen('/o/a', 'w').write('evil')\nos.symlink('../precious', '/o/link')"
        )
        #expect(try await sandbox.copy("/o", to: out) == 2)
        #expect(try String(contentsOf: precious, encoding: .utf8) == "precious")
        #expect(try String(contentsOf: out.appending(path: "a"), encoding: .utf8) == "evil")
        #expect(!files.fileExists(atPath: out.appending(path: "link").path))
        _ = try await sandbox.run("os.makedirs('/o/d')\nopen('/o/d/precious', 'w').write('evil')")
        await #expect(throws: SandboxError.self) { try await sandbox.copy("/o", to: out) }
        #expect(try String(contentsOf: precious, encoding: .utf8) == "precious")
    }

    @Test("File bomb: copying ends at its limits, in both directions")
    func limits() async throws {
        let folder = try TemporaryFolder()
        for index in 0..<20 { try folder.write("in/\(index)", String(repeating: "x", count: 1_000)) }
        var (few, small, flat) = (CopyLimits(), CopyLimits(), CopyLimits())
        few.count = 10
        small.bytes = 10_000
        flat.depth = 2
        let sandbox = try await sandbox()
        for limits in [few, small] {
            let error = await #expect(throws: SandboxError.self) {
                try await sandbox.copy(folder.url.appending(path: "in"), to: "/data", limits: limits)
            }
            #expect(error?.code == .file)
        }
        _ = try await sandbox.run(
            "import os\nos.makedirs('/o/1/2/3/4/5')\nfor i in range(20): open(f'/o/{i + 10}', 'w').write('x' * 1000)"
        )
        for limits in [few, small, flat] {
            await #expect(throws: SandboxError.self) {
                try await sandbox.copy("/o", to: folder.url.appending(path: "out"), limits: limits)
            }
        }
        #expect(try await sandbox.evaluate("1 + 1") == 2)
    }

    @Test("A pipe in a folder is left out, and does not block")
    func pipe() async throws {
        let folder = try TemporaryFolder()
        try folder.write("in/a", "a")
        #expect(mkfifo(folder.url.appending(path: "in/pipe").path, 0o600) == 0)
        let sandbox = try await sandbox()
        try await sandbox.copy(folder.url.appending(path: "in"), to: "/data")
        #expect(try await sandbox.evaluate("import os\nos.listdir('/data')") == ["a"])
    }
}
