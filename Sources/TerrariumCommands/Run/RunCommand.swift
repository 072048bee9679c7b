// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium
import Wasmtime

/// `terrarium run`: runs a Python script, or a component that is a command, or calls one of its functions.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a Python script or a component, or call a function of one.",
        usage: """
            terrarium run [<options>] <script> [<arguments> ...]
            terrarium run [<options>] <component> [<arguments> ...]
            terrarium run [<options>] --invoke '<function>(<arguments>)' <component>
            """,
        discussion: """
            A Python script (- for standard input) runs in a sandbox as python runs it: with __file__, its folder on \
            the path of modules, its arguments, and standard input. --file adds further files, --out keeps what it \
            writes to the folder /out. Its exit code is that of python: 1 if it raises an exception, or its own.

            A component that exports wasi:cli/run is a command: it gets the arguments, the standard streams, the time, \
            random numbers, and what else is granted here; its exit code becomes this program's. There is no limit of \
            time and memory unless you give one.

            With --invoke, a function is called with arguments in WAVE, the component model's notation for values, \
            and its result is printed in it: 'area({width: 2, height: 1.5})', 'my:pkg/shapes.area(…)'. \
            The exit code is 1 if the result is an err.

            Exit codes: 124 the time limit was reached; 125 the component crashed; 130 interrupted.
            """
    )

    @Argument(help: ArgumentHelp("The script or component.", valueName: "file"))
    var file: String

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("What the command gets as its arguments.", valueName: "arguments")
    )
    var arguments: [String] = []

    @Option(help: ArgumentHelp("Call a function and print its result.", valueName: "call"))
    var invoke: String?

    @Option(
        help: ArgumentHelp(
            "Let a component read the files of a folder, under its name or a path.",
            valueName: "folder[=/path]"
        )
    )
    var dir: [String] = []

    @Option(
        help: ArgumentHelp("Let a component read and change the files of a folder.", valueName: "folder[=/path]")
    )
    var writableDir: [String] = []

    @Flag(help: "Let a component use the network.")
    var network = false

    @OptionGroup
    var input: InputOptions

    @OptionGroup(title: "The sandbox")
    var sandbox: SandboxOptions

    @Flag(name: .shortAndLong, help: "Print no notes on what takes time.")
    var quiet = false

    mutating func validate() throws {
        if invoke != nil && !arguments.isEmpty {
            throw ValidationError("The arguments of a function stand in its call: --invoke 'name(1, 2)'.")
        }
    }

    func run() async throws {
        let contents = try ScriptFile.readUnlessWebAssembly(file)
        switch ProgramKind(of: contents) {
        case .component: TerrariumCommand.finish(try await runComponent())
        case .coreModule:
            throw CommandFailure.usage("\(file) is a core module; only components can be run.")
        case .other where file.hasSuffix(".wasm"):
            throw CommandFailure.usage("\(file) is no WebAssembly: it does not begin as a component does.")
        case .other: TerrariumCommand.finish(try await runScript(contents))
        }
    }

    private func runScript(_ contents: [UInt8]) async throws -> ExitCode {
        guard invoke == nil, dir.isEmpty, writableDir.isEmpty, !network else {
            throw CommandFailure.usage(
                "\(file) is no component: --invoke, --dir, --writable-dir and --network are for one."
            )
        }
        let program = ScriptProgram(
            file: file,
            contents: contents,
            arguments: arguments,
            options: sandbox,
            standardInput: input.standardInput,
            isQuiet: quiet
        )
        return try await program.run()
    }

    private func runComponent() async throws -> ExitCode {
        guard !sandbox.isUsedForSandbox else {
            throw CommandFailure.usage(
                "\(file) is a component; --image, --file, --out and such are for a Python script."
            )
        }
        let notes = ProgressNotes(isQuiet: quiet)
        let call = try invoke.map { try ComponentCall($0, file: file) }
        let compiled = try await CompiledComponent(contentsOf: ScriptFile.url(file), progress: notes.note)
        notes.finish()
        try noteDroppedArguments(of: compiled.component)
        let program = ComponentProgram(
            component: compiled.component,
            name: file,
            wasi: try wasi(),
            limits: Store.Limits(maxMemoryBytes: sandbox.memoryLimit?.bytes)
        )
        if let time = sandbox.timeLimit?.duration {
            Watchdog(time: time, reporter: TextReporter(isQuiet: quiet)).start()
        }
        return try await CompiledComponent.onGuestThread {
            if let call { try program.invoke(call) } else { try program.runCommand() }
        }
    }

    /// Says so if there are arguments that the component never asks for, as one does not that was wrapped.
    private func noteDroppedArguments(of component: Wasmtime.Component) throws {
        guard !quiet, !arguments.isEmpty,
            try !component.imports().contains(where: { $0.name.hasPrefix("wasi:cli/environment@") })
        else { return }
        StandardStream.error.print(
            "note: \(file) does not ask for arguments, so those that stand here are dropped; "
                + "`terrarium virt --arg` gives it some."
        )
    }

    /// The resources that the component is granted.
    private func wasi() throws -> WASIConfiguration {
        var wasi = WASIConfiguration()
        wasi.arguments = [file] + arguments
        if input.stdin { wasi.standardInput = .inherit }
        wasi.standardOutput = .inherit
        wasi.standardError = .inherit
        wasi.allowsNetwork = network
        for (name, value) in try sandbox.environment() { wasi.environment[name] = value }
        wasi.directories = try dir.map { try directory($0, isWritable: false) }
        wasi.directories += try writableDir.map { try directory($0, isWritable: true) }
        return wasi
    }

    private func directory(_ text: String, isWritable: Bool) throws -> WASIConfiguration.Directory {
        let parts = text.contains("=") ? try VirtualizationPlan.pair(text, "--dir", last: true) : (text, text)
        return WASIConfiguration.Directory(hostPath: parts.0, guestPath: parts.1, isWritable: isWritable)
    }
}
