// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Images on disk, images of images, and the files in them.
@Suite(.timeLimit(.minutes(10)))
struct ImageTests {
    @Test("A derived image starts where its set-up ended, and is the same after it was stored")
    func derived() async throws {
        let folder = try TemporaryFolder()
        let base = try await TestImage.python
        let image = try await base.derived { sandbox in
            for number in 0..<20 {
                try await sandbox.write("/lib/module\(number).py", Array("value = \(number)\n".utf8))
            }
            try await sandbox.execute("import sys\nsys.path.insert(0, '/lib')")
            for number in 0..<20 { try await sandbox.execute("import module\(number)") }
        }
        let file = folder.url.appending(path: "derived.terrarium")
        try await image.write(to: file)
        let parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
        for image in [image, try await Image(contentsOf: file, parts: parts)] {
            let sandbox = Sandbox(image, limits: TestImage.patient)
            let sum = try await sandbox.described("sum(sys.modules[f'module{n}'].value for n in range(20))")
            #expect(sum == "190")
            #expect(try await sandbox.list("/lib").count >= 20)
        }
        // The machine code is that of the base: the same component, which the cache knows by its contents.
        let component = try Data(contentsOf: ImageFolder.component(file))
        #expect(
            try component == Data(contentsOf: ImageFolder.component(parts.folder.appending(path: "python.terrarium")))
        )
        #expect(image.identity != base.identity)

        // Those who draw from a sandbox's generators before it is frozen do not decide what its copies draw.
        let drawn = try await base.derived { sandbox in
            try await sandbox.execute("import random\nrandom.random()\nnumpy.random.random()")
        }
        for image in [image, drawn] {
            for random in ["__import__('random').random()", "numpy.random.random()"] {
                #expect(try await Sandbox(image).described(random) != Sandbox(image).described(random))
            }
        }
    }

    @Test("An image in use goes on when its folder is replaced by another, and when it is removed")
    func replaced() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "image.terrarium")
        let base = try await TestImage.python
        try await base.derived { try await $0.execute("x = 'first'") }.write(to: file)
        let parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
        let first = try await Image(contentsOf: file, parts: parts)
        let second = try await base.derived { try await $0.execute("x = 'second'") }
        try await second.write(to: file)
        // Nothing of the one before, nor of the way there, is left beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["image.terrarium"])
        #expect(try await Sandbox(first, limits: TestImage.patient).described("x") == "first")
        let again = try await Image(contentsOf: file, parts: parts)
        #expect(again.identity == second.identity)
        try FileManager.default.removeItem(at: file)
        #expect(try await Sandbox(first, limits: TestImage.patient).described("x") == "first")
        #expect(try await Sandbox(again, limits: TestImage.patient).described("x") == "second")
        // Its component is open still, so that it can be written and derived from.
        let third = try await again.derived { try await $0.execute("y = x * 2") }
        try await third.write(to: file)
        let stored = try await Image(contentsOf: file, parts: parts)
        #expect(try await Sandbox(stored, limits: TestImage.patient).described("y") == "secondsecond")
    }

    @Test("Whoever reads an image while it is replaced, again and again, finds a whole one each time")
    func replacedAtomically() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "image.terrarium")
        let base = try await TestImage.python
        let images = [base, try await base.derived { try await $0.execute("x = 1") }]
        try await base.write(to: file)
        let writer = Task {
            for round in 0..<6 { try await images[round % 2].write(to: file) }
        }
        let reader = Task {
            while !Task.isCancelled {
                for name in ["manifest.json", "component.wasm", "memory.img"] {
                    #expect(FileManager.default.fileExists(atPath: file.appending(path: name).path))
                }
                await Task.yield()
            }
        }
        let result = await writer.result
        reader.cancel()
        await reader.value
        try result.get()
    }

    @Test("A folder that is no image, and a file, are not replaced")
    func notReplaced() async throws {
        let folder = try TemporaryFolder()
        try folder.write("folder/precious", "precious")
        let file = try folder.write("file", "precious")
        for path in [folder.url.appending(path: "folder"), file] {
            let error = await #expect(throws: SandboxError.self) { try await TestImage.python.write(to: path) }
            #expect(error?.code == .unreadableFile)
        }
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).sorted()
                == ["file", "folder", "folder/precious"]
        )
    }

    @Test("Memory cut short under the sandboxes of an image is an error of the next one, and no crash")
    func shortened() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "image.terrarium")
        try await TestImage.python.write(to: file)
        let parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
        let image = try await Image(contentsOf: file, parts: parts)
        let memory = ImageFolder.memory(file)
        let bytes = try Data(contentsOf: memory)
        truncate(memory.path, 65_536)
        let inUse = await #expect(throws: SandboxError.self) { try await image.run("1") }
        #expect(inUse?.code == .invalidImage)
        let loading = await #expect(throws: SandboxError.self) { try await Image(contentsOf: file, parts: parts) }
        #expect(loading?.code == .invalidImage)
        // Written anew it is another file for the image that maps it, and the right one for who loads it now.
        try bytes.write(to: memory, options: .atomic)
        #expect(try await Image(contentsOf: file, parts: parts).run("1 + 1").value == 2)
    }

    @Test("Files that others can write to are read and not mapped, so that they change nothing later")
    func writableByOthers() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "image.terrarium")
        try await TestImage.python.write(to: file)
        let memory = ImageFolder.memory(file)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: memory.path)
        let parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
        let image = try await Image(contentsOf: file, parts: parts)
        truncate(memory.path, 0)
        #expect(try await image.run("1 + 1").value == 2)
    }

    @Test(
        "A manifest cannot lift the memory limit, nor name a size that is none",
        arguments: [-1, 1, 1 << 32, Int.max]
    )
    func manifestSize(bytes: Int) async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "image.terrarium")
        try await TestImage.python.write(to: file)
        var text = try String(contentsOf: ImageFolder.manifest(file), encoding: .utf8)
        let size = try await TestImage.python.initialMemoryBytes
        text.replace("\"initialMemoryBytes\" : \(size)", with: "\"initialMemoryBytes\" : \(bytes)")
        #expect(text.contains("\(bytes)"))
        try Data(text.utf8).write(to: ImageFolder.manifest(file))
        let parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
        let error = await #expect(throws: SandboxError.self) { try await Image(contentsOf: file, parts: parts) }
        #expect(error?.code == .invalidImage)
    }

    @Test("A damaged image is refused")
    func damaged() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "copy.terrarium")
        try await TestImage.python.write(to: file)
        let parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
        let cache = CodeCache(folder: folder.url.appending(path: "cache"), installed: nil)
        let memory = ImageFolder.memory(file)
        var bytes = try Data(contentsOf: memory)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: memory)
        let error = await #expect(throws: SandboxError.self) {
            try await Image(contentsOf: file, parts: parts, cache: cache)
        }
        #expect(error?.code == .invalidImage)
        for (name, text) in [("manifest.json", "{}"), ("manifest.json", "no JSON")] {
            try Data(text.utf8).write(to: file.appending(path: name))
            let error = await #expect(throws: SandboxError.self) {
                try await Image(contentsOf: file, parts: parts, cache: cache)
            }
            #expect(error?.code == .invalidImage)
        }
    }

    @Test("Files can be written, read, listed and removed from outside")
    func files() async throws {
        let sandbox = Sandbox(try await TestImage.python, limits: TestImage.patient)
        let contents = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await sandbox.write("/a/b/große Datei", contents)
        #expect(try await sandbox.described("len(open('/a/b/große Datei', 'rb').read())") == "3000000")
        #expect(try await sandbox.read("/a/b/große Datei") == contents)
        try await sandbox.execute("import os\nopen('/a/empty', 'w').close()\nos.symlink('empty', '/a/link')")
        let entries = try await sandbox.list("/a").sorted { $0.name < $1.name }
        #expect(entries.map(\.name) == ["b", "empty", "link"])
        #expect(entries.map(\.kind) == [.directory, .file, .symbolicLink])
        #expect(try await sandbox.read("/a/empty") == [])
        try await sandbox.remove("/a")
        #expect(try await sandbox.list("/").map(\.name) == ["dev", "home", "tmp"])
        let missing = await #expect(throws: SandboxError.self) { _ = try await sandbox.read("/nothing") }
        #expect(missing?.code == .file)
        let unremovable = await #expect(throws: SandboxError.self) { try await sandbox.remove("/nothing") }
        #expect(unremovable?.code == .file)
        let error = await #expect(throws: SandboxError.self) {
            try await sandbox.write("/x", [1])
            _ = try await sandbox.read("/x", maxBytes: 0)
        }
        #expect(error?.code == .file)
    }

    @Test("Objects of the image are immortal, those of a program live and die")
    func immortalObjects() async throws {
        let sandbox = Sandbox(try await TestImage.python, limits: TestImage.patient)
        try await sandbox.execute(
            """
            import sys, gc, json, weakref
            class Thing: pass
            died = []
            thing = Thing()
            weakref.finalize(thing, died.append, 'thing')
            del thing
            """
        )
        let counts = try await sandbox.described(
            "[sys.getrefcount(x) >= 1 << 30 for x in (json, json.dumps, json.dumps.__code__, json.JSONEncoder, Thing, [1])]"
        )
        #expect(counts == "[True, True, True, True, False, False]")
        #expect(try await sandbox.described("died") == "['thing']")
        // The collector looks at everything again, finds nothing wrong, and what was imported goes on working. It cannot
        // be imported anew: its files are not in the sandbox.
        try await sandbox.execute("gc.unfreeze()\nfor _ in range(3): gc.collect()\nimport json")
        #expect(try await sandbox.described("json.loads(json.dumps({'a': [1]}))") == "{'a': [1]}")
    }
}
