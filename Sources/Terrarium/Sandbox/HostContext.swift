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

    init(output: Output, deadline: CallDeadline) {
        self.output = output
        self.deadline = deadline
    }

    /// Passes on what the guest wrote; the address and length are the guest's word.
    func write(stream: UInt32, address: UInt32, count: UInt32) throws -> UInt32 {
        guard let memory, let stream = Self.streams[stream] else { return HostInterface.Answer.closed }
        let bytes = try memory.read(at: address, count: count)
        output.write(stream, bytes)
        return HostInterface.Answer.done
    }

    /// Writes unpredictable bytes into the guest's memory, where the guest said.
    func fillRandomly(address: UInt32, count: UInt32) throws {
        try memory?.fillRandomly(at: address, count: count)
    }

    private static let streams: [UInt32: Output.Stream] = [1: .standardOutput, 2: .standardError]
}
