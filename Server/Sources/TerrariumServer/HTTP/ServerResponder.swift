// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
import Terrarium

/// Answers requests: checks where they come from, finds their route, and makes problems of errors.
struct ServerResponder: HTTPResponder {
    /// The context that Hummingbird makes for each request; the server needs none.
    struct Context: InitializableFromSource {
        init(source: ApplicationRequestContextSource) {}
    }

    let table: RouteTable
    let hosts: HostPolicy
    let tokens: TokenTable
    let operation: OperationState
    let logger: Logger

    @Sendable func respond(to request: Request, context: Context) async throws -> Response {
        let start = ContinuousClock.now
        var outcome = Outcome()
        var response: Response
        do {
            response = try await answer(request, &outcome)
        } catch let problem as ProblemDetails {
            response = problem.response
            outcome.problem = problem.name
        } catch let error as SandboxError where ProblemDetails(error) != nil {
            let problem = ProblemDetails(error) ?? .internalError
            response = problem.response
            outcome.problem = problem.name
        } catch let error as HTTPParserError {
            throw error
        } catch is CancellationError {
            // The client is gone, or the server ends: nobody may read this.
            response = ProblemDetails.draining.response
            outcome.problem = "cancelled"
        } catch {
            response = ProblemDetails.internalError.response
            outcome.problem = ProblemDetails.internalError.name
            // The type only: the text of an error can have parts of a request in it.
            logger.error("unexpected error", metadata: ["type": "\(type(of: error))", "route": "\(outcome.route)"])
        }
        addHeaders(to: &response)
        if request.method == .head { response = response.createHeadResponse() }
        log(request, response, outcome, ContinuousClock.now - start)
        return response
    }

    /// The facts about a request that are logged.
    private struct Outcome {
        /// The route's path with the names of its parameters, since their values may be secrets.
        var route = "none"
        var tenant = ""
        var problem: String?
    }

    private func answer(_ request: Request, _ outcome: inout Outcome) async throws -> Response {
        // A second host would be for whoever stands between the client and this server.
        guard request.headers[.secondHost] == nil, let authority = request.head.authority else {
            throw ProblemDetails.invalidRequest("A request has one Host header.")
        }
        guard hosts.allows(host: authority) else { throw ProblemDetails.misdirected }
        let origins = request.headers[values: .origin]
        guard origins.allSatisfy({ hosts.allows(origin: $0, at: authority) }) else {
            throw ProblemDetails.forbiddenOrigin
        }
        guard let target = RequestTarget(request.head.path ?? "") else {
            throw ProblemDetails.invalidRequest("The path cannot be decoded.")
        }
        let method = request.method == .head ? HTTPRequest.Method.get : request.method
        switch table.match(method, target.path) {
        case .nothing:
            // Who has no token need not know what there is.
            _ = try tokens.tenant(request.headers)
            throw ProblemDetails.notFound
        case .otherMethods(let methods): throw ProblemDetails.methodNotAllowed(methods)
        case .route(let route, let parameters):
            outcome.route = route.path
            let tenant = route.access == .tenants ? try tokens.tenant(request.headers) : .nobody
            outcome.tenant = tenant.name
            if operation.isDraining, route.access != .everybody { throw ProblemDetails.draining }
            let exchange = Exchange(request: request, parameters: parameters, query: target.query, tenant: tenant)
            return try await route.handler(exchange)
        }
    }

    private func addHeaders(to response: inout Response) {
        // Answers have output of programs in them, which no browser may take for a page.
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    private func log(_ request: Request, _ response: Response, _ outcome: Outcome, _ time: Duration) {
        let isFailure = response.status.code >= 500
        var metadata: Logger.Metadata = [
            "method": "\(request.method.rawValue.prefix(16))", "route": "\(outcome.route)",
            "status": "\(response.status.code)",
            "ms": "\(time.components.seconds * 1_000 + time.components.attoseconds / 1_000_000_000_000_000)",
        ]
        if !outcome.tenant.isEmpty { metadata["tenant"] = "\(outcome.tenant)" }
        if let problem = outcome.problem { metadata["problem"] = "\(problem)" }
        logger.log(level: isFailure ? .warning : .info, "request", metadata: metadata)
    }
}

extension HTTPField.Name {
    /// The Host header, of which the first one is the authority of a request, so that a field of this name is a second one.
    fileprivate static let secondHost = HTTPField.Name("Host") ?? .origin
}
