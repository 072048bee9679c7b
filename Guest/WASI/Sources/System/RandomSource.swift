// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Random bits: from the host at every request, so that copies of a sandbox differ, or from a seed, so that they repeat.
///
/// The generator is xoshiro256** with its state filled by SplitMix64 (https://prng.di.unimi.it).
struct RandomSource {
    private var isSeeded = false
    private var state: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    mutating func seed(_ seed: UInt64) {
        var counter = seed
        func next() -> UInt64 {
            counter &+= 0x9e37_79b9_7f4a_7c15
            var mixed = counter
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
        state = (next(), next(), next(), next())
        isSeeded = true
    }

    mutating func useHost() { isSeeded = false }

    mutating func next() -> UInt64 {
        guard isSeeded else { return hostRandom() }
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    mutating func fill(_ address: UInt32, _ count: Int) {
        guard isSeeded else {
            hostRandomBytes(address, UInt32(count))
            return
        }
        var offset = 0
        while offset < count {
            let bits = next()
            let length = min(8, count - offset)
            if length == 8 {
                pointer(address).storeBytes(of: bits, toByteOffset: offset, as: UInt64.self)
            } else {
                for i in 0..<length {
                    let byte = UInt8(truncatingIfNeeded: bits >> UInt64(i * 8))
                    pointer(address).storeBytes(of: byte, toByteOffset: offset + i, as: UInt8.self)
                }
            }
            offset += length
        }
    }
}
