// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Names and tokens that nobody can guess.
enum RandomDigits {
    /// Random bits of the system as hexadecimal digits; their number is a multiple of 64.
    static func hexadecimal(bits: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<bits / 64).map { _ -> String in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return words.joined()
    }
}
