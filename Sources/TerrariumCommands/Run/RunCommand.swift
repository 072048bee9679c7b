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
            A Python script runs in a sandbox: it gets the arguments and what --file, --env and --stdin grant, has \
            512 MiB of memory unless told otherwise, and --out keeps what it writes to the folder /out. Its exit code \
            is 1 if it raises an exception.

            A component that exports wasi:cli/run is a command: it gets the arguments, the standard streams, the time, \
            random numbers, and what else is granted here; its exit code becomes this program's.

            With --invoke, a function is called with arguments in WAVE, the component model's notation for values, \
            and its result is printed in it: 'area({width: 2, height: 1.5})', 'my:pkg/shapes.area(…)'. \
            The exit code is 1 if the result is an err.

            There is no limit of time and memory unless you give one. Exit codes: 124 the time limit was reached; 125 \
            the component crashed.
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

    @Option(help: ArgumentHelp("Set an environment variable.", valueName: "name=value"))
    var env: [String] = []

    @Option(help: ArgumentHelp("Pass on a variable of this program's environment.", valueName: "name"))
    var inheritEnv: [String] = []

    @Option(
        help: ArgumentHelp("Let it read the files of a folder, under its name or a path.", valueName: "folder[=/path]")
    )
    var dir: [String] = []

    @Option(help: ArgumentHelp("Let it read and change the files of a folder.", valueName: "folder[=/path]"))
    var writableDir: [String] = []

    @Option(
        name: .customLong("file"),
        help: ArgumentHelp("Copy a file or folder into a script's root folder.", valueName: "path")
    )
    var inputFiles: [String] = []

    @Option(help: ArgumentHelp("Copy what a script wrote to /out into a folder.", valueName: "folder"))
    var out: String?

    @Flag(help: "Let a script read standard input.")
    var stdin = false

    @Flag(help: "Let it use the network.")
    var network = false

    @Option(help: ArgumentHelp("How long it may take: 2.5, 500ms, 2min.", valueName: "time"))
    var timeLimit: TimeSpan?

    @Option(help: ArgumentHelp("How large each of its memories may get: 20MB, 64MiB.", valueName: "bytes"))
    var memoryLimit: ByteCount?

    @Flag(name: .shortAndLong, help: "Print no notes on what takes time.")
    var quiet = false

    mutating func validate() throws {
        if invoke != nil && !arguments.isEmpty {
            throw ValidationError("The arguments of a function stand in its call: --invoke 'name(1, 2)'.")
        }
        if let timeLimit, timeLimit.seconds <= 0 { throw ValidationError("The time limit must be more than 0.") }
    }

    func run() async throws {
        switch try ProgramKind(of: file) {
        case .component: TerrariumCommand.finish(try await runComponent())
        case .coreModule:
            throw CommandFailure.usage("\(file) is a core module; only components can be run.")
        case .other: TerrariumCommand.finish(try await runScript())
        }
    }

    private func runScript() async throws -> ExitCode {
        guard invoke == nil, dir.isEmpty, writableDir.isEmpty, !network else {
            throw CommandFailure.usage(
                "\(file) is no component: --invoke, --dir, --writable-dir and --network are for one."
            )
        }
        var limits = Limits()
        limits.time = timeLimit?.duration
        limits.memoryBytes = memoryLimit?.bytes ?? 512 << 20
        limits.outputBytes = .max
        var environment = inheritEnv.compactMap { name in Environment.value(of: name).map { (name: name, value: $0) } }
        for text in env {
            let (name, value) = try VirtualizationPlan.pair(text, "--env")
            environment.append((name: name, value: value))
        }
        let program = ScriptProgram(
            file: file,
            arguments: arguments,
            environment: environment,
            files: inputFiles,
            output: out,
            standardInput: stdin ? HostInput.readToEnd() : [],
            limits: limits,
            isQuiet: quiet
        )
        return try await program.run()
    }

    private func runComponent() async throws -> ExitCode {
        let notes = ProgressNotes(isQuiet: quiet)
        let call = try invoke.map { try ComponentCall($0, file: file) }
        let plain = try PlainComponent(contentsOf: ScriptFile.url(file), progress: notes.note)
        notes.finish()
        let program = ComponentProgram(
            component: plain.component,
            name: file,
            wasi: try wasi(),
            limits: Store.Limits(maxMemoryBytes: memoryLimit?.bytes)
        )
        if let timeLimit { Watchdog(limit: timeLimit, reporter: TextReporter(isQuiet: quiet)).start() }
        return try await PlainComponent.onGuestThread {
            if let call { try program.invoke(call) } else { try program.runCommand() }
        }
    }

    /// What the component is granted.
    private func wasi() throws -> WASIConfiguration {
        var wasi = WASIConfiguration()
        wasi.arguments = [file] + arguments
        wasi.standardInput = .inherit
        wasi.standardOutput = .inherit
        wasi.standardError = .inherit
        wasi.allowsNetwork = network
        for name in inheritEnv { wasi.environment[name] = Environment.value(of: name) }
        for text in env {
            let (name, value) = try VirtualizationPlan.pair(text, "--env")
            wasi.environment[name] = value
        }
        wasi.directories = try dir.map { try directory($0, isWritable: false) }
        wasi.directories += try writableDir.map { try directory($0, isWritable: true) }
        return wasi
    }

    private func directory(_ text: String, isWritable: Bool) throws -> WASIConfiguration.Directory {
        let parts = text.contains("=") ? try VirtualizationPlan.pair(text, "--dir", last: true) : (text, text)
        return WASIConfiguration.Directory(hostPath: parts.0, guestPath: parts.1, isWritable: isWritable)
    }
}
