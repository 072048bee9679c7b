// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The description of an object.
public struct Inspection: Sendable, Hashable, Codable {
    /// The expression that names it.
    public var name: String
    /// The name of its type.
    public var type: String
    /// The signature, if it can be called.
    public var signature: String?
    /// The docstring.
    public var documentation: String?
    /// The source, if it was asked for and is known.
    public var source: String?
    /// All of it as text for a terminal.
    public var text: String

    /// Makes a description.
    public init(
        name: String,
        type: String,
        signature: String? = nil,
        documentation: String? = nil,
        source: String? = nil,
        text: String
    ) {
        self.name = name
        self.type = type
        self.signature = signature
        self.documentation = documentation
        self.source = source
        self.text = text
    }
}
