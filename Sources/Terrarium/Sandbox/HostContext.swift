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

    /// The time on the sandbox's monotonic clock, in nanoseconds.
    var monotonicTime: UInt64 { HostClock.nanoseconds(isWallClock: false) &+ clockOffset }

    /// Has the sandbox's monotonic clock go on from a time, or stay if it is past that.
    func advanceClock(to time: UInt64) {
        if time > monotonicTime { clockOffset = time &- HostClock.nanoseconds(isWallClock: false) }
    }

    /// Has the sandbox's monotonic clock show a time.
    func setClock(to time: UInt64) {
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
        try memory?.fillRandomly(at: address, count: count)
    }

    private static let streams: [UInt32: Output.Stream] = [1: .standardOutput, 2: .standardError]
}
