// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The identity of a world.
package struct WITWorldID: Hashable, Sendable, CustomStringConvertible {
    /// The package that defines the world.
    package var package: WITPackageName
    /// The name of the world within its package.
    package var name: String

    /// Creates the identity from its parts.
    package init(package: WITPackageName, name: String) {
        self.package = package
        self.name = name
    }

    /// The world's path, such as `wasi:cli/command@0.2.0`.
    package var description: String { package.path(to: name) }
}

/// Which way something passes between a component and its host.
package enum WITDirection: Hashable, Sendable {
    /// The host gives it to the component.
    case `import`
    /// The component gives it to the host.
    case export
}

/// The identity of an interface.
package enum WITInterfaceID: Hashable, Sendable, CustomStringConvertible {
    /// An interface that a package defines under a name.
    case named(package: WITPackageName, name: String)
    /// An interface written within a world's import or export.
    case inline(world: WITWorldID, direction: WITDirection, name: String)

    /// The interface's path, such as `wasi:io/streams@0.2.0`, or for one without a path its name.
    package var description: String {
        switch self {
        case .named(let package, let name): package.path(to: name)
        case .inline(_, _, let name): name
        }
    }

    /// The name of the interface, or of the import or export that it is written in.
    package var name: String {
        switch self {
        case .named(_, let name), .inline(_, _, let name): name
        }
    }

    /// The package that the interface is written in.
    package var package: WITPackageName {
        switch self {
        case .named(let package, _): package
        case .inline(let world, _, _): world.package
        }
    }
}

/// The interface or world that defines a type or function.
package enum WITOwner: Hashable, Sendable {
    /// An interface.
    case interface(WITInterfaceID)
    /// A world.
    case world(WITWorldID)

    /// The package that the owner is written in.
    package var package: WITPackageName {
        switch self {
        case .interface(let interface): interface.package
        case .world(let world): world.package
        }
    }
}

/// The identity of a type with a name.
///
/// A type that an interface takes over with `use` has two: as defined, and as used; ``WITModel/resolved(_:)`` leads
/// from one to the other.
package struct WITTypeID: Hashable, Sendable, CustomStringConvertible {
    /// The interface or world that defines the type.
    package var owner: WITOwner
    /// The name of the type within its owner.
    package var name: String

    /// Creates the identity from its parts.
    package init(owner: WITOwner, name: String) {
        self.owner = owner
        self.name = name
    }

    /// The owner's path and the name, such as `wasi:io/streams@0.2.0.{input-stream}`.
    package var description: String {
        switch owner {
        case .interface(let interface): "\(interface).{\(name)}"
        case .world(let world): "\(world).{\(name)}"
        }
    }
}
