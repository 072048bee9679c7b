// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The gate that an item stands behind: `@since`, `@unstable` and `@deprecated`.
package enum WITStability: Hashable, Sendable {
    /// The item has no gate.
    case ungated
    /// The item is there since a version of its package, and may be deprecated since another.
    case stable(since: WITVersion, deprecated: WITVersion? = nil)
    /// The item is there only for those who turn a feature on.
    case unstable(feature: String, deprecated: WITVersion? = nil)
}
