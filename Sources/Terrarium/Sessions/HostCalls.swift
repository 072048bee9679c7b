// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The async host calls of one session that are under way, and those that ended and that the program was not yet told
/// of.
final class HostCalls: Sendable {
    fileprivate struct State {
        var running: [Int: Task<Void, Never>] = [:]
        var answers: [HostCall.Answer] = []
        /// Something happened that whoever waits should look at.
        var isWoken = false
        var waiter: CheckedContinuation<Void, Never>?
        /// Tells a thread that waits.
        var notify: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let executor: any TaskExecutor

    /// - Parameter executor: What runs the calls, until they ask for another.
    init(executor: any TaskExecutor) {
        self.executor = executor
    }

    /// Starts a call in a task of its own; one with a number that is under way is taken for a mistake and left out.
    func begin(
        _ call: HostCall,
        time: Duration?,
        _ body: @escaping @Sendable @concurrent () async throws -> PythonValue
    ) {
        state.withLock { state in
            guard state.running[call.id] == nil else { return }
            state.running[call.id] = Task(executorPreference: executor) { [weak self] in
                let result: Result<PythonValue, PythonException>
                do {
                    result = .success(try await HostCalls.withTimeLimit(time, body))
                } catch {
                    result = .failure(.hiding(error, of: call.function))
                }
                self?.finish(HostCall.Answer(id: call.id, result: result))
            }
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
        let (waiter, notify) = state.withLock { state in
            // Dropped meanwhile, and perhaps begun again by a program that made up the number.
            guard state.running.removeValue(forKey: answer.id) != nil else {
                return (CheckedContinuation<Void, Never>?.none, (@Sendable () -> Void)?.none)
            }
            state.answers.append(answer)
            return state.takeWaiter()
        }
        waiter?.resume()
        notify?()
    }

    /// Cancels calls that nobody waits for.
    func drop(_ ids: [Int]) {
        guard !ids.isEmpty else { return }
        let tasks = state.withLock { state in ids.compactMap { state.running.removeValue(forKey: $0) } }
        for task in tasks { task.cancel() }
    }

    /// Cancels all calls and forgets all answers.
    func dropAll() {
        let tasks = state.withLock { state in
            defer {
                state.running = [:]
                state.answers = []
            }
            return Array(state.running.values)
        }
        for task in tasks { task.cancel() }
    }

    /// How many calls are under way.
    var runningCount: Int { state.withLock { $0.running.count } }

    /// Whether there are answers.
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

    /// Waits for an answer, a time or a call of ``wake()``; may also return without any of them.
    ///
    /// Only one task may wait.
    func wait(until end: ContinuousClock.Instant?) async {
        guard !hasAnswers else { return }
        let timer = end.map { end in
            Task { [weak self] in
                guard (try? await Task.sleep(until: end, clock: .continuous)) != nil else { return }
                self?.wake()
            }
        }
        defer { timer?.cancel() }
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.answers.isEmpty, !state.isWoken else {
                    state.isWoken = false
                    return true
                }
                precondition(state.waiter == nil, "two tasks wait for one session's host calls")
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    private static func withTimeLimit(
        _ time: Duration?,
        _ body: @escaping @Sendable @concurrent () async throws -> PythonValue
    ) async throws -> PythonValue {
        guard let time else { return try await body() }
        return try await withThrowingTaskGroup(of: PythonValue?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            guard case let value?? = try await group.next() else {
                throw PythonException("TimeoutError", "the host function took longer than its limit of \(time)")
            }
            return value
        }
    }
}

extension HostCalls.State {
    /// Whoever is to be told that something happened.
    fileprivate mutating func takeWaiter() -> (CheckedContinuation<Void, Never>?, (@Sendable () -> Void)?) {
        defer {
            if waiter != nil { isWoken = false }
            waiter = nil
        }
        return (waiter, notify)
    }
}
