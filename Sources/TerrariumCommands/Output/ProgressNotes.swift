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
    private let isQuiet: Bool
    private let started = Mutex<ContinuousClock.Instant?>(nil)

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    /// Begins a line; ``finish()`` ends it.
    func note(_ progress: Image.Progress) {
        guard !isQuiet else { return }
        switch progress {
        case .compiling(let component):
            StandardStream.error.write("Compiling \(component.lastPathComponent) for this machine, once …")
        }
        started.withLock { $0 = .now }
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
