// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The clocks and random numbers of a sandbox: those of the system, or those of a ``Determinism``.
///
/// The monotonic clock of a copy goes on from where that of its original was.
final class SandboxClock: Sendable {
    private struct State {
        /// The nanoseconds by which the monotonic clock is ahead of the system's.
        var offset: UInt64 = 0
        var world: VirtualWorld?
    }

    private let state: Mutex<State>

    init(_ world: VirtualWorld? = nil) {
        state = Mutex(State(world: world))
    }

    /// The clocks and random numbers that are not the system's, for a copy of the sandbox.
    var world: VirtualWorld? {
        get { state.withLock { $0.world } }
        set { state.withLock { $0.world = newValue } }
    }

    /// A Boolean value that tells whether time and random numbers can be repeated.
    var isDeterministic: Bool { world != nil }

    /// The time on the monotonic clock in nanoseconds; in a deterministic sandbox it does not go on by this.
    var monotonicTime: UInt64 {
        state.withLock { $0.world?.monotonicTime ?? HostClock.nanoseconds(isWallClock: false) &+ $0.offset }
    }

    /// The time that a program sees when it looks at a clock.
    func time(isWallClock: Bool) -> UInt64 {
        state.withLock { state in
            if let time = state.world?.time(isWallClock: isWallClock) { return time }
            let time = HostClock.nanoseconds(isWallClock: isWallClock)
            return isWallClock ? time : time &+ state.offset
        }
    }

    /// A random number.
    func random() -> UInt64 {
        if let number = state.withLock({ $0.world?.random() }) { return number }
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// Moves the clocks of a deterministic sandbox, where waiting takes no time; answers whether it is one.
    func skip(nanoseconds: UInt64) -> Bool {
        state.withLock { state in
            state.world?.advance(by: nanoseconds)
            return state.world != nil
        }
    }

    /// Has the clocks go on from those of a snapshot.
    func restore(world: VirtualWorld?, monotonicTime: UInt64) {
        state.withLock { state in
            state.world = world
            state.offset = monotonicTime &- HostClock.nanoseconds(isWallClock: false)
        }
    }

    /// Goes back to a snapshot: the monotonic clock does not, unless it is a deterministic one.
    func rollBack(world: VirtualWorld?, monotonicTime: UInt64) {
        state.withLock { state in
            state.world = world
            let now = HostClock.nanoseconds(isWallClock: false)
            if monotonicTime > now &+ state.offset { state.offset = monotonicTime &- now }
        }
    }
}
