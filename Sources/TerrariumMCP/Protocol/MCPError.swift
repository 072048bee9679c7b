// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

public import Terrarium

/// An error of the protocol, as [JSON-RPC](https://www.jsonrpc.org/specification#error_object) has it.
public struct MCPError: Error, Sendable {
    /// The number of its kind.
    public let code: Int
    /// A sentence for people.
    public let message: String
    /// More about it.
    public let data: PythonValue?

    private init(_ code: Int, _ message: String, data: PythonValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The text is no JSON.
    static func parse(_ reason: String) -> MCPError { MCPError(-32_700, "Parse error: \(reason).") }
    /// The JSON is no message of the protocol, or not one that may come now.
    static func invalidRequest(_ reason: String) -> MCPError { MCPError(-32_600, reason) }
    /// There is no such method.
    static func unknownMethod(_ method: String) -> MCPError {
        MCPError(-32_601, "There is no method \(PlainText.name(method)).")
    }
    /// The parameters of a method are not as they should be.
    static func invalidParameters(_ reason: String) -> MCPError { MCPError(-32_602, reason) }
    /// There is no such resource.
    static func unknownResource(_ uri: String, _ reason: String, revision: MCPRevision) -> MCPError {
        // The modern revision has no code of its own for this.
        MCPError(revision.isModern ? -32_602 : -32_002, reason, data: ["uri": PythonValue(uri)])
    }
    /// The headers of a request say something else than its body.
    static func headerMismatch(_ reason: String) -> MCPError { MCPError(-32_020, reason) }
    /// The server failed.
    static func internalError(_ reason: String) -> MCPError { MCPError(-32_603, reason) }
    /// More is under way than there may be, whoever asks.
    public static let overloaded = MCPError(-32_000, "The server has too much to do; try again later.")

    /// More requests are under way than there may be.
    static func overloaded(_ count: Int) -> MCPError {
        MCPError(-32_000, "\(count) requests are under way, and no more are taken until one of them ends.")
    }
    /// The message is of a revision that is not spoken.
    static func unsupportedRevision(_ requested: String, supported: [MCPRevision]) -> MCPError {
        MCPError(
            -32_022,
            "The protocol's revision \(PlainText.name(requested)) is not supported here.",
            data: [
                "supported": .list(supported.map { PythonValue($0.name) }),
                "requested": PythonValue(PlainText.name(requested)),
            ]
        )
    }

    /// The answer to a request; to one whose number could not be read if `id` is `nil`.
    public func response(to id: PythonValue?) -> PythonValue {
        var error: [PythonValue.Item] = [
            .init(key: "code", value: PythonValue(code)), .init(key: "message", value: PythonValue(message)),
        ]
        if let data { error.append(.init(key: "data", value: data)) }
        return ["jsonrpc": "2.0", "id": id ?? .null, "error": .dict(error)]
    }
}
