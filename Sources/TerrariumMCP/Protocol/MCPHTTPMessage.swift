// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

public import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A message that came as the body of an HTTP request, which stands for itself: there is no connection, and no session of
/// the transport.
public enum MCPHTTPMessage: Sendable {
    /// A message that is answered.
    case request(MCPRequest, MCPRevision)
    /// A message that is not.
    case notification

    /// A message that is not taken.
    public struct Refusal: Error {
        /// The status of the HTTP response.
        public let status: Int
        /// The JSON-RPC response.
        public let response: PythonValue
    }

    /// Reads a message, and compares it with the headers that repeat parts of it.
    ///
    /// - Parameters:
    ///   - body: The body of the request.
    ///   - header: Returns the values of a header.
    /// - Throws: ``Refusal`` if it is no message, or the headers say something else.
    public init(_ body: [UInt8], header: (String) -> [String]) throws(Refusal) {
        switch Result(catching: { () throws(MCPMessage.Malformed) in try MCPMessage(body) }) {
        case .failure(let malformed):
            throw Refusal(status: 400, response: malformed.error.response(to: malformed.id))
        case .success(.response), .success(.notification): self = .notification
        case .success(.request(let request)):
            do throws(MCPError) {
                self = .request(request, try Self.revision(of: request, header))
            } catch {
                throw Refusal(status: 400, response: error.response(to: request.id))
            }
        }
    }

    /// Returns the status of the HTTP response that has a response of the protocol.
    public static func status(of response: PythonValue, _ revision: MCPRevision) -> Int {
        revision.isModern && response["error"]?["code"] == -32_601 ? 404 : 200
    }

    private static func revision(
        of request: MCPRequest,
        _ header: (String) -> [String]
    ) throws(MCPError) -> MCPRevision {
        let names = header("MCP-Protocol-Version")
        guard names.count <= 1 else { throw .headerMismatch("The header MCP-Protocol-Version stands twice.") }
        guard let declared = request.declaredRevision else { return try legacyRevision(of: request, names.first) }
        guard declared == MCPRevision.modern.name else { throw .unsupportedRevision(declared, supported: [.modern]) }
        try compare("MCP-Protocol-Version", names, declared)
        try compare("Mcp-Method", header("Mcp-Method"), request.method)
        let named: String? =
            switch request.method {
            case "tools/call": request.parameters["name"]?.string
            case "resources/read": request.parameters["uri"]?.string
            default: nil
            }
        if let named { try compare("Mcp-Name", header("Mcp-Name"), named) }
        // A client that has not listed the tools does not know of this header.
        let session = header("Mcp-Param-Session")
        if !session.isEmpty {
            try compare("Mcp-Param-Session", session, request.parameters["arguments"]?["session"]?.string ?? "")
        }
        return .modern
    }

    private static func legacyRevision(of request: MCPRequest, _ name: String?) throws(MCPError) -> MCPRevision {
        if request.method == "initialize" {
            guard let wanted = request.parameters["protocolVersion"]?.string else {
                throw .invalidParameters("initialize needs a protocolVersion.")
            }
            return MCPRevision.legacy.first { $0.name == wanted } ?? .newestLegacy
        }
        guard let name else {
            // What a client without the header speaks, as the revision that brought it says.
            return MCPRevision.legacy.first { $0.name == "2025-03-26" } ?? .newestLegacy
        }
        guard name != MCPRevision.modern.name else {
            throw .invalidParameters("A request has _meta[\"io.modelcontextprotocol/protocolVersion\"].")
        }
        guard let revision = MCPRevision.legacy.first(where: { $0.name == name }) else {
            throw .unsupportedRevision(name, supported: MCPRevision.all)
        }
        return revision
    }

    private static func compare(_ name: String, _ values: [String], _ expected: String) throws(MCPError) {
        guard values.count == 1, decoded(values[0]) == expected else {
            throw .headerMismatch("The header \(name) must stand once, and be as in the body.")
        }
    }

    /// The value of a header, which is in base64 if it could not stand in one.
    private static func decoded(_ value: String) -> String {
        let (start, end) = ("=?base64?", "?=")
        guard value.hasPrefix(start), value.hasSuffix(end), value.utf8.count >= start.utf8.count + end.utf8.count,
            let data = Data(base64Encoded: String(value.dropFirst(start.count).dropLast(end.count)))
        else { return value }
        return String(data: data, encoding: .utf8) ?? value
    }
}
