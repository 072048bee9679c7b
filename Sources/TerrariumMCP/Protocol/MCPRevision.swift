// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A revision of the [Model Context Protocol](https://modelcontextprotocol.io/specification), named by its date.
public struct MCPRevision: Sendable, Hashable {
    /// The date.
    public let name: String

    private init(_ name: String) { self.name = name }

    /// All revisions.
    public static let all = legacy + [modern]

    /// The revision without `initialize`: each request says for itself which revision it is of.
    public static let modern = MCPRevision("2026-07-28")
    /// The newest revision in which a connection starts with `initialize`.
    public static let newestLegacy = MCPRevision("2025-11-25")
    /// All revisions in which a connection starts with `initialize`.
    public static let legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"].map { MCPRevision($0) }

    /// True for the revision in which requests carry an envelope, and results say what kind they are.
    public var isModern: Bool { self == .modern }
    /// True for revisions whose tools have `annotations`.
    var hasAnnotations: Bool { name >= "2025-03-26" }
    /// True for revisions with `title`, `outputSchema`, `structuredContent` and links to resources.
    var hasStructuredContent: Bool { name >= "2025-06-18" }
    /// True for revisions in which progress may come with a message.
    var hasProgressMessages: Bool { name >= "2025-03-26" }
}
