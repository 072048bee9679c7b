// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The async host calls of one sandbox that are under way, and the answers that the program was not told yet.
///
/// They run on Swift's cooperative pool, and never on the threads that guests block.
final class HostCalls: Sendable {
    fileprivate struct State {
        var running: [Int: Task<Void, Never>] = [:]
        var timers: [Int: Task<Void, Never>] = [:]
        var answers: [HostCall.Answer] = []
        /// Something happened that whoever waits should look at.
        var isWoken = false
        var waiter: CheckedContinuation<Void, Never>?
        /// Tells a thread that waits.
        var notify: (@Sendable () -> Void)?
        /// Wakes whoever waits at a time.
        var alarm: (time: ContinuousClock.Instant, task: Task<Void, Never>)?
    }

    private let state = Mutex(State())

    /// Starts a call in a task of its own; it is ignored if a call with this number is already running.
    ///
    /// After `time` the program gets a `TimeoutError`, and the task is cancelled; a late result is dropped.
    func begin(
        _ call: HostCall,
        time: Duration?,
        scope: HostCallScope?,
        _ body: @escaping @Sendable @concurrent () async throws -> PythonValue
    ) {
        state.withLock { state in
            guard state.running[call.id] == nil else { return }
            state.running[call.id] = Task { [weak self] in
                let result: Result<PythonValue, PythonException>
                do {
                    result = .success(try await HostCallScope.$current.withValue(scope) { try await body() })
                } catch {
                    result = .failure(.hiding(error, of: call.function))
                }
                self?.finish(HostCall.Answer(id: call.id, result: result))
            }
        }
        guard let time else { return }
        let timer = Task { [weak self] in
            guard (try? await Task.sleep(for: time)) != nil else { return }
            let message = "the host function took longer than its limit of \(time.shortText)"
            self?.finish(HostCall.Answer(call.id, error: PythonException("TimeoutError", message)))
        }
        state.withLock { state in
            if state.running[call.id] == nil { timer.cancel() } else { state.timers[call.id] = timer }
        }
    }

    /// Notes an answer to a call that was not begun here.
    func add(_ answers: [HostCall.Answer]) {
        guard !answers.isEmpty else { return }
        let (waiter, notify) = state.withLock { state in
            state.answers += answers
            return state.takeWaiter()
        }
        waiter?.resume()
        notify?()
    }

    private func finish(_ answer: HostCall.Answer) {
        let (task, (waiter, notify)) = state.withLock { state -> (Task<Void, Never>?, HostCalls.Waiting) in
            // Dropped meanwhile, or answered by its time limit.
            guard let task = state.take(answer.id) else { return (nil, (nil, nil)) }
            state.answers.append(answer)
            return (task, state.takeWaiter())
        }
        // Does nothing to a task that is at its end.
        task?.cancel()
        waiter?.resume()
        notify?()
    }

    fileprivate typealias Waiting = (CheckedContinuation<Void, Never>?, (@Sendable () -> Void)?)

    /// Cancels calls that nobody waits for.
    func drop(_ ids: [Int]) {
        guard !ids.isEmpty else { return }
        let tasks = state.withLock { state in ids.compactMap { state.take($0) } }
        for task in tasks { task.cancel() }
    }

    /// Cancels all calls and forgets all answers.
    func dropAll() {
        let tasks = state.withLock { state in
            defer {
                (state.running, state.timers) = ([:], [:])
                state.answers = []
            }
            return Array(state.running.values) + state.timers.values
        }
        for task in tasks { task.cancel() }
    }

    /// The number of calls under way.
    var runningCount: Int { state.withLock { $0.running.count } }

    /// A Boolean value that tells whether there are answers.
    var hasAnswers: Bool { state.withLock { !$0.answers.isEmpty } }

    /// Takes the answers that came since the last time.
    func takeAnswers() -> [HostCall.Answer] {
        state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    /// Has whoever waits look again.
    func wake() {
        let (waiter, notify) = state.withLock { state in
            state.isWoken = true
            return state.takeWaiter()
        }
        waiter?.resume()
        notify?()
    }

    /// Sets what is called when something happens, for a thread that waits.
    func setNotification(_ notify: (@Sendable () -> Void)?) {
        state.withLock { $0.notify = notify }
    }

    /// Sets the time at which whoever waits looks again.
    ///
    /// An alarm for that time stays: a run whose program waits a thousand times has one, for the end of its time.
    private func setAlarm(_ time: ContinuousClock.Instant?) {
        state.withLock { state in
            guard state.alarm?.time != time else { return }
            state.alarm?.task.cancel()
            state.alarm = time.map { time in
                let task = Task { [weak self] in
                    guard (try? await Task.sleep(until: time, clock: .continuous)) != nil else { return }
                    self?.ring(at: time)
                }
                return (time, task)
            }
        }
    }

    private func ring(at time: ContinuousClock.Instant) {
        state.withLock { state in
            if state.alarm?.time == time { state.alarm = nil }
        }
        wake()
    }

    /// Ends the alarm, at the end of a run.
    func stopAlarm() { setAlarm(nil) }

    /// Waits for an answer, a time or a call of ``wake()``; may also return without any of them.
    ///
    /// Only one task may wait.
    func wait(until end: ContinuousClock.Instant?) async {
        guard !hasAnswers else { return }
        setAlarm(end)
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.answers.isEmpty, !state.isWoken else {
                    state.isWoken = false
                    return true
                }
                precondition(state.waiter == nil, "two tasks wait for one sandbox's host calls")
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}

extension HostCalls.State {
    /// Takes a call out, and ends its timer.
    fileprivate mutating func take(_ id: Int) -> Task<Void, Never>? {
        timers.removeValue(forKey: id)?.cancel()
        return running.removeValue(forKey: id)
    }

    /// The continuation and the closure that are to be told that something happened.
    fileprivate mutating func takeWaiter() -> HostCalls.Waiting {
        defer {
            if waiter != nil { isWoken = false }
            waiter = nil
        }
        return (waiter, notify)
    }
}
