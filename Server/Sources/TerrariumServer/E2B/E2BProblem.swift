// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import Terrarium

/// Problems in the form that E2B's clients read.
enum E2BProblem {
    /// Makes a route whose problems are told in this form.
    static func route(
        _ method: HTTPRequest.Method,
        _ path: String,
        access: Route.Access,
        isRemoteCall: Bool = false,
        _ handler: @escaping Route.Handler
    ) -> Route {
        Route(method, path, access: access) { exchange in
            do {
                return try await handler(exchange)
            } catch let problem as ProblemDetails {
                return response(problem, isRemoteCall: isRemoteCall)
            } catch let error as PythonError {
                return response(problem(error), isRemoteCall: isRemoteCall)
            } catch let error as SandboxError {
                let file = ProblemDetails(.notFound, "no-such-file", "There is no such file.", detail: error.message)
                guard let problem = error.code == .file ? file : ProblemDetails(error) else { throw error }
                return response(problem, isRemoteCall: isRemoteCall)
            }
        }
    }

    private static func response(_ problem: ProblemDetails, isRemoteCall: Bool) -> Response {
        let message = PythonValue(problem.detail ?? problem.title)
        let code = isRemoteCall ? PythonValue(name(of: problem.status)) : PythonValue(problem.status.code)
        var response = Response.json(["code": code, "message": message], status: problem.status)
        response.headers.append(contentsOf: problem.headers)
        if problem.closesConnection { response.headers[.connection] = "close" }
        return response
    }

    /// The name of an error of the [Connect protocol](https://connectrpc.com/docs/protocol#error-codes).
    private static func name(of status: HTTPResponse.Status) -> String {
        switch status {
        case .badRequest: "invalid_argument"
        case .unauthorized: "unauthenticated"
        case .notFound: "not_found"
        case .conflict: "already_exists"
        case .tooManyRequests, .contentTooLarge: "resource_exhausted"
        case .badGateway, .serviceUnavailable: "unavailable"
        case .notImplemented: "unimplemented"
        default: "internal"
        }
    }

    /// The problem that an exception of a file operation stands for.
    private static func problem(_ error: PythonError) -> ProblemDetails {
        switch error.type {
        case "FileNotFoundError":
            ProblemDetails(.notFound, "no-such-file", "There is no such file.", detail: error.message)
        case "FileExistsError": ProblemDetails(.conflict, "exists", "It is there already.", detail: error.message)
        default: ProblemDetails.invalidRequest("\(error.type): \(error.message)")
        }
    }

    static func unsupported(_ detail: String) -> ProblemDetails {
        ProblemDetails(.notImplemented, "unsupported", "This server has no such thing.", detail: detail)
    }
}
