// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Takes chance and time away from programs: the same runs in a new session give the same bytes, on any machine.
///
/// Random numbers, secrets and UUIDs come from a seed, so nothing that a program makes of them is a secret. Clocks begin at
/// a given time, and go on by a microsecond with each look; sleeping takes no time, and moves them. What host functions
/// answer is the host's to repeat, in the same order.
public struct Determinism: Sendable, Hashable {
    /// Where random numbers come from.
    public let seed: UInt64

    /// What the clocks show at first.
    public let start: Date

    /// A seed, and a time that is the beginning of 2020 unless given.
    public init(seed: UInt64, start: Date = Date(timeIntervalSince1970: 1_577_836_800)) {
        self.seed = seed
        self.start = start
    }
}

/// The clocks and random numbers of a deterministic session.
struct VirtualWorld {
    private static let nanosecondsPerLook: UInt64 = 1_000

    private let startNanoseconds: UInt64
    private var elapsed: UInt64 = 0
    private var randomState: UInt64

    init(_ determinism: Determinism) {
        let seconds = min(max(0, determinism.start.timeIntervalSince1970), 1e10)
        startNanoseconds = UInt64(seconds * 1e9)
        randomState = determinism.seed
    }

    /// The time on a clock, which goes on.
    mutating func time(isWallClock: Bool) -> UInt64 {
        elapsed &+= Self.nanosecondsPerLook
        return (isWallClock ? startNanoseconds : 0) &+ elapsed
    }

    /// What the monotonic clock shows, without a look.
    var monotonicTime: UInt64 { elapsed }

    mutating func setMonotonicTime(_ time: UInt64) { elapsed = time }

    mutating func advance(by nanoseconds: UInt64) { elapsed &+= nanoseconds }

    /// The next random number: SplitMix64 of Steele, Lea and Flood,
    /// [Fast splittable pseudorandom number generators](https://doi.org/10.1145/2714064.2660195).
    mutating func random() -> UInt64 {
        randomState &+= 0x9E37_79B9_7F4A_7C15
        var mixed = randomState
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
