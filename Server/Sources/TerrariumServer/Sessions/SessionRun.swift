// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// A run of a session, from the request that asks for it until its answer is no longer kept.
final class SessionRun: Sendable {
    private struct State {
        var isRunning = false
        var isOver = false
        var task: Task<RunAnswer, any Error>?
        var output: [UInt8] = []
        var errorOutput: [UInt8] = []
        var displays: [Display] = []
        /// The calls that a suspended program waits for.
        var calls: [HostCall] = []
        var answer: RunAnswer?
    }

    /// The largest answer that is kept for those who ask later, in bytes of its texts.
    private static let maxKeptBytes = 256 << 10

    let number: Int
    let log = RunLog()
    private let state = Mutex(State())

    init(number: Int) {
        self.number = number
    }

    /// Makes a run that waits for the same calls as another one, for a copy of its session.
    init(copying other: SessionRun) {
        number = other.number
        let copied = other.state.withLock { state in
            State(output: state.output, errorOutput: state.errorOutput, displays: state.displays, calls: state.calls)
        }
        state.withLock { $0 = copied }
    }

    /// The calls that the program waits for.
    var calls: [HostCall] { state.withLock { $0.calls } }

    /// The answer, if the run has ended.
    var answer: RunAnswer? { state.withLock { $0.answer } }

    var status: String {
        state.withLock { state in
            if let answer = state.answer { return answer.status }
            if !state.calls.isEmpty { return "needs_results" }
            return state.isRunning ? "running" : "waiting"
        }
    }

    // MARK: - Running

    /// Notes the task that does the run, or goes on with it.
    func setTask(_ task: Task<RunAnswer, any Error>) {
        state.withLock { $0.task = task }
    }

    func begin() {
        state.withLock { state in
            state.isRunning = true
            state.calls = []
        }
    }

    /// Notes that no more of the program runs for now, so that stopping it would hit another one.
    func pause() {
        state.withLock { $0.isRunning = false }
    }

    /// Interrupts the program, and stops it if it does not heed that.
    ///
    /// - Parameters:
    ///   - sandbox: The sandbox that it runs in, if it is known.
    ///   - isFinal: True to stop it at once, which takes back what it did.
    func stop(_ sandbox: Sandbox?, isFinal: Bool = false) {
        let task = state.withLock { state in
            if state.isRunning, !isFinal { sandbox?.interrupt() }
            return state.task
        }
        guard !isFinal, let sandbox, state.withLock({ $0.isRunning }) else {
            task?.cancel()
            return
        }
        Task {
            try? await Task.sleep(for: sandbox.limits.grace)
            if state.withLock({ $0.isRunning }) { task?.cancel() }
        }
    }

    /// Interrupts the program, if it runs.
    func interrupt(_ sandbox: Sandbox) {
        state.withLock { state in
            if state.isRunning { sandbox.interrupt() }
        }
    }

    // MARK: - Events

    /// Takes an event of the program, which is not its end.
    func take(_ event: RunEvent) async {
        switch event {
        case .output(let chunk):
            let isError = chunk.stream == .standardError
            state.withLock { state in
                if isError { state.errorOutput += chunk.bytes } else { state.output += chunk.bytes }
            }
            await log.add("output", ["stream": isError ? "stderr" : "stdout", "text": PythonValue(chunk.text)])
        case .display(let display):
            state.withLock { state in
                if let id = display.id, let index = state.displays.firstIndex(where: { $0.id == id }) {
                    state.displays[index] = display
                } else {
                    state.displays.append(display)
                }
            }
            await log.add("display", RunAnswer.value(display))
        case .cleared:
            state.withLock { $0.displays = [] }
            await log.add("cleared", [:])
        case .progress(let report): await log.add("progress", Self.value(report))
        default: break
        }
    }

    /// Takes what a step of a program printed and showed.
    func take(_ run: Run) async {
        if !run.output.isEmpty { await take(.output(OutputChunk(.standardOutput, Array(run.output.utf8)))) }
        if !run.errorOutput.isEmpty { await take(.output(OutputChunk(.standardError, Array(run.errorOutput.utf8)))) }
        for display in run.displays { await take(.display(display)) }
    }

    /// Notes that the program waits for its client.
    func wait(for calls: [HostCall]) async {
        state.withLock { state in
            state.isRunning = false
            state.calls = calls
        }
        await log.add("needs_results", ["calls": .list(calls.map(\.value))])
    }

    /// Notes the end of the run.
    ///
    /// - Returns: The answer with all that the program printed and showed.
    func finish(_ answer: RunAnswer) async -> RunAnswer {
        await log.add("finished", answer.value)
        await log.end()
        return state.withLock { state in
            var answer = answer
            answer.run.output = String(decoding: state.output, as: UTF8.self)
            answer.run.errorOutput = String(decoding: state.errorOutput, as: UTF8.self)
            answer.run.displays = state.displays
            state.isRunning = false
            state.calls = []
            (state.output, state.errorOutput, state.displays, state.task) = ([], [], [], nil)
            state.answer = answer.shortened(to: Self.maxKeptBytes)
            return answer
        }
    }

    private static func value(_ report: ProgressReport) -> PythonValue {
        [
            "id": PythonValue(report.id), "done": PythonValue(report.done),
            "total": report.total.map { PythonValue($0) } ?? .null,
            "label": report.label.map { PythonValue($0) } ?? .null, "is_finished": .bool(report.isFinished),
        ]
    }

    // MARK: - Answers

    /// The run for its client.
    func value(_ answer: RunAnswer?, session: String) -> PythonValue {
        var items: [PythonValue.Item] = [
            .init(key: "session", value: PythonValue(session)), .init(key: "run", value: PythonValue(number)),
        ]
        if let answer { return .dict(items + answer.items) }
        let (output, errorOutput, displays, calls) = state.withLock { state in
            (state.output, state.errorOutput, state.displays, state.calls)
        }
        items += [
            .init(key: "status", value: PythonValue(status)),
            .init(key: "stdout", value: PythonValue(String(decoding: output, as: UTF8.self))),
            .init(key: "stderr", value: PythonValue(String(decoding: errorOutput, as: UTF8.self))),
        ]
        if !displays.isEmpty {
            items.append(.init(key: "displays", value: .list(displays.map { RunAnswer.value($0) })))
        }
        if !calls.isEmpty { items.append(.init(key: "calls", value: .list(calls.map(\.value)))) }
        return .dict(items)
    }
}

extension RunAnswer {
    /// The answer without the parts that make it larger than a number of bytes.
    func shortened(to maxBytes: Int) -> RunAnswer {
        guard ((try? value.json().count) ?? .max) > maxBytes else { return self }
        var short = self
        short.files = []
        short.run.displays = []
        short.run.value = nil
        short.run.display = nil
        short.run.text = run.text.map { String($0.prefix(1_000)) }
        short.run.output = String(run.output.prefix(10_000))
        short.run.errorOutput = String(run.errorOutput.prefix(10_000))
        short.isShortened = true
        return short
    }
}
