// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What happens while a program runs, as it happens.
///
/// The program starts when the first event is asked for, and is cancelled when nobody reads any more. It waits for a
/// slow reader, in its own time: ``Limits/time`` goes on.
public struct RunStream: AsyncSequence, Sendable {
    /// What the sequence consists of.
    public typealias Element = RunEvent

    private let session: Session
    private let program: Program

    init(session: Session, program: Program) {
        self.session = session
        self.program = program
    }

    /// Starts a run of the program.
    public func makeAsyncIterator() -> Iterator {
        Iterator(session: session, program: program)
    }

    /// Reads the events of one run.
    public struct Iterator: AsyncIteratorProtocol {
        private let reading: Reading

        fileprivate init(session: Session, program: Program) {
            reading = Reading(session: session, program: program)
        }

        /// The next event; `nil` after ``RunEvent/finished(_:)``.
        ///
        /// - Throws: As ``Session/run(_:name:inputs:arguments:standardInput:forms:)``, after all events before.
        public mutating func next() async throws -> RunEvent? {
            try await reading.next()
        }
    }

    /// Owns the task that runs the program, for as long as somebody reads.
    private final class Reading: Sendable {
        private let events = RunEventBuffer()
        private let task: Task<Void, Never>

        init(session: Session, program: Program) {
            task = Task { [events] in
                do {
                    let run = try await session.run(program, events: events)
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

extension Session {
    /// Runs a program, with what happens as it happens.
    ///
    ///     for try await event in session.stream("for i in range(3): print(i)") {
    ///         if case .output(_, let text) = event { print(text, terminator: "") }
    ///     }
    ///
    /// - Parameters: As in ``run(_:name:inputs:arguments:standardInput:forms:)``.
    public nonisolated func stream(
        _ code: String,
        name: String? = nil,
        inputs: [String: PythonValue] = [:],
        arguments: [String]? = nil,
        standardInput: [UInt8]? = nil,
        forms: Run.Forms = .value
    ) -> RunStream {
        RunStream(
            session: self,
            program: Program(
                code: code,
                name: name,
                inputs: inputs,
                arguments: arguments,
                standardInput: standardInput,
                forms: forms
            )
        )
    }

    /// Runs what was typed at a prompt: `_` is the last value, and its `repr` is wanted.
    package nonisolated func streamPrompt(_ code: String) -> RunStream {
        RunStream(session: self, program: Program(code: code, forms: .text, isPrompt: true))
    }
}
