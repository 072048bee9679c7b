// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The clocks of the system.
enum HostClock {
    /// Nanoseconds since 1970, or since some fixed point in the past.
    static func nanoseconds(isWallClock: Bool) -> UInt64 {
        read(isWallClock ? CLOCK_REALTIME : CLOCK_MONOTONIC)
    }

    /// The processor time that this thread has used, in nanoseconds.
    static func threadProcessorNanoseconds() -> UInt64 {
        read(CLOCK_THREAD_CPUTIME_ID)
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        guard unsafe clock_gettime(clock, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
