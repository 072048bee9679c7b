// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird

/// A method of a resource.
struct Route: Sendable {
    /// The requirement that a request must meet.
    enum Access: Sendable {
        /// Everybody may ask.
        case everybody
        /// A tenant's token is needed, if the server has tokens.
        case tenants
        /// The handler looks itself for a token, which is that of a session.
        case sessions
    }

    typealias Handler = @Sendable (Exchange) async throws -> Response

    let method: HTTPRequest.Method
    /// The path, with names of parameters in braces: `{id}` for one segment, `{+path}` for all that follow.
    let path: String
    let access: Access
    let handler: Handler
    private let segments: [Segment]

    private enum Segment: Sendable {
        case text(String)
        case parameter(String)
        case rest(String)
    }

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        access: Access = .tenants,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.handler = handler
        segments = path.split(separator: "/").map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .text(String(segment)) }
            let name = segment.dropFirst().dropLast()
            return name.hasPrefix("+") ? .rest(String(name.dropFirst())) : .parameter(String(name))
        }
    }

    /// The values of the parameters, if the decoded segments of a path are those of the route.
    func match(_ path: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            if case .rest(let name) = segment {
                guard index < path.count else { return nil }
                parameters[name] = path[index...].joined(separator: "/")
                return parameters
            }
            guard index < path.count else { return nil }
            switch segment {
            case .text(let text): guard text == path[index] else { return nil }
            case .parameter(let name):
                guard !path[index].isEmpty else { return nil }
                parameters[name] = path[index]
            case .rest: break
            }
        }
        return path.count == segments.count ? parameters : nil
    }
}

/// All that the server answers.
struct RouteTable: Sendable {
    /// The routes that the OpenAPI document describes.
    let routes: [Route]
    /// The routes of protocols that others describe.
    var foreignRoutes: [Route] = []

    enum Match {
        case route(Route, parameters: [String: String])
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    func match(_ method: HTTPRequest.Method, _ path: [String]) -> Match {
        var methods: [HTTPRequest.Method] = []
        for route in routes + foreignRoutes {
            guard let parameters = route.match(path) else { continue }
            if route.method == method { return .route(route, parameters: parameters) }
            methods.append(route.method)
        }
        return methods.isEmpty ? .nothing : .otherMethods(methods)
    }
}
