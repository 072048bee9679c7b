// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Something that happens while a program runs.
public enum RunEvent: Sendable {
    /// The program printed something: whole characters, but a line may come in pieces.
    case output(Output.Stream, String)
    /// The program showed something.
    case display(Display)
    /// A loop got further.
    case progress(ProgressReport)
    /// The program called a host function.
    case call(function: String, arguments: [PythonValue])
    /// The program ended; the last event. Its ``Run/output`` and ``Run/displays`` are empty, since they were events.
    case finished(Run)

    /// About how much memory it takes, in bytes.
    var cost: Int {
        switch self {
        case .output(_, let text): 64 + text.utf8.count
        case .display(let display):
            display.data.values.reduce(256) { cost, form in
                if case .string(let text) = form { cost + text.utf8.count } else { cost + 1_024 }
            }
        case .progress, .call, .finished: 256
        }
    }
}
