// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Dispatch
import Synchronization
import Terrarium
import TerrariumMCP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `terrarium mcp`: Python in sandboxes as tools of a model, over standard input and output.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Serve sandboxes to a model, as an MCP server on standard input and output.",
        discussion: """
            A program that speaks the Model Context Protocol starts this command and talks with it; see README.md for \
            the lines that tell it so. The tools are run_python, write_file, read_file, fork_session, undo_run and \
            resume_python. Each session starts with what the options give it. --time-limit holds for each run.
            """
    )

    @OptionGroup(title: "The sandbox")
    var sandbox: SandboxOptions

    @Option(help: ArgumentHelp("How many sessions there may be at once.", valueName: "count"))
    var maxSessions = 32

    @Option(help: ArgumentHelp("How many runs of a session can be taken back.", valueName: "count"))
    var maxUndo = 16

    @Flag(name: .shortAndLong, help: "Print no notes on standard error.")
    var quiet = false

    mutating func validate() throws {
        guard (1...10_000).contains(maxSessions), (1...1_000).contains(maxUndo) else {
            throw ValidationError("--max-sessions takes 1 to 10000, --max-undo 1 to 1000.")
        }
        guard sandbox.out == nil else {
            throw ValidationError("--out goes with programs that end; the client reads files of /out as resources.")
        }
    }

    func run() async throws {
        let image = try await sandbox.loadImage(ProgressNotes(isQuiet: quiet))
        var configuration = MCPService.Configuration()
        configuration.maxSessions = maxSessions
        configuration.maxUndoPoints = maxUndo
        if sandbox.image != nil { configuration.packageNote = " and the packages of the image" }
        let service = MCPService(base: try await sandbox.sandbox(image), configuration: configuration)
        try await service.prepare()
        let output = LineWriter()
        let connection = MCPConnection(service) { await output.write($0) }
        let termination = Self.onTermination {
            // Programs are not waited for: the process ends anyway.
            await connection.cancelAll()
            await Self.finish(connection)
        }
        while true {
            let bytes = await HostInput.next(maxCount: 64 << 10)
            guard !bytes.isEmpty else { break }
            await connection.receive(bytes)
        }
        termination.cancel()
        await Self.finish(connection, patience: .milliseconds(400))
    }

    /// Ends the process within a second, whatever programs do.
    private static func finish(_ connection: MCPConnection, patience: Duration = .zero) async -> Never {
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.9) { TerrariumCommand.finish(.success) }
        await connection.finish(patience: patience)
        TerrariumCommand.finish(.success)
    }

    private static func onTermination(_ body: @escaping @Sendable () async -> Void) -> any DispatchSourceSignal {
        signal(SIGTERM, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: DispatchQueue(label: "terrarium.mcp"))
        source.setEventHandler { Task { await body() } }
        source.activate()
        return source
    }
}

/// Writes lines to standard output, one after the other, without holding one of the threads that Swift's tasks share.
private struct LineWriter: Sendable {
    private let queue = DispatchQueue(label: "terrarium.mcp.output")

    /// Writes a line, and returns when it is written: a client that does not read makes programs wait.
    func write(_ line: [UInt8]) async {
        await withCheckedContinuation { continuation in
            queue.async {
                StandardStream.output.write(line)
                continuation.resume()
            }
        }
    }
}
