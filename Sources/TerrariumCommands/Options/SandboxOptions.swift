// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The options of all commands that run Python in a sandbox: its image, its limits, and what it is given of the host.
struct SandboxOptions: ParsableArguments {
    @Option(help: Self.imageHelp)
    var image: String?

    @Option(help: ArgumentHelp("Continue a sandbox that `terrarium snapshot` stored.", valueName: "file"))
    var restore: String?

    @Option(
        help: ArgumentHelp(
            "Time that a program may take: 2.5, 500ms, 2min, none (default: \(Self.defaultTime)).",
            valueName: "time"
        )
    )
    var timeLimit: TimeLimit?

    @Option(
        help: ArgumentHelp(
            "Processor time that a program may take; as much as it wants if left out.",
            valueName: "time"
        )
    )
    var cpuLimit: TimeLimit?

    @Option(
        help: ArgumentHelp(
            "Memory on top of the image's own: 20MB, 64MiB (default: \(Self.defaultMemory)).",
            valueName: "bytes"
        )
    )
    var memoryLimit: ByteCount?

    @Option(
        help: ArgumentHelp("Bytes that a program may print (default: \(Self.defaultOutput)).", valueName: "bytes")
    )
    var outputLimit: ByteCount?

    @Option(help: ArgumentHelp("Set an environment variable.", valueName: "name=value"))
    var env: [String] = []

    @Option(help: ArgumentHelp("Pass on a variable of this program's environment.", valueName: "name"))
    var inheritEnv: [String] = []

    @Option(
        name: .customLong("file"),
        help: ArgumentHelp(
            "Copy a file or folder into the sandbox's root folder, or to a path.",
            valueName: "file[=/path]"
        )
    )
    var files: [String] = []

    @Option(help: ArgumentHelp("Copy the sandbox's folder /out into a folder at the end.", valueName: "folder"))
    var out: String?

    /// The help of options that take an image.
    static let imageHelp = ArgumentHelp(
        "The image to start from: a folder, or data, which has pandas; Python alone if left out.",
        valueName: "image"
    )

    private static let defaultTime = Limits().time.map { TimeSpan($0).description } ?? "none"
    private static let defaultMemory = ByteCount(bytes: Limits().memoryBytes).description
    private static let defaultOutput = ByteCount(bytes: Limits().outputBytes).description

    /// The folder of a sandbox that is copied out.
    static let outputFolder = "/out"

    func validate() throws {
        if let memoryLimit, memoryLimit.bytes > Self.maxMemoryBytes {
            throw ValidationError("--memory-limit is at most 4GiB: addresses in a sandbox have 32 bits.")
        }
    }

    private static let maxMemoryBytes = 1 << 32

    /// A Boolean value that tells whether any option is given that only Python in a sandbox has.
    var isUsedForSandbox: Bool {
        image != nil || restore != nil || cpuLimit != nil || outputLimit != nil || !files.isEmpty || out != nil
    }

    /// The library's limits, but for those that were given.
    var limits: Limits {
        var limits = Limits()
        if let timeLimit { limits.time = timeLimit.duration }
        if let cpuLimit { limits.processorTime = cpuLimit.duration }
        if let memoryLimit { limits.memoryBytes = memoryLimit.bytes }
        if let outputLimit { limits.outputBytes = outputLimit.bytes }
        return limits
    }

    /// The variables of ``env`` and ``inheritEnv``.
    func environment() throws -> [(name: String, value: String)] {
        let inherited = inheritEnv.compactMap { name in Environment.value(of: name).map { (name: name, value: $0) } }
        return try inherited
            + env.map { text in
                let (name, value) = try VirtualizationPlan.pair(text, "--env")
                return (name: name, value: value)
            }
    }

    /// Loads the image.
    func loadImage(_ notes: ProgressNotes) async throws -> Image {
        try await Self.loadImage(image, notes)
    }

    /// Loads the image in a folder, or the one that comes with Terrarium and has that name.
    static func loadImage(_ name: String?, _ notes: ProgressNotes) async throws -> Image {
        defer { notes.finish() }
        guard let name else { return try await Image.python(progress: notes.note) }
        let folder = ScriptFile.url(name)
        if name == DataImage.name, !FileManager.default.fileExists(atPath: folder.path) {
            return try await DataImage.load(notes)
        }
        return try await Image(contentsOf: folder, progress: notes.note)
    }

    /// Makes a sandbox with everything that it is given.
    func sandbox(_ image: Image, input: Sandbox.InputHandler? = nil) async throws -> Sandbox {
        let sandbox: Sandbox
        if let restore {
            let snapshot = try await Snapshot(contentsOf: ScriptFile.url(restore), image: image)
            sandbox = try Sandbox(restoring: snapshot, limits: limits, input: input)
            // Its host functions are gone, so nothing would answer what it waits for.
            if snapshot.isSuspended { try await sandbox.abandon() }
        } else {
            sandbox = Sandbox(image, limits: limits, input: input)
        }
        for text in files {
            let addition = FileAddition(text)
            try await copy(addition, to: sandbox)
        }
        if out != nil { try await sandbox.makeDirectory(Self.outputFolder) }
        let variables = try environment()
        if !variables.isEmpty { try await Self.set(variables, in: sandbox) }
        return sandbox
    }

    /// Copies a file or folder; one that does not fit is a fault of the command line.
    private func copy(_ addition: FileAddition, to sandbox: Sandbox) async throws {
        do {
            try await sandbox.copy(addition.source, to: addition.destination)
        } catch let error as SandboxError where error.code == .file {
            let memory = limits.memoryBytes.byteCountText
            throw CommandFailure.usage(
                "\(error.message) Files count to the sandbox's memory of \(memory); --memory-limit allows more."
            )
        }
    }

    /// Copies out what the programs wrote, and says what was left out.
    func copyOut(of sandbox: Sandbox) async throws {
        guard let out else { return }
        try await OutputFolder.copy(Self.outputFolder, of: sandbox, to: ScriptFile.url(out))
    }

    private static func set(_ variables: [(name: String, value: String)], in sandbox: Sandbox) async throws {
        let items = variables.map { PythonValue.Item(key: PythonString($0.name), value: PythonValue($0.value)) }
        let code = "__import__('os').environ.update(\(PythonValue.dict(items).representation))"
        let run = try await sandbox.run(Program(code, name: "<environment>", forms: []))
        if let error = run.error {
            throw CommandFailure.usage("The environment variables cannot be set: \(error).")
        }
    }
}
