// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

public import ArgumentParser
import Terrarium
import TerrariumBindgen

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The command `terrarium`.
public struct TerrariumCommand: AsyncParsableCommand {
    /// Its name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "terrarium",
        abstract: "Runs untrusted Python in a sandbox.",
        usage: """
            terrarium [<options>] [<statements> ...] <expression>
            terrarium [<options>] -f <script> | -
            terrarium <subcommand>
            """,
        discussion: """
            Without a subcommand, `eval` is meant: `terrarium "2 + 2"` prints `result: 4`. See `terrarium help eval`. \
            An expression that is named like a subcommand needs `eval` before it, one that starts with a minus `--`.

            Exit codes: 0 success; 1 the program raised an exception; the program's own if it ends with sys.exit; 2 the \
            command line, or a file that it names, is not as it should be; 124 the time limit was reached; 125 the \
            sandbox itself failed; 130 interrupted.
            """,
        version: TerrariumVersion.current,
        subcommands: [
            EvaluateCommand.self, REPLCommand.self, RunCommand.self, BuildCommand.self, SnapshotCommand.self,
            InspectCommand.self, WITCommand.self, VirtualizeCommand.self, BindgenCommand.self, MCPCommand.self,
            ServeCommand.self, CacheCommand.self, OptimizeCommand.self,
        ],
        defaultSubcommand: EvaluateCommand.self
    )

    /// Only its subcommands are ever run.
    public init() {}

    /// Runs the command that the arguments ask for, and ends the process with its exit code.
    public static func run(_ arguments: some Sequence<String>) async -> Never {
        let arguments = Array(arguments)
        StandardStream.reserveDescriptors()
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            finish(.success)
        } catch let error as SandboxError {
            StandardStream.error.print("terrarium: \(error.message)")
            finish(error.exitCode)
        } catch let failure as CommandFailure {
            StandardStream.error.print("terrarium: \(failure.message)")
            finish(failure.exitCode)
        } catch let failure as WITInput.Failure {
            StandardStream.error.print("terrarium: \(failure)")
            finish(.usage)
        } catch {
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if !message.isEmpty {
                (code.isSuccess ? StandardStream.output : .error).print(message)
            }
            if code == .validationFailure, arguments.contains(where: isNegative) {
                StandardStream.error.print(
                    "An expression that starts with a minus goes after --: terrarium -- '-1 + 2'"
                )
            }
            // ArgumentParser's own code for a wrong command line is that of sysexits.h; ours is the shells' 2.
            finish(code == .validationFailure ? .usage : code)
        }
    }

    /// A Boolean value that tells whether an argument may be an expression such as `-1`, which looks like an option.
    private static func isNegative(_ argument: String) -> Bool {
        argument.first == "-" && argument.dropFirst().first.map { $0.isNumber || "(.".contains($0) } ?? false
    }

    /// Ends the process at once: a worker thread may still be inside a guest that does not look at its deadline.
    static func finish(_ code: ExitCode) -> Never {
        RawMode.end()
        _exit(code.rawValue)
    }
}
