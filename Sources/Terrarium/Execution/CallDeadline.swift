// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Wasmtime

/// The time that a sandbox's guest code has, and the requests to end it; read by the engine's epoch callback.
///
/// An *operation* is what a caller asked for, a run or a file that is read. It consists of *calls* into the guest. A
/// caller cancels the operation, whichever of its calls runs at that moment, from any thread.
final class CallDeadline: Sendable {
    /// The processor time in nanoseconds that the guest gets before it can be interrupted.
    ///
    /// It needs a small part of that to reach the handler that catches the exception; an interrupt before that would be
    /// the end of the interpreter.
    private static let settlingNanoseconds: UInt64 = 1_000_000

    /// The number of an operation.
    struct Operation: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    fileprivate enum Exceeded {
        case time(Duration)
        case processorTime(Duration)
    }

    fileprivate struct State {
        // Of the operation.
        var operation: UInt64 = 0
        var isUnderWay = false
        var isCancelled = false
        /// A Boolean value that tells whether the program was told that it is cancelled, and cleans up.
        var isCleaningUp = false
        var wantsKeyboardInterrupt = false
        /// A Boolean value that tells whether a thread of the program waits for the host.
        var isBlocked = false

        // Of the call.
        var limits = Limits()
        /// The processor time of the thread as it entered the guest, if the guest has not asked for anything since.
        var entryTime: UInt64?
        var end: ContinuousClock.Instant?
        var processorEnd: UInt64?
        var hardEnd: ContinuousClock.Instant?
        /// A Boolean value that tells whether `TimeoutError` was raised, but has not reached the program.
        var wantsTimeout = false
        /// The limit for which the program was asked to end.
        var breach: LimitBreach?

        /// A Boolean value that tells whether the call is to be stopped without the program having a say.
        var stops: Bool { isCancelled && !isCleaningUp }

        /// A Boolean value that tells whether an exception is to be raised in the program, which must not wait.
        var wantsException: Bool { wantsKeyboardInterrupt || wantsTimeout }
    }

    private let state = Mutex(State())
    /// Wakes a program that waits for the host, to look again.
    private let wakeUp = Condition()

    // MARK: - Operations

    /// Begins an operation.
    func begin() -> Operation {
        state.withLock { state in
            state.operation += 1
            state.isUnderWay = true
            (state.isCancelled, state.isCleaningUp, state.wantsKeyboardInterrupt) = (false, false, false)
            return Operation(number: state.operation)
        }
    }

    /// Ends the operation: a cancellation from now on is too late.
    func end() {
        state.withLock { $0.isUnderWay = false }
    }

    /// Cancels an operation, if it is the one under way; may be called from any thread.
    ///
    /// Guest code that computes is stopped. A program that blocks gets the time of grace, in which it is told.
    func cancel(_ operation: Operation) {
        state.withLock { state in
            guard state.isUnderWay, state.operation == operation.number, !state.isCancelled else { return }
            state.isCancelled = true
            guard state.isBlocked else { return }
            state.isCleaningUp = true
            state.hardEnd = .now + state.limits.grace
        }
        wakeUp.signalAll()
    }

    /// A Boolean value that tells whether the operation under way was cancelled.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Notes that the program is told of the cancellation, or of the end of its time, and cleans up from now on.
    func beginCleanUp() {
        state.withLock { $0.isCleaningUp = true }
    }

    /// Asks the program of the operation under way, if there is one, to stop what it does.
    func interrupt() {
        state.withLock { state in
            if state.isUnderWay { state.wantsKeyboardInterrupt = true }
        }
        wakeUp.signalAll()
    }

    /// Asks for an exception again that was raised in the program and then taken back.
    ///
    /// The time of grace goes on, since a program may forge what the exception was taken from.
    func askAgain(_ exception: InterruptWords.Exception) {
        switch exception {
        case .keyboardInterrupt: interrupt()
        case .timeout: state.withLock { $0.wantsTimeout = $0.hardEnd != nil }
        }
    }

    /// Returns whether the program is to be interrupted while it waits; the request is answered by that.
    func takeKeyboardInterrupt() -> Bool {
        state.withLock { state in
            defer { state.wantsKeyboardInterrupt = false }
            return state.wantsKeyboardInterrupt
        }
    }

    // MARK: - Calls

    /// Begins the time of a call, on the thread that will run it.
    ///
    /// - Throws: `CancellationError` if the operation was cancelled.
    func start(_ limits: Limits) throws {
        let processorEnd = limits.processorTime.map { HostClock.threadProcessorNanoseconds() &+ $0.nanoseconds }
        try state.withLock { state in
            if state.stops { throw CancellationError() }
            state.limits = limits
            state.entryTime = nil
            state.end = limits.time.map { .now + $0 }
            state.processorEnd = processorEnd
            (state.hardEnd, state.breach, state.wantsTimeout) = (nil, nil, false)
        }
    }

    /// Notes that this thread enters the guest.
    func enter() {
        let time = HostClock.threadProcessorNanoseconds()
        state.withLock { $0.entryTime = time }
    }

    /// The limit for which the last call was asked to end, if it was.
    var breach: LimitBreach? { state.withLock { $0.breach } }

    /// Lets the call go on, or throws the reason to end it.
    ///
    /// `raise` raises an exception in the program and answers whether that is possible. After `TimeoutError` the program
    /// has the time of grace. `processorTime` is that of the thread that runs the guest.
    func check(
        processorTime: UInt64 = HostClock.threadProcessorNanoseconds(),
        raise: (InterruptWords.Exception) -> Bool
    ) throws -> Store.DeadlineAction {
        return try state.withLock { state in
            if state.stops { throw CancellationError() }
            let isSettled = state.entryTime.map { processorTime &- $0 >= Self.settlingNanoseconds } ?? true
            let exceeded = state.exceeded(processorTime: processorTime)
            if let hardEnd = state.hardEnd {
                if .now >= hardEnd { throw Self.error(for: exceeded ?? .time(state.limits.time ?? .zero)) }
                if state.wantsTimeout, raise(.timeout) { state.wantsTimeout = false }
            } else if let exceeded, state.limits.grace <= .zero || isSettled {
                guard state.limits.grace > .zero, raise(.timeout) else { throw Self.error(for: exceeded) }
                state.hardEnd = .now + state.limits.grace
                state.breach = Self.breach(exceeded)
                return .continue(epochs: 1)
            }
            if state.wantsKeyboardInterrupt, isSettled, raise(.keyboardInterrupt) {
                state.wantsKeyboardInterrupt = false
            }
            return .continue(epochs: 1)
        }
    }

    /// Throws the reason to end the call, for work that the host does for long on behalf of the guest.
    func checkTime() throws {
        try state.withLock { state in
            if state.stops { throw CancellationError() }
            let end = state.hardEnd ?? state.end.map { $0 + state.limits.grace }
            if let end, .now >= end { throw Self.error(for: .time(state.limits.time ?? .zero)) }
        }
    }

    // MARK: - Waiting

    /// Wakes the thread that waits in ``wait(until:unless:)``, to look again.
    func notify() {
        wakeUp.signalAll()
    }

    /// Blocks this thread until something holds, but not beyond a time or the program's own.
    ///
    /// It also ends when the operation is cancelled or the program is to be interrupted.
    ///
    /// - Throws: `CancellationError` if the operation was cancelled before it began to wait.
    func wait(until wanted: ContinuousClock.Instant?, unless holds: () -> Bool) throws {
        let (end, hardEnd) = try state.withLock { state in
            if state.stops { throw CancellationError() }
            state.entryTime = nil
            state.isBlocked = true
            return (state.end, state.hardEnd)
        }
        defer { state.withLock { $0.isBlocked = false } }
        let forever = ContinuousClock.now + .seconds(1 << 30)
        let latest = [wanted, hardEnd ?? end].compactMap(\.self).min() ?? forever
        // Cancelled, it has another end.
        wakeUp.wait(until: latest) {
            holds() || state.withLock { $0.hardEnd != hardEnd || $0.wantsException }
        }
    }

    /// The time half-way from now to when a program that cleans up is stopped; `nil` before it was asked to end.
    ///
    /// A wait no longer than until then leaves the program time to end itself, however often it waits.
    var middleOfGrace: ContinuousClock.Instant? {
        state.withLock { state in
            state.hardEnd.map { hardEnd in
                let now = ContinuousClock.now
                return now + now.duration(to: hardEnd) / 2
            }
        }
    }

    /// Waits as the program asked, but not beyond its time; answers 0 if all of the wait is over.
    func sleep(nanoseconds: UInt64) throws -> UInt32 {
        let (limits, end, hardEnd) = try state.withLock { state in
            if state.stops { throw CancellationError() }
            state.entryTime = nil
            return (state.limits, state.end, state.hardEnd)
        }
        let wanted = ContinuousClock.now + .nanoseconds(Int64(min(nanoseconds, 1 << 62)))
        let latest = hardEnd ?? end
        let isCut = latest.map { $0 < wanted } ?? false
        wakeUp.wait(until: isCut ? latest ?? wanted : wanted) {
            state.withLock { $0.stops || $0.wantsException }
        }
        if state.withLock({ $0.stops }) { throw CancellationError() }
        if let hardEnd, isCut, .now >= hardEnd { throw Self.error(for: .time(limits.time ?? .zero)) }
        return ContinuousClock.now < wanted ? 1 : 0
    }

    // MARK: - Errors

    private static func error(for exceeded: Exceeded) -> SandboxError {
        switch exceeded {
        case .time(let limit):
            SandboxError(
                .timeLimit,
                "The program ran longer than its time limit of \(limit.shortText).",
                breach: breach(exceeded)
            )
        case .processorTime(let limit):
            SandboxError(
                .timeLimit,
                "The program used more processor time than its limit of \(limit.shortText).",
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

extension CallDeadline.State {
    fileprivate func exceeded(processorTime: UInt64) -> CallDeadline.Exceeded? {
        if let end, let limit = limits.time, .now >= end { return .time(limit) }
        if let processorEnd, let limit = limits.processorTime, processorTime >= processorEnd {
            return .processorTime(limit)
        }
        return nil
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
