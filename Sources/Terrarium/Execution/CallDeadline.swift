// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Wasmtime

/// When the call that runs in a sandbox has to end; read by the engine's epoch callback while the call runs.
final class CallDeadline: Sendable {
    /// What a limit is about.
    private enum Exceeded {
        case time(Duration)
        case processorTime(Duration)
    }

    /// How long the guest has computed before it is interrupted, in nanoseconds of processor time.
    ///
    /// It takes a small part of that until it is inside of what catches an interrupt; one that comes earlier would be the
    /// end of the interpreter.
    private static let settlingNanoseconds: UInt64 = 1_000_000

    private struct State {
        var limits = Limits()
        /// The processor time of the thread as it entered the guest, if the guest has not asked for anything since.
        var entryTime: UInt64?
        var end: ContinuousClock.Instant?
        var processorEnd: UInt64?
        var hardEnd: ContinuousClock.Instant?
        var isCancelled = false
        /// The limit for which the program was asked to end.
        var breach: LimitBreach?
    }

    private let state = Mutex(State())
    /// Wakes a program that sleeps, because it was cancelled.
    private let wakeUp = Condition()

    /// Begins the time of a call, on the thread that will run it.
    func start(_ limits: Limits) {
        let processorTime = limits.processorTime.map { HostClock.threadProcessorNanoseconds() &+ $0.nanoseconds }
        state.withLock { state in
            state = State(limits: limits, end: limits.time.map { .now + $0 }, processorEnd: processorTime)
        }
    }

    /// Notes that this thread enters the guest.
    func enter() {
        let time = HostClock.threadProcessorNanoseconds()
        state.withLock { $0.entryTime = time }
    }

    /// Ends the call at the next check; may be called from any thread.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        wakeUp.signalAll()
    }

    /// The limit for which the last call was asked to end, if it was.
    var breach: LimitBreach? { state.withLock { $0.breach } }

    /// Leaves the program that runs only the time of grace; it was told otherwise than by an interrupt.
    func beginGrace() {
        state.withLock { $0.hardEnd = .now + $0.limits.grace }
        wakeUp.signalAll()
    }

    /// Wakes the thread that waits in ``wait(until:unless:)``, to look again.
    func notify() {
        wakeUp.signalAll()
    }

    /// Blocks this thread until something holds, but not beyond a time or the program's own.
    ///
    /// - Throws: `CancellationError` if the call was cancelled.
    func wait(until wanted: ContinuousClock.Instant?, unless holds: () -> Bool) throws {
        let (end, hardEnd) = state.withLock { state in
            state.entryTime = nil
            return (state.end, state.hardEnd)
        }
        let forever = ContinuousClock.now + .seconds(1 << 30)
        let latest = [wanted, end, hardEnd].compactMap(\.self).min() ?? forever
        // Notifications come while something changed; between them the time is looked at, as it may have been
        // shortened.
        wakeUp.wait(until: latest) { holds() || state.withLock { $0.isCancelled || $0.hardEnd != hardEnd } }
        if state.withLock({ $0.isCancelled }) {
            throw CancellationError()
        }
    }

    /// Lets the call go on, or throws the reason to end it.
    ///
    /// `interrupt` asks the program to end by itself and answers whether that is possible; it then has the time of
    /// grace.
    func check(interrupt: () -> Bool) throws -> Store.DeadlineAction {
        let (limits, hardEnd, isCancelled) = state.withLock { ($0.limits, $0.hardEnd, $0.isCancelled) }
        if isCancelled {
            throw CancellationError()
        }
        if let hardEnd {
            if .now >= hardEnd { throw Self.error(for: exceeded() ?? .time(limits.time ?? .zero)) }
            return .continue(epochs: 1)
        }
        guard let exceeded = exceeded() else { return .continue(epochs: 1) }
        guard limits.grace <= .zero || isSettled else { return .continue(epochs: 1) }
        guard limits.grace > .zero, interrupt() else { throw Self.error(for: exceeded) }
        state.withLock {
            $0.hardEnd = .now + limits.grace
            $0.breach = Self.breach(exceeded)
        }
        return .continue(epochs: 1)
    }

    /// Waits as the program asked, but not beyond its time; answers 0 if all of the wait is over.
    func sleep(nanoseconds: UInt64) throws -> UInt32 {
        let (limits, end, hardEnd) = state.withLock { state in
            state.entryTime = nil
            return (state.limits, state.end, state.hardEnd)
        }
        let wanted = ContinuousClock.now + .nanoseconds(Int64(min(nanoseconds, 1 << 62)))
        let latest = hardEnd ?? end
        let isCut = latest.map { $0 < wanted } ?? false
        wakeUp.wait(until: isCut ? latest ?? wanted : wanted) { state.withLock { $0.isCancelled } }
        if state.withLock({ $0.isCancelled }) {
            throw CancellationError()
        }
        if hardEnd != nil, isCut {
            throw Self.error(for: .time(limits.time ?? .zero))
        }
        return isCut ? 1 : 0
    }

    private var isSettled: Bool {
        guard let entryTime = state.withLock({ $0.entryTime }) else { return true }
        return HostClock.threadProcessorNanoseconds() &- entryTime >= Self.settlingNanoseconds
    }

    private func exceeded() -> Exceeded? {
        let (limits, end, processorEnd) = state.withLock { ($0.limits, $0.end, $0.processorEnd) }
        if let end, let limit = limits.time, .now >= end { return .time(limit) }
        if let processorEnd, let limit = limits.processorTime, HostClock.threadProcessorNanoseconds() >= processorEnd {
            return .processorTime(limit)
        }
        return nil
    }

    private static func error(for exceeded: Exceeded) -> SandboxError {
        switch exceeded {
        case .time(let limit):
            SandboxError(
                .timeLimit,
                "The program ran longer than its time limit of \(limit).",
                breach: breach(exceeded)
            )
        case .processorTime(let limit):
            SandboxError(
                .timeLimit,
                "The program used more processor time than its limit of \(limit).",
                breach: breach(exceeded)
            )
        }
    }

    /// The limits are looked at every millisecond, so what was used is hardly more than what is allowed.
    private static func breach(_ exceeded: Exceeded) -> LimitBreach {
        switch exceeded {
        case .time(let limit): LimitBreach(.time, used: .time(limit), allowed: .time(limit))
        case .processorTime(let limit): LimitBreach(.processorTime, used: .time(limit), allowed: .time(limit))
        }
    }
}

extension Duration {
    /// The duration in whole nanoseconds, at most 2^62.
    fileprivate var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, seconds < 1 << 32 else { return seconds < 0 ? 0 : 1 << 62 }
        return UInt64(seconds) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
