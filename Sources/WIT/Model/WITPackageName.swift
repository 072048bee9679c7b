// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The name of a package: `namespace:name@version`.
package struct WITPackageName: Hashable, Sendable, CustomStringConvertible {
    /// The text before the last colon.
    ///
    /// Nested namespaces are joined by colons.
    package var namespace: String
    /// The text after the last colon.
    ///
    /// Nested names are joined by slashes.
    package var name: String
    /// The version, if the package has one.
    package var version: WITVersion?

    /// Creates a name from its parts.
    package init(namespace: String, name: String, version: WITVersion? = nil) {
        self.namespace = namespace
        self.name = name
        self.version = version
    }

    /// The name as component binaries write it.
    package var description: String {
        "\(namespace):\(name)" + (version.map { "@\($0)" } ?? "")
    }

    /// The name as component binaries write it, of something defined in this package: `namespace:name/item@version`.
    package func path(to item: String) -> String {
        "\(namespace):\(name)/\(item)" + (version.map { "@\($0)" } ?? "")
    }
}
