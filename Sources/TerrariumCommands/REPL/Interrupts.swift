// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether Ctrl-C was pressed; a signal handler can do no more than set it.
private let isInterrupted = Atomic(false)

/// Takes Ctrl-C while a program runs.
final class Interrupts {
    private let task: Task<Void, Never>

    /// - Parameter handler: Called each time, within a twentieth of a second.
    init(_ handler: @escaping @Sendable () -> Void) {
        isInterrupted.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in isInterrupted.store(true, ordering: .relaxed) }
        task = Task { @concurrent in
            while (try? await Task.sleep(for: .milliseconds(50))) != nil {
                if isInterrupted.exchange(false, ordering: .relaxed) { handler() }
            }
        }
    }

    /// From now on Ctrl-C ends the process again.
    func end() {
        task.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
