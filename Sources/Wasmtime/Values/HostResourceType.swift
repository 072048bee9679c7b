// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// A kind of resource that the host defines.
///
/// Two types with the same identity are the same type; each ``init()`` makes a new one.
public struct HostResourceType: Sendable, Hashable {
    private static let lastID = Atomic<UInt32>(0)

    let id: UInt32

    /// A type that is different from every other.
    public init() {
        id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    }
}
