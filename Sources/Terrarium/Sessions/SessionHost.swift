// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// What answers a session's program, on the program's own thread: calls of plain functions, questions, waits, output.
///
/// All that it is asked is the program's word, which may have replaced any part of what runs beside it.
final class SessionHost: Sendable {
    /// What happens where a program reads a line.
    typealias InputHandler = @Sendable @concurrent (InputRequest) async throws -> String?

    private struct State {
        var functions: [String: HostFunction]
        /// What the functions do, which is all of them that a call needs.
        var bodies: [String: HostFunction.Body]
        var recorder: RunRecorder?
        var control: RunControl?
        var standardInput: ArraySlice<UInt8> = []
    }

    let calls: HostCalls
    private let limits: Limits
    private let input: InputHandler?
    private let state: Mutex<State>

    init(functions: [HostFunction], limits: Limits, input: InputHandler?, executor: any TaskExecutor) {
        calls = HostCalls(executor: executor)
        self.limits = limits
        self.input = input
        let named = Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        state = Mutex(State(functions: named, bodies: named.mapValues(\.body)))
    }

    /// Whether the program's `input()` is answered here.
    var answersInput: Bool { input != nil }

    /// All functions.
    var functions: [HostFunction] { state.withLock { $0.functions.values.sorted { $0.name < $1.name } } }

    /// The handler of `input()`, for a copy of the session.
    var inputHandler: InputHandler? { input }

    /// Adds functions, or replaces those of the same name.
    func add(_ functions: [HostFunction]) {
        state.withLock { state in
            for function in functions {
                state.functions[function.name] = function
                state.bodies[function.name] = function.body
            }
        }
    }

    /// Begins a run.
    func begin(_ recorder: RunRecorder, control: RunControl, standardInput: [UInt8]?) {
        state.withLock { state in
            state.recorder = recorder
            state.control = control
            if let standardInput { state.standardInput = standardInput[...] }
        }
    }

    /// Ends a run; what its tasks print until the next one begins is lost.
    func end() {
        state.withLock { state in
            state.recorder = nil
            state.control = nil
        }
    }

    /// Takes what a program printed; answers what its `write` gets to hear.
    func write(_ stream: Output.Stream, _ bytes: [UInt8], deadline: CallDeadline) throws -> UInt32 {
        guard let recorder = state.withLock({ $0.recorder }) else { return HostInterface.Answer.done }
        return try recorder.write(stream, bytes, deadline: deadline)
    }

    /// Takes bytes of standard input.
    func takeInput(maxCount: Int) -> [UInt8] {
        state.withLock { state in
            defer { state.standardInput = state.standardInput.dropFirst(maxCount) }
            return Array(state.standardInput.prefix(maxCount))
        }
    }

    /// Takes an event.
    func take(_ event: String, deadline: CallDeadline) throws {
        try state.withLock { $0.recorder }?.take(event, deadline: deadline)
    }

    /// Answers a request for which the program waits.
    func answer(_ request: String, memory: GuestMemory?, deadline: CallDeadline) throws -> String {
        let message = try MessageReader(request, maxBytes: limits.maxMessageBytes)
        switch try message.text("request") {
        case "call": return try call(message, memory: memory)
        case "input": return try ask(message, deadline: deadline)
        case "wait": return try wait(message, memory: memory, deadline: deadline)
        default: throw MalformedMessage("a request")
        }
    }

    // MARK: - Calls

    private func call(_ message: MessageReader, memory: GuestMemory?) throws -> String {
        let name = try message.text("function")
        let (body, recorder) = state.withLock { ($0.bodies[name], $0.recorder) }
        let result: Result<PythonValue, PythonException>
        do {
            if let refusal = recorder?.countCall(running: 0) { throw refusal }
            guard case .plain(let body)? = body else {
                throw PythonException("HostError", "there is no such host function")
            }
            var reader = MessageValueReader(memory: memory, maxBytes: limits.hostCallBytes)
            let arguments = try reader.values(message.list("arguments"))
            recorder?.tell(name, arguments)
            result = .success(try body(arguments))
        } catch let malformed as MalformedMessage {
            throw malformed
        } catch let outOfBounds as GuestMemory.OutOfBounds {
            throw outOfBounds
        } catch let tooLarge as BuffersTooLarge {
            recorder?.add(tooLarge.breach)
            result = .failure(PythonException(tooLarge))
        } catch {
            result = .failure(.hiding(error, of: body == nil ? "the host function" : name))
        }
        var writer = MessageWriter()
        writer.object { result.write(to: &$0, maxBytes: limits.hostCallBytes) }
        return writer.text
    }

    /// Begins the calls that a program made in a step, and ends those that it gave up.
    func take(_ outcome: Outcome) {
        begin(outcome.calls)
        calls.drop(outcome.dropped)
    }

    /// Begins async calls, or refuses them.
    func begin(_ list: CallList) {
        var refused = list.refused
        let recorder = state.withLock { $0.recorder }
        for call in list.calls {
            if let refusal = recorder?.countCall(running: calls.runningCount) {
                refused.append(HostCall.Answer(call.id, error: refusal))
            } else if let body = body(of: call) {
                recorder?.tell(call.function, call.arguments)
                calls.begin(call, time: limits.hostCallTime, body)
            } else {
                let exception = PythonException("HostError", "there is no such host function")
                refused.append(HostCall.Answer(call.id, error: exception))
            }
        }
        calls.add(refused)
    }

    /// What a call does, if there is an async function of that name.
    func body(of call: HostCall) -> (@Sendable @concurrent () async throws -> PythonValue)? {
        guard case .async(let body)? = state.withLock({ $0.bodies[call.function] }) else { return nil }
        return { try await body(call.arguments) }
    }

    // MARK: - Questions and waits

    private func ask(_ message: MessageReader, deadline: CallDeadline) throws -> String {
        let request = InputRequest(prompt: try message.text("prompt"), isSecret: message.flag("secret"))
        guard let input else { return #"{"text":null}"# }
        let answer = InputAnswer()
        let task = Task {
            do {
                answer.set(.success(try await input(request)))
            } catch {
                answer.set(.failure(error))
            }
            deadline.notify()
        }
        defer { task.cancel() }
        try block(deadline, until: nil) { answer.value != nil }
        if let interruption { return interruption }
        switch answer.value {
        case .success(let text?)?: return MessageWriter.text { writer in writer.object { $0.member("text", text) } }
        // No answer, for whatever reason; if the time is over, the program is interrupted next.
        default: return #"{"text":null}"#
        }
    }

    private func wait(_ message: MessageReader, memory: GuestMemory?, deadline: CallDeadline) throws -> String {
        begin(try CallList.read(message.list("calls"), memory: memory, limits: limits))
        calls.drop(
            try message.list("dropped").compactMap { id in
                guard case .int(let number) = id else { throw MalformedMessage("a dropped call") }
                return number.int
            }
        )
        let end = try message.wakeAfter().map { ContinuousClock.now + $0 }
        calls.setNotification { deadline.notify() }
        defer { calls.setNotification(nil) }
        try block(deadline, until: end) { calls.hasAnswers }
        if let interruption { return interruption }
        return MessageWriter.text { writer in
            writer.object { writer in
                writer.member("settled") { writer in
                    writer.array(calls.takeAnswers()) { $1.write(to: &$0, maxBytes: limits.hostCallBytes) }
                }
            }
        }
    }

    /// What to answer instead, once the run is cancelled.
    private var interruption: String? {
        guard state.withLock({ $0.control })?.isCancelled == true else { return nil }
        return #"{"cancel":"the host cancelled the program"}"#
    }

    /// Has the program's thread wait.
    private func block(
        _ deadline: CallDeadline,
        until end: ContinuousClock.Instant?,
        unless holds: () -> Bool
    ) throws {
        guard let control = state.withLock({ $0.control }) else {
            try deadline.wait(until: end, unless: holds)
            return
        }
        try control.whileBlocked { try deadline.wait(until: end) { holds() || control.isCancelled } }
    }
}

/// What a program asks its user.
public struct InputRequest: Sendable, Hashable {
    /// What to show; the program's own words.
    public let prompt: String
    /// Whether the answer is not to be shown while it is typed, as for `getpass`.
    public let isSecret: Bool
}

/// The answer to a question, which a thread waits for.
private final class InputAnswer: Sendable {
    private let result = Mutex<Result<String?, any Error>?>(nil)

    var value: Result<String?, any Error>? { result.withLock { $0 } }

    func set(_ value: Result<String?, any Error>) { result.withLock { $0 = value } }
}

extension BuffersTooLarge {
    /// The limit that the arguments of a call ran into.
    var breach: LimitBreach { LimitBreach(.hostCallSize, used: .bytes(used), allowed: .bytes(allowed)) }
}
