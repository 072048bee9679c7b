// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import NIOCore
import Terrarium

/// A request that failed, as RFC 9457 describes it to clients.
///
/// Its text is for the client: it must not tell of other tenants, of tokens or of this machine.
struct ProblemDetails: Error {
    /// A part of the request that is not as it should be.
    struct Fault: Sendable {
        /// The part, as RFC 6901 points to it.
        let pointer: String
        let detail: String
    }

    /// The last part of the problem's `type`, which programs tell problems apart by.
    let name: String
    let status: HTTPResponse.Status
    let title: String
    var detail: String?
    var faults: [Fault] = []
    /// More members, such as the amount that is allowed.
    var members: [(name: PythonString, value: PythonValue)] = []
    /// The whole seconds after which the client may try again.
    var retryAfter: Int?
    var headers = HTTPFields()
    /// A Boolean value that tells whether the connection is closed after the answer.
    var closesConnection = false

    init(_ status: HTTPResponse.Status, _ name: String, _ title: String, detail: String? = nil) {
        self.status = status
        self.name = name
        self.title = title
        self.detail = detail
    }

    static let contentType = "application/problem+json"

    /// The body of the answer.
    var body: PythonValue {
        var items: [PythonValue.Item] = [
            .init(key: "type", value: PythonValue("/problems/\(name)")),
            .init(key: "title", value: PythonValue(title)), .init(key: "status", value: PythonValue(status.code)),
        ]
        if let detail { items.append(.init(key: "detail", value: PythonValue(detail))) }
        if !faults.isEmpty {
            let list = faults.map { fault -> PythonValue in
                ["pointer": PythonValue(fault.pointer), "detail": PythonValue(fault.detail)]
            }
            items.append(.init(key: "errors", value: .list(list)))
        }
        if let retryAfter { items.append(.init(key: "retry_after", value: PythonValue(retryAfter))) }
        items += members.map { .init(key: $0.name, value: $0.value) }
        return .dict(items)
    }

    var response: Response {
        var response = Response.json(body, status: status, contentType: Self.contentType)
        response.headers.append(contentsOf: headers)
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        if closesConnection { response.headers[.connection] = "close" }
        return response
    }
}

// MARK: - The problems that several routes have

extension ProblemDetails {
    static let internalError = ProblemDetails(.internalServerError, "internal-error", "The server failed.")

    static func invalidRequest(_ detail: String) -> ProblemDetails {
        ProblemDetails(.badRequest, "invalid-request", "The request is not as it should be.", detail: detail)
    }

    static func invalidRequest(at pointer: String, _ detail: String) -> ProblemDetails {
        invalidRequest(faults: [Fault(pointer: pointer, detail: detail)])
    }

    static func invalidRequest(faults: [Fault]) -> ProblemDetails {
        var problem = ProblemDetails(.badRequest, "invalid-request", "The request is not as it should be.")
        problem.detail = faults.first.map { "\($0.pointer): \($0.detail)" }
        problem.faults = faults
        return problem
    }

    static let unauthenticated: ProblemDetails = {
        var problem = ProblemDetails(.unauthorized, "unauthenticated", "A valid token is needed.")
        problem.detail = "Send a token of this server as: Authorization: Bearer TOKEN."
        problem.headers[.wwwAuthenticate] = "Bearer"
        return problem
    }()

    static let forbiddenOrigin = ProblemDetails(
        .forbidden,
        "forbidden-origin",
        "Pages of this origin may not use the server.",
        detail: "The server's operator allows an origin with --allow-origin."
    )

    static let misdirected = ProblemDetails(
        .misdirectedRequest,
        "misdirected-request",
        "The server does not answer for this host.",
        detail: "The server's operator allows a host with --allow-host."
    )

    static let notFound = ProblemDetails(.notFound, "not-found", "There is no such thing.")

    static func methodNotAllowed(_ methods: [HTTPRequest.Method]) -> ProblemDetails {
        var problem = ProblemDetails(.methodNotAllowed, "method-not-allowed", "This is no method of the resource.")
        problem.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return problem
    }

    static func unsupportedMediaType(_ expected: String) -> ProblemDetails {
        var problem = ProblemDetails(.unsupportedMediaType, "unsupported-media-type", "The body is of another type.")
        problem.detail = "Send the body with Content-Type: \(expected)."
        problem.headers[.accept] = expected
        return problem
    }

    static func contentTooLarge(_ maxBytes: Int) -> ProblemDetails {
        var problem = ProblemDetails(.contentTooLarge, "too-large", "The body is too large.")
        problem.detail = "A body may have \(maxBytes) bytes."
        problem.members = [("allowed", PythonValue(maxBytes))]
        // What is left of the body is not read.
        problem.closesConnection = true
        return problem
    }

    static func overloaded(_ detail: String) -> ProblemDetails {
        var problem = ProblemDetails(.serviceUnavailable, "overloaded", "The server has too much to do.")
        problem.detail = detail
        problem.retryAfter = 1
        return problem
    }

    static let draining: ProblemDetails = {
        var problem = ProblemDetails(.serviceUnavailable, "draining", "The server is shutting down.")
        problem.retryAfter = 5
        problem.closesConnection = true
        return problem
    }()
}

extension ProblemDetails {
    /// The problem of an error that a program or a request brought about; `nil` for one that is the server's.
    init?(_ error: SandboxError) {
        switch error.code {
        case .timeLimit, .trap, .tampered, .exited:
            self.init(.conflict, "sandbox-failed", "The sandbox failed.", detail: error.message)
        case .busy: self.init(.conflict, "busy", "A program of the session is under way.")
        case .notSuspended: self.init(.conflict, "not-suspended", "The run does not wait for results.")
        case .memoryLimitTooLow: self.init(.conflict, "memory", "The limit is too low.", detail: error.message)
        default: return nil
        }
    }
}

extension Response {
    /// An answer with a JSON body.
    static func json(
        _ value: PythonValue,
        status: HTTPResponse.Status = .ok,
        contentType: String = "application/json"
    ) -> Response {
        // All values that are answered came from JSON of bounded depth, or from a guest, whose values are bounded, too.
        let bytes = (try? value.json()) ?? Array("null".utf8)
        return Response(
            status: status,
            headers: [.contentType: contentType, .contentLength: String(bytes.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
