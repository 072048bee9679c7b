// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The events of a run, a bounded number of bytes of them, for readers that come, go, and come again.
///
/// A program waits for a reader that is slow. While there is no reader, the oldest events are dropped instead.
actor RunLog {
    /// An event as clients get it.
    struct Event: Sendable {
        /// The event's number in its run, from 1.
        let number: Int
        let name: String
        /// JSON text.
        let data: [UInt8]
    }

    enum Next: Sendable {
        case event(Event)
        /// Events before this number are no longer there.
        case gap(Int)
        /// There is nothing yet.
        case nothing
        case end
    }

    private let maxBytes: Int
    private var events: [Event] = []
    private var byteCount = 0
    private var lastNumber = 0
    private var isEnded = false
    /// The number of the last event that each reader has taken.
    private var readers: [Int: Int] = [:]
    private var lastReader = 0
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var writer: CheckedContinuation<Void, Never>?

    init(maxBytes: Int = 1 << 20) {
        self.maxBytes = maxBytes
    }

    // MARK: - Writing

    /// Adds an event, as soon as all readers have taken those that it would push out.
    func add(_ name: String, _ value: PythonValue) async {
        let data = (try? value.json()) ?? Array("null".utf8)
        while byteCount + data.count > maxBytes, let oldest = events.first, isAwaited(oldest), !Task.isCancelled {
            await withTaskCancellationHandler {
                await withCheckedContinuation { writer = $0 }
            } onCancel: {
                Task { await self.wakeWriter() }
            }
        }
        while byteCount + data.count > maxBytes, !events.isEmpty { byteCount -= events.removeFirst().data.count }
        lastNumber += 1
        events.append(Event(number: lastNumber, name: name, data: data))
        byteCount += data.count
        wakeReaders()
    }

    /// Notes that no more events come.
    func end() {
        isEnded = true
        wakeReaders()
        wakeWriter()
    }

    private func isAwaited(_ event: Event) -> Bool { readers.values.contains { $0 < event.number } }

    private func wakeWriter() {
        writer?.resume()
        writer = nil
    }

    private func wakeReaders() {
        for waiter in waiters.values { waiter.resume() }
        waiters = [:]
    }

    // MARK: - Reading

    /// The number of events that there have been.
    var count: Int { lastNumber }

    /// Adds a reader, who has seen the events up to a number.
    func attach(after number: Int) -> Int {
        lastReader += 1
        readers[lastReader] = number
        return lastReader
    }

    func detach(_ reader: Int) {
        readers[reader] = nil
        wake(reader)
        wakeWriter()
    }

    /// Has a reader that waits return with nothing.
    func wake(_ reader: Int) {
        waiters.removeValue(forKey: reader)?.resume()
    }

    /// Takes the reader's next event; waits for one until the reader is woken.
    func next(_ reader: Int) async -> Next {
        var hasWaited = false
        while let taken = readers[reader] {
            if let first = events.first, taken + 1 < first.number {
                readers[reader] = first.number - 1
                return .gap(first.number)
            }
            if taken < lastNumber, let first = events.first {
                let event = events[taken + 1 - first.number]
                readers[reader] = event.number
                wakeWriter()
                return .event(event)
            }
            if isEnded { return .end }
            if hasWaited { return .nothing }
            hasWaited = true
            await withCheckedContinuation { waiters[reader] = $0 }
        }
        return .end
    }
}
