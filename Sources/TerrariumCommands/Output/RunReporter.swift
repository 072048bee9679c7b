// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Shows what happens in a sandbox on the process's own streams; progress only where somebody looks at it.
struct RunReporter {
    private let showsProgress: Bool
    private var hasProgressLine = false

    init(isQuiet: Bool) {
        showsProgress = !isQuiet && isatty(STDERR_FILENO) == 1
    }

    mutating func show(_ event: RunEvent) {
        switch event {
        case .output(let chunk):
            clearProgress()
            (chunk.stream == .standardOutput ? StandardStream.output : .error).write(chunk.bytes)
        case .display(let display):
            clearProgress()
            StandardStream.output.print(Self.text(of: display))
        case .progress(let report): show(report)
        case .call: break
        default: clearProgress()
        }
    }

    /// The plain text of something that was shown, with the forms that a terminal cannot show.
    static func text(of display: Display) -> String {
        let others = display.data.keys.filter { $0 != "text/plain" }.sorted()
        return (display.text ?? "") + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
    }

    private mutating func show(_ report: ProgressReport) {
        guard showsProgress else { return }
        clearProgress()
        guard !report.isFinished else { return }
        // The label is the program's word: no control characters, and no more than fits into a line.
        let label = String(TerminalText.plain(report.label ?? "").prefix(40))
        StandardStream.error.write(
            "\(label.isEmpty ? "" : label + ": ")\(report.done)" + (report.total.map { " of \($0)" } ?? "")
        )
        hasProgressLine = true
    }

    private mutating func clearProgress() {
        if hasProgressLine { StandardStream.error.write("\r\u{1B}[K") }
        hasProgressLine = false
    }
}
