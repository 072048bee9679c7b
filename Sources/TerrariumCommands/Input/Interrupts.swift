// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Takes Ctrl-C for as long as it is wanted; afterwards it ends the process again.
///
/// If what runs goes on for a second after a press, a note says how to stop it all the same: it may be in C code, which
/// never looks for an interrupt, or catch every exception.
struct Interrupts {
    /// Handles a press, which is urgent if it comes within a second of the one before.
    typealias Handler = @Sendable (_ isUrgent: Bool) -> Void

    /// The time in which a second press is urgent, and after which the note is printed, in seconds.
    private static let patience = 1
    private static let note = "terrarium: The program goes on. Ctrl-C pressed twice within a second stops it."

    /// Begins to take Ctrl-C; the one who began last gets it.
    init(_ handler: @escaping Handler) {
        Self.listener.add(handler)
    }

    /// Ends to take Ctrl-C.
    func end() {
        Self.listener.removeLast()
    }

    private static let listener = Listener()

    /// The one source of the signal, which stays once there is one: a second one after it would get no signals on Linux.
    ///
    /// It is `@unchecked Sendable` because of the source, which nobody touches once it is active.
    private final class Listener: @unchecked Sendable {
        private struct State {
            var handlers: [(number: Int, handle: Handler)] = []
            var count = 0
            var last: ContinuousClock.Instant?
        }

        private let state = Mutex(State())
        private let source: any DispatchSourceSignal
        private let queue = DispatchQueue(label: "terrarium.interrupts")

        init() {
            let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: queue)
            self.source = source
            source.setEventHandler { [unowned self] in take() }
            signal(SIGINT, SIG_IGN)
            source.activate()
        }

        func add(_ handler: @escaping Handler) {
            state.withLock { state in
                state.count += 1
                state.handlers.append((state.count, handler))
                state.last = nil
            }
        }

        func removeLast() {
            _ = state.withLock { $0.handlers.popLast() }
        }

        private func take() {
            let now = ContinuousClock.now
            let (handler, isUrgent) = state.withLock { state in
                defer { state.last = now }
                return (state.handlers.last, state.last.map { now - $0 < .seconds(Interrupts.patience) } ?? false)
            }
            guard let handler else { TerrariumCommand.finish(.interrupted) }
            handler.handle(isUrgent)
            queue.asyncAfter(deadline: .now() + .seconds(Interrupts.patience)) { [unowned self] in
                note(handler.number, now)
            }
        }

        /// Prints the note if what ran as Ctrl-C was pressed runs still, and there was no press since.
        private func note(_ number: Int, _ press: ContinuousClock.Instant) {
            let goesOn = state.withLock { $0.handlers.last?.number == number && $0.last == press }
            if goesOn { StandardStream.error.print(Interrupts.note) }
        }
    }
}
