// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// The program among other tools: pipes, full disks, signals, and streams that are not there.
@Suite(.timeLimit(.minutes(2)))
struct StandardStreamTests {
    @Test("A reader that has had enough ends the program, also where the signal for that is ignored")
    func brokenPipe() async throws {
        let endless = "import itertools\\nfor i in itertools.count(): print(i)"
        for prefix in ["", "trap '' PIPE; "] {
            let line =
                "{ \(prefix)$T --time-limit 1min --output-limit 1GB \"$(printf '\(endless)')\"; echo $? >&2; } | head -2"
            let result = try await TerrariumBinary.shell(line)
            #expect(result.outputText == "0\n1\n")
            // 128 and the number of SIGPIPE.
            #expect(result.errorText == "141\n", "\(prefix)")
        }
    }

    @Test(
        "Output that cannot be written is an error that says so",
        arguments: [(">&-", "Bad file descriptor"), ("> /dev/full", "No space left on device")]
    )
    func unwritableOutput(redirection: String, reason: String) async throws {
        for arguments in ["'2 + 2'", "\"print('text')\" None", "--json '2 + 2'", "cache list", "--help"] {
            let result = try await TerrariumBinary.shell("$T \(arguments) \(redirection)")
            #expect(result.exitCode == 125, "\(arguments)")
            #expect(result.errorText == "terrarium: Standard output cannot be written: \(reason).\n", "\(arguments)")
        }
    }

    @Test("Streams that are closed are not taken for files that are opened later")
    func closedStreams() async throws {
        let result = try await TerrariumBinary.shell("$T 'import sys; print(1, file=sys.stderr)' '2 + 2' <&- 2>&-")
        #expect(result.outputText == "result: 4\n" && result.exitCode == 0)
    }

    @Test("An output that does not wait gets all that is written, at its reader's pace")
    func nonblockingOutput() async throws {
        let program = """
            import os, subprocess, sys, time
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            child = subprocess.Popen([sys.argv[1], "print('x' * 2_000_000)", 'None'], stdout=writer)
            os.close(writer)
            time.sleep(0.3)
            total = 0
            while data := os.read(reader, 65536): total += len(data)
            print(total, child.wait())
            """
        #expect(
            try await HostPython.run(program, [TerrariumBinary.path]) == "\(2_000_001 + "result: None\n".count) 0\n"
        )
    }
}
