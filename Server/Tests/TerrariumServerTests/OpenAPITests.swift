// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import HTTPTypes
import Testing

@testable import TerrariumServer

/// The document that describes the server, compared with the server.
@Suite(.timeLimit(.minutes(2)))
struct OpenAPITests {
    /// The paths of the document, as the server answers it.
    private func paths(_ server: TestServer) async throws -> [String: [String: Any]] {
        let answer = try await server.send("GET", "/openapi.json")
        #expect(answer.headers["content-type"] == "application/json")
        let document = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return try #require(document?["paths"] as? [String: [String: Any]])
    }

    @Test("The document has all routes, and no others")
    func routes() async throws {
        try await TestServer.with { server in
            var described: Set<String> = []
            for (path, operations) in try await paths(server) {
                for (method, operation) in operations where method != "parameters" {
                    described.insert("\(method.uppercased()) \(path)")
                    let responses = (operation as? [String: Any])?["responses"] as? [String: Any]
                    #expect(responses?["default"] != nil, "\(path)")
                }
            }
            let answered = server.application.table.routes.map { route in
                "\(route.method.rawValue) \(route.path.replacing("{+", with: "{"))"
            }
            #expect(described == Set(answered))
            #expect(answered.count == Set(answered).count)
        }
    }

    @Test("The parameters of each path are declared")
    func parameters() async throws {
        try await TestServer.with { server in
            for (path, operations) in try await paths(server) {
                let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
                let declared = (operations["parameters"] as? [[String: String]] ?? []).compactMap { parameter in
                    parameter["$ref"]?.split(separator: "/").last?.lowercased()
                }
                #expect(declared == names.map { $0.lowercased() }, "\(path)")
            }
        }
    }
}
