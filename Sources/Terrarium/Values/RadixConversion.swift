// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The base of a number in limbs; at most 2^32, so that products fit into 64 bits.
protocol Radix {
    static var value: UInt64 { get }
}

/// Limbs of 32 bits.
enum BinaryRadix: Radix {
    static var value: UInt64 { 1 << 32 }
}

/// Limbs of nine decimal digits.
enum DecimalRadix: Radix {
    static var value: UInt64 { 1_000_000_000 }
}

/// Converts large numbers from one radix to another by divide and conquer, with Karatsuba's multiplication.
///
/// Limbs are stored lowest first. The time for n limbs grows like n^1.6.
enum RadixConversion<Source: Radix, Target: Radix> {
    /// The number of limbs up to which they are converted one by one.
    private static var base: Int { 32 }

    /// The limbs of the same number in the other radix.
    static func convert(_ limbs: [UInt32]) -> [UInt32] {
        guard limbs.count > base else { return convertDirectly(limbs[...]) }
        // powers[i] is Source.value to the power of base << i.
        var powers = [convertDirectly((Array(repeating: 0, count: base) + [1])[...])]
        while base << powers.count < limbs.count {
            let last = powers[powers.count - 1][...]
            powers.append(LimbArithmetic<Target>.product(last, last))
        }
        var result = convert(limbs[...], powers)
        while result.last == 0 { result.removeLast() }
        return result
    }

    private static func convert(_ limbs: ArraySlice<UInt32>, _ powers: [[UInt32]]) -> [UInt32] {
        guard limbs.count > base else { return convertDirectly(limbs) }
        var level = 0
        while base << (level + 1) < limbs.count { level += 1 }
        let middle = limbs.startIndex + base << level
        let low = convert(limbs[..<middle], powers)
        let high = convert(limbs[middle...], powers)
        var result = LimbArithmetic<Target>.product(high[...], powers[level][...])
        LimbArithmetic<Target>.add(low[...], to: &result, at: 0)
        return result
    }

    private static func convertDirectly(_ limbs: ArraySlice<UInt32>) -> [UInt32] {
        var result: [UInt32] = []
        for limb in limbs.reversed() {
            var carry = UInt64(limb)
            for index in result.indices {
                let next = UInt64(result[index]) * Source.value + carry
                result[index] = UInt32(next % Target.value)
                carry = next / Target.value
            }
            while carry > 0 {
                result.append(UInt32(carry % Target.value))
                carry /= Target.value
            }
        }
        return result
    }
}

/// Sums and products of numbers in limbs, lowest first.
private enum LimbArithmetic<Base: Radix> {
    static func product(_ left: ArraySlice<UInt32>, _ right: ArraySlice<UInt32>) -> [UInt32] {
        let (long, short) = left.count >= right.count ? (left, right) : (right, left)
        guard short.count > 48 else { return directProduct(long, short) }
        if long.count >= 2 * short.count {
            var result = [UInt32](repeating: 0, count: long.count + short.count)
            var start = long.startIndex
            while start < long.endIndex {
                let end = min(start + short.count, long.endIndex)
                add(product(long[start..<end], short)[...], to: &result, at: start - long.startIndex)
                start = end
            }
            return result
        }
        let half = (long.count + 1) / 2
        let (longLow, longHigh) = (long.prefix(half), long.dropFirst(half))
        let (shortLow, shortHigh) = (short.prefix(half), short.dropFirst(half))
        let low = product(longLow, shortLow)
        let high = product(longHigh, shortHigh)
        var middle = product(sum(longLow, longHigh)[...], sum(shortLow, shortHigh)[...])
        subtract(low[...], from: &middle)
        subtract(high[...], from: &middle)
        var result = [UInt32](repeating: 0, count: long.count + short.count)
        add(low[...], to: &result, at: 0)
        add(middle[...], to: &result, at: half)
        add(high[...], to: &result, at: 2 * half)
        return result
    }

    private static func directProduct(_ left: ArraySlice<UInt32>, _ right: ArraySlice<UInt32>) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: left.count + right.count)
        for (offset, factor) in right.enumerated() where factor != 0 {
            var carry: UInt64 = 0
            var index = offset
            for limb in left {
                let next = UInt64(limb) * UInt64(factor) + UInt64(result[index]) + carry
                result[index] = UInt32(next % Base.value)
                carry = next / Base.value
                index += 1
            }
            result[index] = UInt32(carry)
        }
        return result
    }

    private static func sum(_ left: ArraySlice<UInt32>, _ right: ArraySlice<UInt32>) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: max(left.count, right.count) + 1)
        add(left, to: &result, at: 0)
        add(right, to: &result, at: 0)
        return result
    }

    /// Adds limbs from a place on; those that do not fit must be zero.
    static func add(_ limbs: ArraySlice<UInt32>, to result: inout [UInt32], at offset: Int) {
        var carry: UInt64 = 0
        var index = offset
        for limb in limbs {
            guard index < result.count else { return }
            let next = UInt64(result[index]) + UInt64(limb) + carry
            result[index] = UInt32(next % Base.value)
            carry = next / Base.value
            index += 1
        }
        while carry > 0 {
            if index == result.count { result.append(0) }
            let next = UInt64(result[index]) + carry
            result[index] = UInt32(next % Base.value)
            carry = next / Base.value
            index += 1
        }
    }

    /// Subtracts what is not larger.
    private static func subtract(_ limbs: ArraySlice<UInt32>, from result: inout [UInt32]) {
        var borrow: UInt64 = 0
        var index = 0
        for limb in limbs {
            let needed = UInt64(limb) + borrow
            guard index < result.count else { return }
            let available = UInt64(result[index])
            borrow = available < needed ? 1 : 0
            result[index] = UInt32(available + borrow * Base.value - needed)
            index += 1
        }
        while borrow > 0, index < result.count {
            borrow = result[index] == 0 ? 1 : 0
            result[index] = borrow == 1 ? UInt32(Base.value - 1) : result[index] - 1
            index += 1
        }
    }
}
