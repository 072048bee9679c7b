// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The features that are turned on: items gated with `@unstable(feature = …)` are left out otherwise.
package struct WITFeatures: Hashable, Sendable {
    private enum Selection: Hashable {
        case named(Set<String>)
        case all
    }

    private let selection: Selection

    /// No feature: only what is stable.
    package static let none = WITFeatures(selection: .named([]))
    /// Every feature.
    package static let all = WITFeatures(selection: .all)

    /// Some features, by name.
    package static func named(_ names: Set<String>) -> WITFeatures {
        WITFeatures(selection: .named(names))
    }

    /// Returns whether a feature is turned on.
    func contains(_ feature: String) -> Bool {
        switch selection {
        case .all: true
        case .named(let names): names.contains(feature)
        }
    }
}
