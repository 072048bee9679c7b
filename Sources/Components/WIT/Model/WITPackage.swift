// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A package of interfaces and worlds.
public struct WITPackage: Hashable, Sendable {
    /// The name of the package.
    public var name: WITPackageName
    /// The documentation, without comment marks.
    public var docs: String?
    /// The interfaces, each after those it uses types of.
    public var interfaces: [WITInterface]
    /// The worlds, each after those it includes.
    public var worlds: [WITWorld]

    /// Creates a package.
    public init(
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
