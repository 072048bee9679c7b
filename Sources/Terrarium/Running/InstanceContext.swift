// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// The host's side of one sandbox: its clock, its time limits, and the host functions that answer its programs.
///
/// All instances that live one after the other for the sandbox share it.
final class SandboxContext: Sendable {
    let deadline = CallDeadline()
    let clock: SandboxClock
    let host: ProgramHost

    init(host: ProgramHost, clock: SandboxClock = SandboxClock()) {
        self.host = host
        self.clock = clock
    }
}

/// The state that the host functions of one instance work with: the instance's memory and the sandbox that it belongs to.
///
/// Each instance has a context of its own, so that no function can reach the memory of an instance that is gone.
// @unchecked: the memory is set once, by the thread that makes the instance, and used by the thread that runs it.
final class InstanceContext: @unchecked Sendable {
    let sandbox: SandboxContext

    /// The instance's memory; `nil` while the instance is made.
    ///
    /// Functions that need it fail until then.
    private(set) var memory: GuestMemory?

    let words: InterruptWords?

    init(_ sandbox: SandboxContext, words: InterruptWords? = nil) {
        self.sandbox = sandbox
        self.words = words
    }

    /// Sets the memory, once.
    func attach(_ memory: GuestMemory) {
        precondition(self.memory == nil, "an instance has one memory")
        self.memory = memory
    }

    private func attachedMemory() throws -> GuestMemory {
        guard let memory else {
            throw SandboxError(.invalidComponent, "The component's start function uses its host, which is not allowed.")
        }
        return memory
    }

    /// Lets the call go on, or throws the reason to end it; raises an exception in the program if one is due.
    func checkDeadline() throws -> Store.DeadlineAction {
        try sandbox.deadline.check { words?.raise($0, in: memory) ?? false }
    }

    /// Asks again for an exception that was raised and that the interpreter has not looked at; answers whether there was one.
    ///
    /// That is before the program waits, which would take long, and after a call, since it must not reach another program.
    @discardableResult
    func takeBackUnanswered() -> Bool {
        guard let memory, let exception = words?.takeBack(in: memory) else { return false }
        sandbox.deadline.askAgain(exception)
        return true
    }

    /// Does something that may wait, without waiting while an exception is to be raised in the program.
    private func waiting<Result>(_ body: () throws -> Result) throws -> Result {
        let isTakenBack = takeBackUnanswered()
        let result = try body()
        // Now, not at the next tick: the program would go on until then as if there were none.
        if isTakenBack { _ = try checkDeadline() }
        return result
    }

    /// Waits as the program asked; answers 0 if all of the wait is over.
    func sleep(nanoseconds: UInt64) throws -> UInt32 {
        let answer = try waiting {
            if sandbox.clock.skip(nanoseconds: nanoseconds) { return UInt32(0) }
            return try sandbox.deadline.sleep(nanoseconds: nanoseconds)
        }
        // Now, not at the next tick: the program would go on until then as if it had slept.
        if answer != 0 { _ = try checkDeadline() }
        return answer
    }

    /// Passes on the bytes that the guest wrote; the address and length are untrusted.
    func write(stream: UInt32, address: UInt32, count: UInt32) throws -> UInt32 {
        let memory = try attachedMemory()
        guard let stream = Self.streams[stream] else { return HostInterface.Answer.closed }
        let bytes = try memory.read(at: address, count: count)
        return try waiting { try sandbox.host.write(stream, bytes, deadline: sandbox.deadline) }
    }

    /// Copies standard input to an untrusted address; answers the number of bytes, 0 at the end.
    func read(address: UInt32, capacity: UInt32) throws -> UInt32 {
        let memory = try attachedMemory()
        let bytes = try waiting {
            try sandbox.host.readInput(maxCount: Int(capacity), deadline: sandbox.deadline)
        }
        guard !bytes.isEmpty else {
            // The end, or the wait was cut short: the program must not take that for the end.
            _ = try checkDeadline()
            return 0
        }
        try memory.write(bytes, at: address)
        return UInt32(bytes.count)
    }

    /// Writes random bytes to an untrusted address, and looks at the time between the pieces of a large request.
    func fillRandomly(address: UInt32, count: UInt32) throws {
        let memory = try attachedMemory()
        let clock = sandbox.clock
        let isDeterministic = clock.isDeterministic
        let pieceBytes: UInt32 = 64 << 10
        var (position, rest) = (address, count)
        while rest > 0 {
            let length = min(rest, pieceBytes)
            if isDeterministic {
                var bytes: [UInt8] = []
                bytes.reserveCapacity(Int(length) + 8)
                while bytes.count < length {
                    unsafe withUnsafeBytes(of: clock.random().littleEndian) { unsafe bytes.append(contentsOf: $0) }
                }
                try memory.write(bytes.prefix(Int(length)), at: position)
            } else {
                try memory.fillRandomly(at: position, count: length)
            }
            position &+= length
            rest -= length
            if rest > 0 { try sandbox.deadline.checkTime() }
        }
    }

    /// Answers a request of the program.
    func answer(_ request: String) throws -> String {
        try waiting { try sandbox.host.answer(request, memory: attachedMemory(), deadline: sandbox.deadline) }
    }

    /// Takes an event of the program.
    func take(_ event: String) throws {
        try waiting { try sandbox.host.take(event, deadline: sandbox.deadline) }
    }

    private static let streams: [UInt32: OutputChunk.Stream] = [1: .standardOutput, 2: .standardError]
}
