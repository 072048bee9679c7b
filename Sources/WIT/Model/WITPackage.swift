// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A package of interfaces and worlds.
package struct WITPackage: Hashable, Sendable {
    /// The name of the package.
    package var name: WITPackageName
    /// The documentation, without comment marks.
    package var docs: String?
    /// The interfaces, each after those it uses types of.
    package var interfaces: [WITInterface]
    /// The worlds, each after those it includes.
    package var worlds: [WITWorld]

    /// Creates a package.
    package init(
        name: WITPackageName,
        docs: String? = nil,
        interfaces: [WITInterface] = [],
        worlds: [WITWorld] = []
    ) {
        self.name = name
        self.docs = docs
        self.interfaces = interfaces
        self.worlds = worlds
    }
}
