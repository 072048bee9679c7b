// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A type of values that is built into WIT and has no parameters.
package enum WITPrimitiveType: String, Hashable, Sendable, CaseIterable {
    /// True or false.
    case bool
    /// A signed integer of 8 bits.
    case s8
    /// A signed integer of 16 bits.
    case s16
    /// A signed integer of 32 bits.
    case s32
    /// A signed integer of 64 bits.
    case s64
    /// An unsigned integer of 8 bits.
    case u8
    /// An unsigned integer of 16 bits.
    case u16
    /// An unsigned integer of 32 bits.
    case u32
    /// An unsigned integer of 64 bits.
    case u64
    /// A floating-point number of 32 bits.
    case f32
    /// A floating-point number of 64 bits.
    case f64
    /// A Unicode scalar value.
    case char
    /// A text.
    case string
    /// A description of a failure in an asynchronous call, for people to read.
    case errorContext = "error-context"

    /// A Boolean value that tells whether the keys of a `map` may be of this type.
    package var canBeMapKey: Bool {
        switch self {
        case .f32, .f64, .errorContext: false
        default: true
        }
    }
}
