// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The end of a step of a program, as Guest/PROTOCOL.md describes it.
struct Outcome: Sendable {
    enum Status: Sendable {
        case done(Forms?)
        case failed(PythonError, isShown: Bool)
        case exited(Int)
        case waiting
        case idle
        case invalid(String)
    }

    /// The forms of a program's value that were asked for.
    struct Forms: Sendable {
        var value: PythonValue?
        var text: String?
        var display: Display?
        var breach: LimitBreach?
    }

    let status: Status
    /// New calls.
    let calls: CallList
    /// Calls that nobody awaits any longer.
    let dropped: [Int]
    /// In how long a timer is due.
    let wakeAfter: Duration?

    /// A Boolean value that tells whether the program ended its interpreter, which is gone then.
    let endsInterpreter: Bool

    /// A Boolean value that tells whether the program waits.
    var isWaiting: Bool {
        if case .waiting = status { true } else { false }
    }

    /// The outcome of a program that ended its interpreter.
    init(exitCode: Int) {
        status = .exited(exitCode)
        endsInterpreter = true
        (calls, dropped, wakeAfter) = (CallList(), [], nil)
    }

    /// Reads the answer to `start`, `resume` or `cancel`; buffers are read from the memory as it is at this moment.
    init(_ text: String, memory: GuestMemory, limits: Limits) throws {
        endsInterpreter = false
        let message = try MessageReader(text, maxBytes: limits.maxMessageBytes)
        var reader = MessageValueReader(memory: memory, maxBytes: limits.valueBytes)
        switch try message.text("status") {
        case "done": status = .done(try message["result"].map { try Forms($0, reader: &reader, limits: limits) })
        case "failed":
            status = .failed(try PythonError(report: message["error"]), isShown: message.flag("shown"))
        case "exited": status = .exited(try message.number("code"))
        case "waiting": status = .waiting
        case "idle": status = .idle
        case "invalid":
            status = .invalid(try message.text("message"))
            (calls, dropped, wakeAfter) = (CallList(), [], nil)
            return
        default: throw MalformedMessage("a status")
        }
        let listed = try message.list("calls")
        calls = try CallList.read(listed, memory: memory, limits: limits)
        dropped = try message.numbers("dropped")
        wakeAfter = try message.wakeAfter()
    }
}

/// Calls that a program makes, and those of them that are refused at once.
struct CallList: Sendable {
    var calls: [HostCall] = []
    var refused: [HostCall.Answer] = []

    static func read(_ listed: [PythonValue], memory: GuestMemory, limits: Limits) throws -> CallList {
        guard listed.count <= limits.maxListedCalls else { throw MalformedMessage("a list of \(listed.count) calls") }
        var list = CallList()
        var ids: Set<Int> = []
        // Several calls in one message may share memory, so that they have a bound together as well.
        var remaining = limits.maxListedBytes
        for element in listed {
            let maxBytes = min(remaining, limits.hostCallBytes)
            let (call, refusal) = try HostCall.read(element, memory: memory, maxBytes: maxBytes)
            guard ids.insert(call.id).inserted else { throw MalformedMessage("a list of calls") }
            remaining -= call.arguments.reduce(0) { $0 + $1.bufferBytes }
            if let refusal {
                list.refused.append(HostCall.Answer(call.id, error: refusal))
            } else {
                list.calls.append(call)
            }
        }
        return list
    }
}

extension PythonValue {
    /// The bytes of all buffers in the value.
    fileprivate var bufferBytes: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .array(let array): array.bytes.count
        case .list(let elements), .tuple(let elements), .set(let elements, _):
            elements.reduce(0) { $0 + $1.bufferBytes }
        case .dict(let items), .record(_, let items): items.reduce(0) { $0 + $1.value.bufferBytes }
        case .mapping(let pairs): pairs.reduce(0) { $0 + $1.key.bufferBytes + $1.value.bufferBytes }
        case .enumeration(_, _, let value): value.bufferBytes
        default: 0
        }
    }
}

extension MessageReader {
    /// Returns the time until `wake_at` by the sandbox's clock; at most a century, since both come from the program.
    func wakeAfter() throws -> Duration? {
        guard let wake = try optionalNumber("wake_at") else { return nil }
        let (rest, overflows) = wake.subtractingReportingOverflow(try number("clock"))
        let century = 100 * 366 * 86_400 * 1_000_000_000
        return .nanoseconds(overflows ? (wake < 0 ? 0 : century) : min(max(rest, 0), century))
    }
}

extension Outcome.Forms {
    fileprivate init(_ forms: PythonValue, reader: inout MessageValueReader, limits: Limits) throws {
        let forms = try MessageReader(forms)
        if let tree = forms["value"] {
            do {
                value = try reader.value(tree)
            } catch let tooLarge as BuffersTooLarge {
                breach = LimitBreach(.value, used: .bytes(tooLarge.used), allowed: .bytes(limits.valueBytes))
            }
        }
        text = try forms.optionalText("text")
        display = try forms["display"].map { try Display(MessageReader($0)) }
        if let tooLarge = forms["value_too_large"] {
            let used = try MessageReader(tooLarge).number("used")
            breach = LimitBreach(.value, used: .bytes(used), allowed: .bytes(limits.valueBytes))
        }
    }
}

extension Limits {
    /// The length in bytes that no honest message exceeds: a value, a display, an error and the arguments of calls.
    ///
    /// No memory of a sandbox is larger than 4 GiB, so a limit beyond that is none.
    var maxMessageBytes: Int {
        let most = 1 << 32
        return 2 * (min(valueBytes, most) + min(hostCallBytes, most)) + min(displayBytes, 64 << 20) + (4 << 20)
    }

    /// The maximum number of calls that one message may list.
    ///
    /// Those under way are as many as are allowed, and a program may be refused some more.
    var maxListedCalls: Int { min(concurrentHostCalls, 1 << 32) + 10_000 }

    /// The maximum size of the buffers in the arguments of all calls in one message together, in bytes.
    var maxListedBytes: Int { 4 * min(hostCallBytes, 1 << 32) }
}
