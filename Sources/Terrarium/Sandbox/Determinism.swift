// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Makes time and random numbers reproducible: the same runs in a new sandbox give the same bytes, on any machine.
///
/// Random numbers, secrets and UUIDs come from a seed, so nothing that a program makes of them is a secret. Clocks begin at
/// a given time, and go on by a microsecond with each look. Sleeping takes no time, and moves the clocks. Host functions
/// must give the same answers in the same order. Snapshots and forks of such a sandbox are deterministic as well.
public struct Determinism: Sendable, Hashable, Codable {
    /// The seed of random numbers.
    public let seed: UInt64

    /// The time that the clocks show at first.
    public let start: Date

    /// Makes a source of time and random numbers; the time is the beginning of 2020 unless given.
    public init(seed: UInt64, start: Date = Date(timeIntervalSince1970: 1_577_836_800)) {
        self.seed = seed
        self.start = start
    }
}

/// The clocks and random numbers of a deterministic sandbox.
struct VirtualWorld: Sendable, Hashable {
    private static let nanosecondsPerLook: UInt64 = 1_000

    let startNanoseconds: UInt64
    private(set) var elapsed: UInt64 = 0
    private(set) var randomState: UInt64

    init(_ determinism: Determinism) {
        // A time that is not a number counts as the earliest.
        let seconds = min(max(0, determinism.start.timeIntervalSince1970), 1e10)
        startNanoseconds = UInt64(seconds * 1e9)
        randomState = determinism.seed
    }

    /// The time on a clock, which goes on.
    mutating func time(isWallClock: Bool) -> UInt64 {
        elapsed &+= Self.nanosecondsPerLook
        return (isWallClock ? startNanoseconds : 0) &+ elapsed
    }

    /// The time that the monotonic clock shows; to read it does not move it.
    var monotonicTime: UInt64 { elapsed }

    /// A world read from a snapshot.
    init(startNanoseconds: UInt64, elapsed: UInt64, randomState: UInt64) {
        self.startNanoseconds = startNanoseconds
        self.elapsed = elapsed
        self.randomState = randomState
    }

    /// A world whose random numbers are others, but the same each time it is made of the same one.
    func branched() -> VirtualWorld {
        var branch = self
        branch.randomState = branch.random() ^ 0xD1B5_4A32_D192_ED03
        return branch
    }

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
