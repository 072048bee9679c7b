// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Records what a program prints, shows and calls during one run, under the limits.
final class RunRecorder: Sendable {
    fileprivate struct State {
        var usage = Usage()
        var output: [UInt8] = []
        var errorOutput: [UInt8] = []
        var displays: [Display] = []
        var displayBytes = 0
        var breaches: [LimitBreach] = []
        var texts: [OutputChunk.Stream: OutputText] = [:]
        var exitCode: Int?
    }

    let limits: Limits
    /// The events, if somebody reads them; then nothing is kept here.
    let events: RunEventBuffer?
    private let state = Mutex(State())

    init(limits: Limits, events: RunEventBuffer? = nil) {
        self.limits = limits
        self.events = events
    }

    /// Takes output; answers the code that the guest's `write` gets.
    func write(_ stream: OutputChunk.Stream, _ bytes: [UInt8], deadline: CallDeadline) throws -> UInt32 {
        let chunk: [UInt8]? = state.withLock { state in
            guard bytes.count <= limits.outputBytes - state.usage.outputBytes else {
                let used = state.usage.outputBytes + bytes.count
                state.add(LimitBreach(.output, used: .bytes(used), allowed: .bytes(limits.outputBytes)))
                return nil
            }
            state.usage.outputBytes += bytes.count
            guard events == nil else { return state.texts[stream, default: OutputText()].append(bytes) }
            if stream == .standardOutput {
                state.output += bytes
            } else {
                state.errorOutput += bytes
            }
            return []
        }
        guard let chunk else { return HostInterface.Answer.full }
        guard let events, !chunk.isEmpty else { return HostInterface.Answer.done }
        let isTaken = try events.push(.output(OutputChunk(stream, chunk)), deadline: deadline)
        return isTaken ? HostInterface.Answer.done : HostInterface.Answer.full
    }

    /// Takes an event.
    func take(_ text: String, deadline: CallDeadline) throws {
        let message = try MessageReader(text, maxBytes: limits.maxMessageBytes)
        switch try message.text("event") {
        case "display":
            let isAllowed = state.withLock { state in
                state.displayBytes += text.utf8.count
                guard state.displayBytes > limits.displayBytes else { return true }
                let used = LimitBreach.Amount.bytes(state.displayBytes)
                state.add(LimitBreach(.displays, used: used, allowed: .bytes(limits.displayBytes)))
                return false
            }
            guard isAllowed else { return }
            let display = try Display(message)
            if let events {
                _ = try events.push(.display(display), deadline: deadline)
            } else {
                state.withLock { $0.show(display) }
            }
        case "clear":
            if let events {
                _ = try events.push(.cleared, deadline: deadline)
            } else {
                state.withLock { $0.displays = [] }
            }
        case "progress":
            let report = try ProgressReport(message)
            _ = try events?.push(.progress(report), deadline: deadline)
        case "exit":
            let code = try message.number("code")
            state.withLock { $0.exitCode = code & 0xFF }
        // A later version's.
        default: return
        }
    }

    /// Counts a call of a host function; answers what to raise if there were too many.
    func countCall(running: Int) -> PythonException? {
        state.withLock { state in
            state.usage.hostCalls += 1
            let (count, concurrent) = (state.usage.hostCalls, running + 1)
            if count > limits.hostCalls {
                let allowed = limits.hostCalls
                state.add(LimitBreach(.hostCalls, used: .count(count), allowed: .count(allowed)))
                return PythonException("RuntimeError", "more than \(allowed) calls of host functions in one run")
            }
            if concurrent > limits.concurrentHostCalls {
                let allowed = limits.concurrentHostCalls
                state.add(LimitBreach(.concurrentHostCalls, used: .count(concurrent), allowed: .count(allowed)))
                return PythonException("RuntimeError", "more than \(allowed) calls of host functions at once")
            }
            return nil
        }
    }

    /// Passes a call on as an event; waits for room, on the thread of the program.
    func tell(_ function: String, _ arguments: [PythonValue], deadline: CallDeadline) throws {
        _ = try events?.push(.call(function: function, arguments: arguments), deadline: deadline)
    }

    /// Passes a call on as an event; the program's next step waits for room.
    func tellLater(_ function: String, _ arguments: [PythonValue]) {
        events?.add(.call(function: function, arguments: arguments))
    }

    func add(_ breach: LimitBreach) {
        state.withLock { $0.add(breach) }
    }

    func update(_ body: (inout Usage) -> Void) {
        state.withLock { body(&$0.usage) }
    }

    /// The status that the program announced before it ended its process, which itself can only succeed or fail.
    var exitCode: Int? { state.withLock { $0.exitCode } }

    var processorTime: Duration { state.withLock { $0.usage.processorTime } }

    /// Fills in what was recorded, at the end.
    func finish(_ run: inout Run) {
        state.withLock { state in
            run.usage = state.usage
            run.breaches += state.breaches
            run.output = String(decoding: state.output, as: UTF8.self)
            run.errorOutput = String(decoding: state.errorOutput, as: UTF8.self)
            run.displays = state.displays
            guard let events else { return }
            for (stream, var text) in state.texts {
                let rest = text.finish()
                if !rest.isEmpty { events.add(.output(OutputChunk(stream, rest))) }
            }
        }
    }
}

extension RunRecorder.State {
    /// Notes a breach; of each limit the first.
    fileprivate mutating func add(_ breach: LimitBreach) {
        guard !breaches.contains(where: { $0.limit == breach.limit }) else { return }
        breaches.append(breach)
    }

    fileprivate mutating func show(_ display: Display) {
        if let id = display.id, let index = displays.firstIndex(where: { $0.id == id }) {
            displays[index] = display
        } else {
            displays.append(display)
        }
    }
}
