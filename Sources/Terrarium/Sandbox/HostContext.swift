// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Wasmtime

/// What the host functions of one sandbox's store work with: its memory, where its output goes, how long it may run.
///
/// Used by the thread that runs the sandbox.
// @unchecked: only the sandbox's actor and the host functions of its store touch it, and those run inside of its calls.
final class HostContext: @unchecked Sendable {
    let output: Output
    let deadline: CallDeadline

    /// Set once the store's memory exists, which is before any code of the guest runs.
    var memory: GuestMemory?

    /// What answers a session's program; without one, host functions and events fail.
    let sessionHost: SessionHost?

    /// Nanoseconds by which the sandbox's monotonic clock is ahead of the system's, since it goes on in every copy.
    var clockOffset: UInt64 = 0

    init(output: Output, deadline: CallDeadline, sessionHost: SessionHost? = nil) {
        self.output = output
        self.deadline = deadline
        self.sessionHost = sessionHost
    }

    /// The clocks and random numbers of a deterministic session; otherwise they are the system's.
    var virtualWorld: VirtualWorld?

    /// The time on the sandbox's monotonic clock, in nanoseconds.
    var monotonicTime: UInt64 {
        virtualWorld?.monotonicTime ?? HostClock.nanoseconds(isWallClock: false) &+ clockOffset
    }

    /// What a look at a clock shows.
    func time(isWallClock: Bool) -> UInt64 {
        if let time = virtualWorld?.time(isWallClock: isWallClock) { return time }
        return isWallClock ? HostClock.nanoseconds(isWallClock: true) : monotonicTime
    }

    /// A random number.
    func random() -> UInt64 {
        if let number = virtualWorld?.random() { return number }
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// Waits as the program asked; answers 0 if all of the wait is over.
    func sleep(nanoseconds: UInt64) throws -> UInt32 {
        guard virtualWorld == nil else {
            virtualWorld?.advance(by: nanoseconds)
            return 0
        }
        return try deadline.sleep(nanoseconds: nanoseconds)
    }

    /// Has the sandbox's monotonic clock go on from a time, or stay if it is past that.
    func advanceClock(to time: UInt64) {
        if time > monotonicTime { setClock(to: time) }
    }

    /// Has the sandbox's monotonic clock show a time.
    func setClock(to time: UInt64) {
        virtualWorld?.setMonotonicTime(time)
        clockOffset = time &- HostClock.nanoseconds(isWallClock: false)
    }

    /// Passes on what the guest wrote; the address and length are the guest's word.
    func write(stream: UInt32, address: UInt32, count: UInt32) throws -> UInt32 {
        guard let memory, let stream = Self.streams[stream] else { return HostInterface.Answer.closed }
        let bytes = try memory.read(at: address, count: count)
        if let sessionHost { return try sessionHost.write(stream, bytes, deadline: deadline) }
        output.write(stream, bytes)
        return HostInterface.Answer.done
    }

    /// Copies standard input to where the guest said; answers how many bytes, 0 at the end.
    func read(address: UInt32, capacity: UInt32) throws -> UInt32 {
        guard let memory, let bytes = sessionHost?.takeInput(maxCount: Int(capacity)), !bytes.isEmpty else { return 0 }
        try memory.write(bytes, at: address)
        return UInt32(bytes.count)
    }

    /// Writes unpredictable bytes into the guest's memory, where the guest said.
    func fillRandomly(address: UInt32, count: UInt32) throws {
        guard virtualWorld != nil else {
            try memory?.fillRandomly(at: address, count: count)
            return
        }
        var rest = Int(count)
        var position = address
        while rest > 0, let memory {
            let bytes = unsafe withUnsafeBytes(of: random().littleEndian) { unsafe Array($0.prefix(rest)) }
            try memory.write(bytes, at: position)
            position &+= UInt32(bytes.count)
            rest -= bytes.count
        }
    }

    private static let streams: [UInt32: Output.Stream] = [1: .standardOutput, 2: .standardError]
}
