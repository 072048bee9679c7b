// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Sentences for a person whose program ran into limits.
enum LimitHints {
    /// The limits that ended a program, and the options that raise them; none if it went on to its end.
    static func texts(for run: Run) -> [String] {
        guard run.error != nil || run.isOutOfTime else { return [] }
        return run.breaches.map(text)
    }

    private static func text(for breach: LimitBreach) -> String {
        let allowed = breach.allowed
        return switch breach.limit {
        case .time: "The program may take \(allowed); --time-limit allows more."
        case .processorTime: "The program may take \(allowed) of processor time; --cpu-limit allows more."
        case .memory: "The program may use \(allowed) of memory on top of the image's own; --memory-limit allows more."
        case .output: "The program may print \(allowed); --output-limit allows more."
        case .stack:
            "Calls may nest \(allowed) deep; sys.setrecursionlimit in the program allows more, if it does not call itself for ever."
        case .files: "The files of a sandbox may have \(allowed) together."
        case .fileCount: "A sandbox may have \(allowed) files and folders."
        default: "A limit was reached: \(breach)."
        }
    }
}
