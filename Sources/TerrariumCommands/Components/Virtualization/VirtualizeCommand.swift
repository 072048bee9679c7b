// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import ComponentModel
import TerrariumBindgen
import WASIVirtualization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium virt`: gives a component a world of its own, so that it needs no WASI where it runs.
struct VirtualizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "virt",
        abstract: "Wrap a component with files, variables and clocks of its own.",
        discussion: """
            The result is a component that runs on any runtime, and imports nothing of WASI but what is allowed here: \
            everything is denied by default. Denied functions answer with an error. Imports that are not WASI's stay.

            Time starts at 2000-01-01 and randomness is the same in every run unless --clock or --random say otherwise. \
            A file for --config is a JSON object: the long names of the options are its keys, `mount`, `preopen` and \
            `env` are objects, and options that can be repeated are arrays. The command line wins over it.
            """
    )

    @Argument(help: ArgumentHelp("The component to wrap.", valueName: "in.wasm"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the result.", valueName: "out.wasm"))
    var output: String

    @OptionGroup(title: "WHAT IT FINDS") var surroundings: SurroundingsOptions
    @OptionGroup(title: "WHAT IT MAY USE") var grants: GrantOptions

    @Option(help: ArgumentHelp("Read options from a JSON file first.", valueName: "file"))
    var config: String?

    @Flag(name: .shortAndLong, help: "Print no notes.")
    var quiet = false

    func run() throws {
        var plan = VirtualizationPlan()
        if let config { try VirtualizationFile(contentsOf: config).apply(to: &plan) }
        try grants.apply(to: &plan)
        try surroundings.apply(to: &plan)
        let notes = ProgressNotes(isQuiet: quiet)
        defer { notes.finish() }
        notes.begin("Reading \(input)")
        let component = try WITInput.component(at: input)
        let options = try plan.options()
        if plan.allowsAll, !plan.keepsStreams {
            notes.say(
                "HTTP and sockets stay denied: they need the host's own streams, and the files are not the host's."
            )
        }
        guard component.imports.contains(where: { $0.name.name.hasPrefix("wasi:") }) else {
            notes.finish()
            notes.say("\(input) imports nothing of WASI, so there is nothing to replace; it is copied as it is.")
            return try write(try WITInput.contents(of: input))
        }
        let result: (component: Component, report: VirtualizationReport)
        do throws(ComponentsError) {
            notes.begin("Wrapping")
            result = try component.virtualized(options)
        } catch {
            throw CommandFailure.usage("\(input) cannot be wrapped: \(error.message)")
        }
        notes.begin("Writing \(output)")
        try write(result.component.encoded())
        notes.finish()
        report(result.report, notes)
    }

    private func write(_ bytes: [UInt8]) throws {
        do {
            try Data(bytes).write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw CommandFailure.usage("\(output) cannot be written.")
        }
    }

    private func report(_ report: VirtualizationReport, _ notes: ProgressNotes) {
        if let reason = report.compositionReason {
            notes.say("its WASI is a component beside it, because \(reason)")
        }
        let isWASI = Dictionary(grouping: report.remainingImports) { $0.hasPrefix("wasi:") }
        if let allowed = isWASI[true] { notes.say("imports of WASI, as allowed: \(allowed.joined(separator: ", "))") }
        if let others = isWASI[false] { notes.say("other imports, as before: \(others.joined(separator: ", "))") }
        if report.remainingImports.isEmpty { notes.say("imports: none") }
        if !report.trapping.isEmpty {
            notes.say("denied with a trap, for want of an error to return: \(report.trapping.joined(separator: ", "))")
        }
    }
}

/// The options of what a wrapped component finds.
struct SurroundingsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Put a folder or file of the host into the component.", valueName: "host=/path"))
    var mount: [String] = []

    @Flag(help: "Let it change its files, in memory; without --mount it gets an empty /.")
    var writable = false

    @Option(
        help: ArgumentHelp("Open a folder of its files under another path, and only such.", valueName: "/path=/folder")
    )
    var preopen: [String] = []

    @Option(help: ArgumentHelp("Set an environment variable.", valueName: "name=value"))
    var env: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("Add a command-line argument.", valueName: "text"))
    var arg: [String] = []

    @Option(help: ArgumentHelp("The time: real or virtual=2026-01-01T00:00:00Z.", valueName: "time"))
    var clock: String?

    @Option(help: ArgumentHelp("Random numbers: real or seed=NUMBER.", valueName: "source"))
    var random: String?

    func apply(to plan: inout VirtualizationPlan) throws {
        for text in mount {
            let (host, guest) = try VirtualizationPlan.pair(text, "--mount", last: true)
            try plan.mount(host, at: guest)
        }
        plan.isWritable = plan.isWritable || writable
        for text in preopen {
            let (name, path) = try VirtualizationPlan.pair(text, "--preopen")
            plan.preopens[name] = path
        }
        for text in env {
            let (name, value) = try VirtualizationPlan.pair(text, "--env")
            plan.environment[name] = value
        }
        plan.arguments += arg
        if let clock { plan.clock = try VirtualizationPlan.clock(clock) }
        if let random { plan.randomness = try VirtualizationPlan.randomness(random) }
    }
}

/// The options of what a wrapped component may use of its host.
struct GrantOptions: ParsableArguments {
    @Flag(help: "Allow everything that no other option makes part of the component.")
    var allowAll = false

    @Flag(help: "Deny everything, which is the default.")
    var denyAll = false

    @Option(help: ArgumentHelp("Take over a variable of the host when it runs; * for all.", valueName: "name"))
    var inheritEnv: [String] = []

    @Option(help: ArgumentHelp("All three streams: allow, ignore or deny.", valueName: "access"))
    var stdio: String?

    @Option(help: ArgumentHelp("Standard input: allow, ignore, deny, or a file.", valueName: "access|file"))
    var stdin: String?

    @Option(help: ArgumentHelp("Standard output: allow, ignore or deny.", valueName: "access"))
    var stdout: String?

    @Option(help: ArgumentHelp("Standard error: allow, ignore or deny.", valueName: "access"))
    var stderr: String?

    @Option(help: ArgumentHelp("Ending the program: allow, or deny, which traps.", valueName: "access"))
    var exit: String?

    @Option(help: ArgumentHelp("HTTP: allow or deny; needs --stdio allow and --clock real.", valueName: "access"))
    var http: String?

    @Option(help: ArgumentHelp("Sockets: allow or deny; needs --stdio allow and --clock real.", valueName: "access"))
    var sockets: String?

    func validate() throws {
        if allowAll && denyAll { throw ValidationError("--allow-all and --deny-all exclude each other.") }
    }

    func apply(to plan: inout VirtualizationPlan) throws {
        if denyAll { plan.denyAll() }
        if allowAll { plan.allowAll() }
        inheritEnv.forEach { plan.inherit($0) }
        if let stdio { try plan.setStandardStreams(stdio) }
        if let stdin { plan.setStandardInput(stdin) }
        if let stdout { plan.standardOutput = try VirtualizationPlan.stream(stdout, "--stdout") }
        if let stderr { plan.standardError = try VirtualizationPlan.stream(stderr, "--stderr") }
        if let exit { plan.exit = try VirtualizationPlan.access(exit, "--exit") }
        if let http { plan.http = try VirtualizationPlan.access(http, "--http") }
        if let sockets { plan.sockets = try VirtualizationPlan.access(sockets, "--sockets") }
    }
}

extension VirtualizationPlan {
    mutating func setStandardStreams(_ text: String) throws {
        let stream = try Self.stream(text, "--stdio")
        (standardInput, standardOutput, standardError) = (stream, stream, stream)
        standardInputFile = nil
    }

    /// Takes what happens to standard input, or the name of a file.
    mutating func setStandardInput(_ text: String) {
        if let stream = Stream(rawValue: text) {
            standardInput = stream
            standardInputFile = nil
        } else {
            standardInputFile = text
        }
    }
}
