// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Components

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How much memory a component has before its program runs.
enum MemoryNeeds {
    /// Bytes in the largest linear memory that any of the component's core modules starts with.
    ///
    /// - Throws: `ComponentsError` if the bytes are not a component.
    static func initialBytes(of component: Data) throws -> Int {
        try initialBytes(of: Component(decoding: Array(component)))
    }

    private static func initialBytes(of component: Component) -> Int {
        let own = component.coreModules.flatMap(\.memories).map { min($0.minimum, 65_536) * 65_536 }
        let nested = component.components.map(initialBytes)
        return max(own.max().map(Int.init) ?? 0, nested.max() ?? 0)
    }
}
