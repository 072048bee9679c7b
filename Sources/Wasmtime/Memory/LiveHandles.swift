// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// A counter of the C objects and callback boxes that are alive in this process, for tests that look for leaks.
package enum LiveHandles {
    private static let total = Atomic<Int>(0)

    /// The number of live objects; zero when everything that was created has gone.
    package static var count: Int { total.load(ordering: .relaxed) }

    static func increment() { total.wrappingAdd(1, ordering: .relaxed) }

    static func decrement() { total.wrappingSubtract(1, ordering: .relaxed) }
}
