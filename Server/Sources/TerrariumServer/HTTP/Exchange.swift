// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import NIOCore
import Terrarium

/// A request that is being answered, with what the server knows about it.
struct Exchange: Sendable {
    let request: Request
    /// The values of the names in the route's path, decoded.
    let parameters: [String: String]
    /// The query's values by their names, decoded; of one that stands twice the first.
    let query: [String: String]
    /// The tenant who asks; of routes that everybody may use the one without a name.
    let tenant: Tenant

    subscript(parameter: String) -> String { parameters[parameter] ?? "" }

    func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

    /// Reads the body.
    ///
    /// - Throws: ``ProblemDetails`` if it is larger.
    func body(maxBytes: Int) async throws -> [UInt8] {
        if let length = header(.contentLength).flatMap(Int.init), length > maxBytes {
            throw ProblemDetails.contentTooLarge(maxBytes)
        }
        do {
            return Array(try await request.body.collect(upTo: maxBytes).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ProblemDetails.contentTooLarge(maxBytes)
        }
    }

    /// Reads a body of JSON, which must be an object.
    ///
    /// - Throws: ``ProblemDetails`` if it is of another type, or larger.
    func object(maxBytes: Int) async throws -> JSONObject {
        try await objectAndBody(maxBytes: maxBytes).object
    }

    /// Reads a body of JSON, which must be an object, and its bytes.
    func objectAndBody(maxBytes: Int) async throws -> (object: JSONObject, body: [UInt8]) {
        guard Self.isJSON(header(.contentType)) else { throw ProblemDetails.unsupportedMediaType("application/json") }
        let bytes = try await body(maxBytes: maxBytes)
        let value: PythonValue
        do {
            value = try PythonValue(json: bytes, maxDepth: Self.maxDepth)
        } catch DecodingError.dataCorrupted(let context) {
            throw ProblemDetails.invalidRequest("The body cannot be read: \(context.debugDescription).")
        }
        guard let object = JSONObject(value, pointer: "") else {
            throw ProblemDetails.invalidRequest("The body is no JSON object.")
        }
        return (object, bytes)
    }

    /// Reads a number of the query.
    ///
    /// - Throws: ``ProblemDetails`` if it is none, or out of range.
    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ProblemDetails.invalidRequest(
                "\(name) must be an integer from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    private static let maxDepth = 64

    /// True for the media type of JSON, with or without parameters.
    ///
    /// Forms of other pages can send neither this type nor a header that asks for it.
    private static func isJSON(_ contentType: String?) -> Bool {
        guard let type = contentType?.split(separator: ";").first else { return false }
        return type.filter { $0 != " " && $0 != "\t" }.lowercased() == "application/json"
    }
}

/// The one on whose behalf a request is made; others cannot see what it makes.
struct Tenant: Sendable, Hashable {
    let name: String

    /// The tenant of a server without tokens.
    static let local = Tenant(name: "local")
    static let nobody = Tenant(name: "")
}
