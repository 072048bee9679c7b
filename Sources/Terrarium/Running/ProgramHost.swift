// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Answers a sandbox's program on the program's own thread: plain host functions, questions, waits, input and output.
///
/// Every request is untrusted: the program may have replaced the guest-side runtime.
final class ProgramHost: Sendable {
    /// The closure that answers `input()`.
    typealias InputHandler = @Sendable @concurrent (InputRequest) async throws -> String?

    private struct State {
        var functions: FunctionTable
        var recorder: RunRecorder?
        var scope: HostCallScope?
        var input = ProgramInput()
    }

    let calls = HostCalls()
    let gate = StepGate()
    let inputHandler: InputHandler?
    private let limits: Limits
    private let state: Mutex<State>

    init(functions: [HostFunction] = [], limits: Limits, input: InputHandler? = nil) {
        self.limits = limits
        inputHandler = input
        state = Mutex(State(functions: FunctionTable(functions)))
    }

    /// A Boolean value that tells whether the program's `input()` is answered here.
    var answersInput: Bool { inputHandler != nil }

    /// The functions that programs may call.
    var functions: FunctionTable {
        get { state.withLock { $0.functions } }
        set { state.withLock { $0.functions = newValue } }
    }

    /// Begins a run.
    func begin(_ recorder: RunRecorder, scope: HostCallScope, standardInput: StandardInput?) {
        state.withLock { state in
            state.recorder = recorder
            state.scope = scope
            if let standardInput { state.input = ProgramInput(standardInput) }
        }
    }

    /// Ends a run; what its tasks print until the next one begins is lost.
    func end() {
        let scope = state.withLock { state in
            defer { (state.recorder, state.scope) = (nil, nil) }
            return state.scope
        }
        scope?.end()
    }

    /// Takes output of the program; answers the code that its `write` gets.
    func write(_ stream: OutputChunk.Stream, _ bytes: [UInt8], deadline: CallDeadline) throws -> UInt32 {
        guard let recorder = state.withLock({ $0.recorder }) else { return HostInterface.Answer.done }
        return try recorder.write(stream, bytes, deadline: deadline)
    }

    /// Takes an event.
    func take(_ event: String, deadline: CallDeadline) throws {
        try state.withLock { $0.recorder }?.take(event, deadline: deadline)
    }

    /// Answers a request for which the program waits.
    func answer(_ request: String, memory: GuestMemory, deadline: CallDeadline) throws -> String {
        let message = try MessageReader(request, maxBytes: limits.maxMessageBytes)
        switch try message.text("request") {
        case "call": return try call(message, memory: memory, deadline: deadline)
        case "input": return try ask(message, deadline: deadline)
        case "wait": return try wait(message, memory: memory, deadline: deadline)
        default: throw MalformedMessage("a request")
        }
    }

    // MARK: - Calls

    private func call(_ message: MessageReader, memory: GuestMemory, deadline: CallDeadline) throws -> String {
        let name = try message.text("function")
        let (function, recorder, scope) = state.withLock { ($0.functions[name], $0.recorder, $0.scope) }
        let result: Result<PythonValue, PythonException>
        do {
            if let refusal = recorder?.countCall(running: 0) { throw refusal }
            guard case .plain(let body)? = function?.body else { throw FunctionTable.unknown }
            var reader = MessageValueReader(memory: memory, maxBytes: limits.hostCallBytes)
            let arguments = try reader.values(message.list("arguments"))
            try recorder?.tell(name, arguments, deadline: deadline)
            // The closure may block: it may even wait for another sandbox, which needs a thread of the same pool.
            result = .success(
                try gate.whileBlocked {
                    try WorkerPool.whileBlocking {
                        try HostCallScope.$current.withValue(scope) { try body(arguments) }
                    }
                }
            )
        } catch let malformed as MalformedMessage {
            throw malformed
        } catch let outOfBounds as GuestMemory.OutOfBounds {
            throw outOfBounds
        } catch let tooLarge as BuffersTooLarge {
            recorder?.add(tooLarge.breach)
            result = .failure(PythonException(tooLarge))
        } catch {
            result = .failure(.hiding(error, of: function == nil ? "the host function" : name))
        }
        var writer = MessageWriter()
        writer.object { result.write(to: &$0, maxBytes: limits.hostCallBytes) }
        return writer.text
    }

    /// Begins the calls that a program made in a step, and ends those that it gave up.
    func take(_ outcome: Outcome) {
        for call in begin(outcome.calls) { state.withLock { $0.recorder }?.tellLater(call.function, call.arguments) }
        calls.drop(outcome.dropped)
    }

    /// Begins async calls, or refuses them; answers those that were begun.
    private func begin(_ list: CallList) -> [HostCall] {
        var refused = list.refused
        var begun: [HostCall] = []
        let (recorder, functions, scope) = state.withLock { ($0.recorder, $0.functions, $0.scope) }
        for call in list.calls {
            if let refusal = recorder?.countCall(running: calls.runningCount) {
                refused.append(HostCall.Answer(call.id, error: refusal))
            } else if let body = functions.body(of: call) {
                begun.append(call)
                calls.begin(call, time: limits.hostCallTime, scope: scope, body)
            } else {
                refused.append(HostCall.Answer(call.id, error: FunctionTable.unknown))
            }
        }
        calls.add(refused)
        return begun
    }

    // MARK: - Waits and questions

    private func wait(_ message: MessageReader, memory: GuestMemory, deadline: CallDeadline) throws -> String {
        let begun = begin(try CallList.read(message.list("calls"), memory: memory, limits: limits))
        let recorder = state.withLock { $0.recorder }
        for call in begun { try recorder?.tell(call.function, call.arguments, deadline: deadline) }
        calls.drop(try message.numbers("dropped"))
        let end = try message.wakeAfter().map { ContinuousClock.now + $0 }
        calls.setNotification { deadline.notify() }
        defer { calls.setNotification(nil) }
        try gate.whileBlocked { try deadline.wait(until: end) { calls.hasAnswers } }
        if let interruption = interruption(deadline) { return interruption }
        return MessageWriter.text { writer in
            writer.object { writer in
                writer.member("settled") { writer in
                    writer.array(calls.takeAnswers()) { $1.write(to: &$0, maxBytes: limits.hostCallBytes) }
                }
            }
        }
    }

    private func ask(_ message: MessageReader, deadline: CallDeadline) throws -> String {
        let request = InputRequest(prompt: try message.text("prompt"), isSecret: message.flag("secret"))
        guard let inputHandler else { return Self.endOfInput }
        let scope = state.withLock { $0.scope }
        let answer = try block(deadline, scope: scope) { try await inputHandler(request) }
        if let interruption = interruption(deadline) { return interruption }
        // No answer, for whatever reason; if the time is over, the program is interrupted next.
        guard case .success(let text??) = answer.map({ $0.map(Optional.some) }) else { return Self.endOfInput }
        return MessageWriter.text { writer in writer.object { $0.member("text", text) } }
    }

    private static let endOfInput = #"{"text":null}"#

    /// Takes bytes of standard input; waits for some if there may be more.
    ///
    /// Empty bytes are the end.
    func readInput(maxCount: Int, deadline: CallDeadline) throws -> [UInt8] {
        guard maxCount > 0 else { return [] }
        let (bytes, reader, scope) = state.withLock { state in
            (state.input.take(maxCount: maxCount), state.input.reader, state.scope)
        }
        if let bytes { return bytes }
        guard let reader else { return [] }
        guard case .success(let more)? = try block(deadline, scope: scope, { try await reader(maxCount) }) else {
            // It failed, or the time is over: then the program is interrupted next.
            return []
        }
        return state.withLock { state in
            state.input.add(more)
            return state.input.take(maxCount: maxCount) ?? []
        }
    }

    /// Runs a closure in a task, and has the program's thread wait for it, but no longer than it may.
    private func block<Value: Sendable>(
        _ deadline: CallDeadline,
        scope: HostCallScope?,
        _ body: @escaping @Sendable @concurrent () async throws -> Value
    ) throws -> Result<Value, any Error>? {
        let answer = BlockingAnswer<Value>()
        let task = Task {
            await HostCallScope.$current.withValue(scope) {
                do {
                    answer.set(.success(try await body()))
                } catch {
                    answer.set(.failure(error))
                }
            }
            deadline.notify()
        }
        defer { task.cancel() }
        try gate.whileBlocked { try deadline.wait(until: nil) { answer.value != nil } }
        return answer.value
    }

    /// The reply in the place of any other, once the run is cancelled or the program interrupted.
    private func interruption(_ deadline: CallDeadline) -> String? {
        if deadline.takeKeyboardInterrupt() { return #"{"interrupt":true}"# }
        return deadline.isCancelled ? #"{"cancel":"the host cancelled the program"}"# : nil
    }
}

/// A question that a program asks its user, with `input()` or `getpass()`.
public struct InputRequest: Sendable, Hashable, Codable {
    /// The text to show; it is untrusted.
    public var prompt: String
    /// A Boolean value that tells whether the answer is not to be shown while it is typed, as for `getpass`.
    public var isSecret: Bool

    /// Makes a question.
    public init(prompt: String, isSecret: Bool = false) {
        self.prompt = prompt
        self.isSecret = isSecret
    }
}

/// The answer that a thread waits for.
private final class BlockingAnswer<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    var value: Result<Value, any Error>? { result.withLock { $0 } }

    func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }
}

extension BuffersTooLarge {
    /// The limit that the arguments of a call ran into.
    fileprivate var breach: LimitBreach { LimitBreach(.hostCallSize, used: .bytes(used), allowed: .bytes(allowed)) }
}
