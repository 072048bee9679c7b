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
    ///   - handler: Called for each signal, with how many there were before.
    init(_ number: Int32 = SIGINT, _ handler: @escaping @Sendable (_ earlier: Int) -> Void) {
        self.number = number
        let queue = DispatchQueue(label: "terrarium.signals")
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        var count = 0
        source.setEventHandler {
            handler(count)
            count += 1
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
