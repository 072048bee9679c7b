// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The events of a program that runs, as they happen.
///
/// The program starts when the first event is asked for, runs once for each iterator, and is cancelled when its iterator
/// goes. It waits for a slow reader, in its own time: ``Limits/time`` goes on.
public struct RunStream: AsyncSequence, Sendable {
    /// The elements of the sequence.
    public typealias Element = RunEvent
    /// The errors of the sequence.
    public typealias Failure = any Error

    private let sandbox: Sandbox
    private let program: Program

    init(sandbox: Sandbox, program: Program) {
        self.sandbox = sandbox
        self.program = program
    }

    /// Makes an iterator for a run of the program.
    public func makeAsyncIterator() -> Iterator {
        Iterator(sandbox: sandbox, program: program)
    }

    /// Reads the events of one run.
    public struct Iterator: AsyncIteratorProtocol {
        /// The errors of the sequence.
        public typealias Failure = any Error

        private let sandbox: Sandbox
        private let program: Program
        private var reading: Reading?

        fileprivate init(sandbox: Sandbox, program: Program) {
            self.sandbox = sandbox
            self.program = program
        }

        /// The next event; `nil` after ``RunEvent/finished(_:)``.
        ///
        /// - Throws: As ``Sandbox/run(_:)``, after all events before.
        public mutating func next() async throws -> RunEvent? {
            let reading = reading ?? Reading(sandbox: sandbox, program: program)
            self.reading = reading
            return try await reading.next()
        }
    }

    /// Owns the task that runs the program, for as long as somebody reads.
    private final class Reading: Sendable {
        private let events = RunEventBuffer()
        private let task: Task<Void, Never>

        init(sandbox: Sandbox, program: Program) {
            task = Task { [events] in
                do {
                    let run = try await sandbox.run(program, events: events)
                    events.add(.finished(run))
                    events.finish()
                } catch {
                    events.finish(error)
                }
            }
        }

        deinit {
            task.cancel()
            events.finish()
        }

        func next() async throws -> RunEvent? {
            try await withTaskCancellationHandler {
                try await events.next()
            } onCancel: {
                task.cancel()
            }
        }
    }
}

extension Sandbox {
    /// Runs a program and tells what happens as it happens.
    ///
    ///     for try await event in sandbox.stream("for i in range(3): print(i)") {
    ///         if case .output(let chunk) = event { print(chunk.text, terminator: "") }
    ///     }
    ///
    /// - Parameter program: The program.
    /// - Returns: The events; the last is ``RunEvent/finished(_:)``.
    public nonisolated func stream(_ program: Program) -> RunStream {
        RunStream(sandbox: self, program: program)
    }
}
