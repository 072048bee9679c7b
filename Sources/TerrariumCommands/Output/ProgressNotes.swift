// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Says on standard error what takes more than a moment, and how long it took.
final class ProgressNotes: Sendable {
    let isQuiet: Bool
    private let started = Mutex<ContinuousClock.Instant?>(nil)

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    func note(_ progress: Image.Progress) {
        switch progress {
        case .linking(let component): begin("Linking \(component.lastPathComponent)")
        case .compiling(let component): begin("Compiling \(component.lastPathComponent) for this machine, once")
        }
    }

    /// Begins a line, which the next one or ``finish()`` ends with the time that passed.
    func begin(_ title: String) {
        finish()
        guard !isQuiet else { return }
        StandardStream.error.write("\(title) …")
        started.withLock { $0 = .now }
    }

    /// Says something that is of use after the work is done.
    func say(_ text: String) {
        guard !isQuiet else { return }
        StandardStream.error.print(text)
    }

    func hint(_ text: String) {
        guard !isQuiet else { return }
        StandardStream.error.print("hint: \(text)")
    }

    func finish() {
        guard let start = started.withLock({ $0.take() }) else { return }
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(100)).rounded() / 10
        StandardStream.error.print(" \(seconds) s")
    }
}
