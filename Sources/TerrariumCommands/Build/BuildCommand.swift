// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import ComponentModel
import Terrarium
import TerrariumBindgen

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium build`: images from a component or another image, and components from Python source.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build an image from another image or a component, or a component from Python source.",
        usage: """
            terrarium build --component <wasm> -o <image>
            terrarium build <guest.py> [--wit <file>] [--world <name>] -o <image or component.wasm>
            terrarium build [--from <image>] [--add <folder=/path> ...] [--run <script> ...] -o <image>
            """,
        discussion: """
            An image of another image takes as long as its set-up scripts run: it shares the machine code, and needs \
            no Python on the machine. Building from Python source needs componentize-py, which `make setup` fetches. \
            With a world of your own, imports included, name the output `.wasm`: that is a component for `terrarium \
            run`, `terrarium bindgen`, `terrarium --component` or any runtime. An image needs the world `session` of \
            Terrarium's own guest.
            """
    )

    @Argument(help: ArgumentHelp("The Python module that implements the world's exports.", valueName: "guest.py"))
    var guest: String?

    @Option(help: ArgumentHelp("Build from a component of the world `session`.", valueName: "wasm"))
    var component: String?

    @Option(help: SandboxOptions.imageHelp)
    var from: String?

    @OptionGroup(title: "Python packages")
    var packages: PackageOptions

    @Option(help: ArgumentHelp("Put the files of a folder under a path of the image.", valueName: "folder=/path"))
    var add: [String] = []

    @Option(help: ArgumentHelp("Run a script; what it leaves behind is what programs start with.", valueName: "script"))
    var run: [String] = []

    @Option(
        help: ArgumentHelp("Time that a set-up script may take; as long as it wants if left out.", valueName: "time")
    )
    var timeLimit: TimeLimit?

    @Option(
        help: ArgumentHelp(
            "Memory that set-up scripts may use on top of the image's own (default: \(Self.defaultMemory)).",
            valueName: "bytes"
        )
    )
    var memoryLimit: ByteCount?

    @Option(help: ArgumentHelp("The WIT file or folder that describes the guest's world.", valueName: "file"))
    var wit: String?

    @Option(help: ArgumentHelp("The name of that world, if there are several.", valueName: "name"))
    var world: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "image"))
    var output: String

    @Flag(name: .shortAndLong, help: "Print no notes on what takes time.")
    var quiet = false

    mutating func validate() throws {
        let derives =
            from != nil || !add.isEmpty || !run.isEmpty || packages.asksForPackages || !packages.modules.isEmpty
        guard [guest != nil, component != nil, derives].count(where: \.self) == 1 else {
            throw ValidationError(
                "Give one of: a Python module, --component, or --from with --package, --import, --add and --run."
            )
        }
        guard packages.asksForPackages || packages.findLinks.isEmpty && packages.pure.isEmpty else {
            throw ValidationError("--find-links and --pure go with --package or --requirements.")
        }
        if guest == nil, wit != nil || world != nil {
            throw ValidationError("--wit and --world go with a Python module.")
        }
        if !derives, timeLimit != nil || memoryLimit != nil {
            throw ValidationError("--time-limit and --memory-limit are for set-up scripts and imports.")
        }
        if guest == nil, output.hasSuffix(".wasm") {
            throw ValidationError("\(output) would be a component, and only a Python module is built to one.")
        }
    }

    func run() async throws {
        let notes = ProgressNotes(isQuiet: quiet)
        defer { notes.finish() }
        let folder = URL(filePath: output)
        if let component {
            try checkWorld(of: URL(filePath: component))
            _ = try await Image.build(component: URL(filePath: component), to: folder, progress: notes.note)
        } else if let guest {
            try await buildFromSource(URL(filePath: guest), to: folder, notes)
        } else {
            try await derive(to: folder, notes)
        }
    }

    private func buildFromSource(_ module: URL, to folder: URL, _ notes: ProgressNotes) async throws {
        let component = FileManager.default.temporaryDirectory
            .appending(path: "terrarium-guest-\(UInt64.random(in: 0 ... .max)).wasm")
        defer { try? FileManager.default.removeItem(at: component) }
        notes.begin("Building \(module.lastPathComponent) with componentize-py")
        let interface = wit.map { URL(filePath: $0) }
        if folder.pathExtension == "wasm" {
            return try ComponentizePy.build(module, wit: interface, world: world, to: folder)
        }
        try ComponentizePy.build(module, wit: interface, world: world, to: component)
        try checkWorld(of: component)
        let image = try await Image.build(component: component, to: folder, progress: notes.note)
        // CPython as componentize-py brings it, and Python source: a compiler may have that.
        try CodeCache.standard(parts: Parts.locate()).noteOwnGuest(image.componentDigest)
    }

    /// The imports of the world `session` of Terrarium's own guest, which every sandbox provides.
    private static let imports: Set = ["call-host", "emit"]

    /// The exports of that world by which programs run.
    private static let exports = ["exec", "eval", "configure", "start", "resume", "cancel"]

    /// Refuses a world that no sandbox has, before it takes time to compile.
    private func checkWorld(of file: URL) throws {
        let component = try WITInput.component(at: file.path)
        let exports = Set(component.exports.map(\.name.name))
        // `evaluate` is the name that Terrarium's own guests have for `eval`.
        let missing = Self.exports.filter { name in
            !exports.contains(name) && !(name == "eval" && exports.contains("evaluate"))
        }
        let imports = component.imports.filter { $0.type.sort != .type }.map(\.name.name)
            .filter { !$0.hasPrefix("wasi:") && !$0.hasPrefix("terrarium:sandbox/") && !Self.imports.contains($0) }
        guard !missing.isEmpty || !imports.isEmpty else { return }
        var reasons: [String] = []
        if !missing.isEmpty { reasons.append("does not export \(missing.joined(separator: ", "))") }
        if !imports.isEmpty {
            reasons.append("imports \(imports.joined(separator: ", ")), which a sandbox cannot provide")
        }
        let name = guest == nil ? file.lastPathComponent : "the world of \(guest ?? "")"
        let advice =
            if guest != nil {
                "Name the output .wasm to build a component for `terrarium run`, `terrarium bindgen` and "
                    + "`terrarium --component`."
            } else if missing.contains("exec") || missing.contains("eval") {
                "Run it with `terrarium run`, or from Swift with the bindings of `terrarium bindgen`."
            } else {
                "Run it as it is, with `terrarium --component`."
            }
        throw CommandFailure.usage("No image can be made: \(name) \(reasons.joined(separator: ", and ")). \(advice)")
    }

    private static let defaultMemory = ByteCount(bytes: Limits.forSetUp.memoryBytes).description

    private func derive(to folder: URL, _ notes: ProgressNotes) async throws {
        var recipe = ImageRecipe(notes: notes)
        if let timeLimit { recipe.limits.time = timeLimit.duration }
        if let memoryLimit { recipe.limits.memoryBytes = memoryLimit.bytes }
        recipe.folders = try add.map(FolderAddition.init)
        recipe.scripts = try run.map { ImageRecipe.Script(name: $0, source: try ScriptFile.read($0)) }
        let base = try await SandboxOptions.loadImage(from, notes)
        if packages.asksForPackages {
            let found = try await FoundPackages(packages.request, for: base, notes)
            if found.areNative, from != nil {
                let names = found.packages.filter(\.isNative).map(\.name).joined(separator: ", ")
                throw CommandFailure.usage(
                    "\(names) has native code, which is linked into a guest of its own: that goes without --from."
                )
            }
            recipe.packages = found
        }
        let asked = recipe.packages?.packages.flatMap(\.modules) ?? []
        recipe.modules = packages.modules.isEmpty ? asked : packages.modules
        try await recipe.make(of: base, to: folder)
    }
}
