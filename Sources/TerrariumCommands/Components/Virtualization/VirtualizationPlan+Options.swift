// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumBindgen
import WASIVirtualization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension VirtualizationPlan {
    /// Returns the options of the pass.
    ///
    /// - Throws: `CommandFailure` if parts of the plan exclude each other, or files cannot be read.
    func options() throws -> Virtualization {
        try checkStreams()
        var configuration = GuestConfiguration(
            environment: environment,
            arguments: arguments,
            preopens: preopens.isEmpty ? defaultPreopens : [],
            namedPreopens: preopens,
            files: try MountedFiles.read(mounts, isWritable: isWritable)
        )
        var kept: Set<String> = []
        if keepsStreams {
            // Where the host's streams stay, so does everything that hands them out.
            kept = ["wasi:io", "wasi:cli/stdin", "wasi:cli/stdout", "wasi:cli/stderr", "wasi:clocks/monotonic-clock"]
            if http == .allow || allowsAll { kept.insert("wasi:http") }
            if sockets == .allow || allowsAll { kept.insert("wasi:sockets") }
            if exit == .allow { kept.insert("wasi:cli/exit") }
            if allowsAll { kept.formUnion(Self.everything) }
            if keepsEnvironment { kept.insert("wasi:cli/environment") }
        }
        switch clock {
        case .real where keepsStreams: kept.formUnion(["wasi:clocks"])
        case .real: configuration.clock = .host
        case .virtual(let start): configuration.clock = .virtual(start: start)
        }
        switch randomness {
        case .real where keepsStreams: kept.insert("wasi:random")
        case .real: configuration.randomness = .host
        case .seed(let seed): configuration.randomness = .seeded(seed)
        }
        if keepsStreams {
            // Nothing of the guest's looks at these, and the host is not to be asked for what is not used.
            configuration.clock = configuration.clock ?? .virtual(start: Self.defaultTime)
            configuration.randomness = configuration.randomness ?? .seeded(0)
        }
        return Virtualization(
            configuration: configuration,
            keptImports: kept,
            grants: try grants(),
            arenaBytes: 1 << 20
        )
    }

    private static let everything: Set = [
        "wasi:filesystem", "wasi:cli/exit", "wasi:cli/terminal-input", "wasi:cli/terminal-output",
        "wasi:cli/terminal-stdin", "wasi:cli/terminal-stdout", "wasi:cli/terminal-stderr",
    ]

    /// A Boolean value that tells whether environment and arguments are the host's and nothing else.
    private var keepsEnvironment: Bool {
        allowsAll && inheritedEnvironment == .all && environment.isEmpty && arguments.isEmpty
    }

    /// The mounted folders, which a guest that looks for its files in the first of them finds first, and then the root, so
    /// that a file is found wherever it is mounted, and the folders that lead there can be listed.
    private var defaultPreopens: [String] {
        guard !mounts.isEmpty || isWritable else { return [] }
        let folders = mounts.filter { (try? FileManager.default.contentsOfDirectory(atPath: $0.host)) != nil }
        return Set(folders.map(\.guest)).subtracting(["/"]).sorted() + ["/"]
    }

    private func grants() throws -> WASIGrants {
        var grants = WASIGrants(inheritedEnvironment: inheritedEnvironment)
        if keepsStreams, keepsEnvironment { grants.inheritedEnvironment = .variables([]) }
        guard !keepsStreams else { return grants }
        if let standardInputFile {
            grants.standardInput = .bytes(try WITInput.contents(of: standardInputFile))
        } else if standardInput == .allow {
            grants.standardInput = .allow
        }
        grants.standardOutput = Self.output(standardOutput)
        grants.standardError = Self.output(standardError)
        grants.allowsExit = exit == .allow
        return grants
    }

    private static func output(_ stream: Stream) -> WASIGrants.Output {
        switch stream {
        case .allow: .allow
        case .ignore: .ignore
        case .deny: .deny
        }
    }

    /// One guest knows one kind of stream: the host's, or those in its own memory.
    private func checkStreams() throws {
        guard keepsStreams else { return }
        let what = http == .allow ? "--http allow" : sockets == .allow ? "--sockets allow" : "--allow-all"
        func fail(_ conflict: String) -> CommandFailure {
            CommandFailure.usage(
                "\(what) leaves the guest the host's own streams, which do not go together with \(conflict)."
            )
        }
        guard !hasFiles else { throw fail("files that are part of the component (--mount, --writable, --preopen)") }
        guard standardInputFile == nil else { throw fail("a file as standard input (--stdin)") }
        guard standardInput == .allow, standardOutput == .allow, standardError == .allow else {
            throw fail("standard streams of its own: add --stdio allow")
        }
        guard clock == .real else { throw fail("virtual time: add --clock real") }
    }
}
