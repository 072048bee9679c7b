// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The guest's clocks: the host's, or virtual ones that make a run reproducible.
///
/// Virtual time starts where the configuration says, moves on by one tick at every look, and by the whole time at every
/// sleep, which then takes none.
struct Clock {
    enum Source { case host, virtual }

    var source: Source = .host
    /// Virtual wall-clock time at monotonic time 0.
    var start: UInt64 = 0
    /// What virtual time advances by when it is read.
    var tick: UInt64 = 1000
    private var elapsed: UInt64 = 0

    mutating func useVirtualTime(from start: UInt64, tick: UInt64) {
        source = .virtual
        self.start = start
        self.tick = tick
        elapsed = 0
    }

    mutating func monotonic() -> UInt64 {
        guard source == .virtual else { return hostClock(0) }
        elapsed &+= tick
        return elapsed
    }

    mutating func wall() -> Timestamp {
        guard source == .virtual else { return Timestamp(nanosecondsSince1970: hostClock(1)) }
        elapsed &+= tick
        return Timestamp(nanosecondsSince1970: start &+ elapsed)
    }

    /// Waits until a monotonic time; the host may cut the wait short.
    mutating func sleep(until deadline: UInt64) {
        while true {
            let now = source == .virtual ? elapsed : hostClock(0)
            guard now < deadline else { return }
            guard source == .host else {
                elapsed = deadline
                return
            }
            if hostSleep(deadline - now) != 0 { return }
        }
    }
}
