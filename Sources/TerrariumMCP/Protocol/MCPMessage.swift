// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

public import Terrarium

/// A request of a client.
public struct MCPRequest: Sendable {
    /// The number or text by which it is answered.
    public let id: PythonValue
    /// The name of what it asks for.
    public let method: String
    /// An object.
    public let parameters: PythonValue

    /// Makes a request.
    public init(id: PythonValue, method: String, parameters: PythonValue = [:]) {
        self.id = id
        self.method = method
        self.parameters = parameters
    }

    /// The client's remarks on the request itself.
    var meta: PythonValue? { parameters["_meta"] }

    /// The revision that a request of the modern kind names; `nil` for one of the kind before.
    public var declaredRevision: String? { meta?["io.modelcontextprotocol/protocolVersion"]?.string }

    /// The value by which the client knows what progress is about.
    public var progressToken: PythonValue? {
        switch meta?["progressToken"] {
        case .string(let token)?: .string(token)
        case .int(let token)?: .int(token)
        default: nil
        }
    }
}

/// A message of a client: one JSON object.
public enum MCPMessage: Sendable {
    /// A message that is answered.
    case request(MCPRequest)
    /// A message that is not answered.
    case notification(method: String, parameters: PythonValue)
    /// An answer to something that was never asked.
    case response

    /// The deepest nesting of values in a message.
    static let maxDepth = 100

    /// A message that cannot be taken, with the number of the request if it could be read.
    public struct Malformed: Error {
        /// The reason.
        public let error: MCPError
        /// The number of the request, if it could be read.
        public let id: PythonValue?
    }

    /// Reads a message.
    public init(_ bytes: [UInt8]) throws(Malformed) {
        let value: PythonValue
        do {
            value = try PythonValue(strictJSON: bytes, maxDepth: Self.maxDepth)
        } catch {
            throw Malformed(error: .parse("\(error)"), id: nil)
        }
        guard case .dict = value else {
            throw Malformed(error: .invalidRequest("A message is one JSON object; batches are not taken."), id: nil)
        }
        let id = Self.id(value)
        guard value["jsonrpc"]?.string == "2.0" else {
            throw Malformed(error: .invalidRequest("A message has \"jsonrpc\": \"2.0\"."), id: id)
        }
        guard let method = value["method"] else {
            guard value["result"] != nil || value["error"] != nil else {
                throw Malformed(error: .invalidRequest("A message has a method, a result or an error."), id: id)
            }
            self = .response
            return
        }
        guard let method = method.string else {
            throw Malformed(error: .invalidRequest("A method is a string."), id: id)
        }
        let parameters = value["params"] ?? [:]
        guard case .dict = parameters else {
            throw Malformed(error: .invalidParameters("The parameters of a method are an object."), id: id)
        }
        if let id {
            self = .request(MCPRequest(id: id, method: method, parameters: parameters))
        } else if value["id"] != nil {
            throw Malformed(error: .invalidRequest("The id of a request is a string or an integer."), id: nil)
        } else {
            self = .notification(method: method, parameters: parameters)
        }
    }

    /// Returns a message of the server as JSON text.
    public static func text(_ message: PythonValue) -> [UInt8] {
        Array((JSONText.value(message) ?? "{}").utf8)
    }

    private static func id(_ message: PythonValue) -> PythonValue? {
        switch message["id"] {
        case .string(let text)? where text.text.utf8.count <= 256: .string(text)
        case .int(let number)? where number.int != nil: .int(number)
        default: nil
        }
    }
}
