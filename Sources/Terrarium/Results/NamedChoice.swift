// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A choice that is known by its name, of which there may be more in later versions.
///
/// It is encoded as its name.
public protocol NamedChoice: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The choice's name.
    var name: String { get }

    /// Makes a choice of its name.
    init(_ name: String)
}

extension NamedChoice {
    /// The choice's name.
    public var description: String { name }

    /// Decodes a choice's name.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Encodes the choice's name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
