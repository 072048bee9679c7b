// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import DequeModule
import Synchronization

/// The events between a program and their reader.
///
/// When it is full the program waits, so that a slow reader costs time and not memory.
final class RunEventBuffer: Sendable {
    /// The bytes that wait for the reader at most, but for one event.
    private static let maxBytes = 256 << 10

    private struct State {
        var events: Deque<RunEvent> = []
        var bytes = 0
        var failure: (any Error)?
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        var notify: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    private var hasRoom: Bool { state.withLock { $0.bytes < Self.maxBytes || $0.isFinished } }

    /// Adds an event; waits for room, on the thread of the program, as long as that has time.
    ///
    /// - Returns: Whether the event was added: there may have been no room in time.
    func push(_ event: RunEvent, deadline: CallDeadline) throws -> Bool {
        if !hasRoom {
            state.withLock { $0.notify = { deadline.notify() } }
            try deadline.wait(until: deadline.middleOfGrace) { hasRoom }
            guard hasRoom else { return false }
        }
        add(event)
        return true
    }

    /// Adds an event, room or not.
    func add(_ event: RunEvent) {
        let reader = state.withLock { state in
            state.events.append(event)
            state.bytes += event.cost
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Waits for room in a task, until a time or a call of ``wakeWriter()``; at most one task may wait.
    func waitForRoom(until end: ContinuousClock.Instant?) async {
        guard !hasRoom else { return }
        let timer = end.map { end in
            Task { [weak self] in
                guard (try? await Task.sleep(until: end, clock: .continuous)) != nil else { return }
                self?.wakeWriter()
            }
        }
        defer { timer?.cancel() }
        await withCheckedContinuation { continuation in
            let mayGoOn = state.withLock { state in
                guard state.bytes >= Self.maxBytes, !state.isFinished, end.map({ .now < $0 }) ?? true else {
                    return true
                }
                state.writer = continuation
                return false
            }
            if mayGoOn { continuation.resume() }
        }
    }

    /// Has the task that waits for room go on without it.
    func wakeWriter() {
        let writer = state.withLock { state in
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume()
    }

    /// Ends the events, with an error or without.
    func finish(_ failure: (any Error)? = nil) {
        let (reader, writer, notify) = state.withLock { state in
            state.isFinished = true
            state.failure = failure
            defer { (state.reader, state.writer, state.notify) = (nil, nil, nil) }
            return (state.reader, state.writer, state.notify)
        }
        reader?.resume()
        writer?.resume()
        notify?()
    }

    /// The next event, `nil` after the last; throws what the run threw, once all events before it were read.
    func next() async throws -> RunEvent? {
        while true {
            let (event, isOver, writer, notify) = try state.withLock { state in
                guard let first = state.events.first else {
                    if let failure = state.failure {
                        state.failure = nil
                        throw failure
                    }
                    return (
                        RunEvent?.none, state.isFinished, CheckedContinuation<Void, Never>?.none,
                        (@Sendable () -> Void)?.none
                    )
                }
                state.events.removeFirst()
                state.bytes -= first.cost
                guard state.bytes < Self.maxBytes else { return (first, false, nil, nil) }
                defer { state.writer = nil }
                return (first, false, state.writer, state.notify)
            }
            writer?.resume()
            notify?()
            if let event { return event }
            if isOver { return nil }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.events.isEmpty, !state.isFinished else { return true }
                    state.reader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }
}
