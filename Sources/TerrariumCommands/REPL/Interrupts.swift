// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Takes signals that would end the process, for as long as it lives.
final class Interrupts {
    private let number: Int32
    private let source: any DispatchSourceSignal

    /// - Parameters:
    ///   - number: The signal, by default that of Ctrl-C.
    ///   - handler: Called for each signal, which is urgent if it comes within a second of the one before.
    init(_ number: Int32 = SIGINT, _ handler: @escaping @Sendable (_ isUrgent: Bool) -> Void) {
        self.number = number
        let queue = DispatchQueue(label: "terrarium.signals")
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        var last: ContinuousClock.Instant?
        source.setEventHandler {
            let now = ContinuousClock.now
            handler(last.map { now - $0 < .seconds(1) } ?? false)
            last = now
        }
        signal(number, SIG_IGN)
        source.activate()
        self.source = source
    }

    /// From now on the signal ends the process again.
    func end() {
        source.cancel()
        signal(number, SIG_DFL)
    }
}
