// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import NIOCore
import Terrarium
import TerrariumMCP

/// `/mcp`: the Model Context Protocol, in all its revisions, without a session of the transport.
///
/// Each request stands for itself; a session is an argument of a tool. There is nothing to get or to delete.
struct MCPRoutes: Sendable {
    let services: MCPServices
    let runner: ProgramRunner
    let maxBodyBytes: Int

    private static let heartbeat = Duration.seconds(15)

    /// A thing that is said while a request is answered.
    private enum Output: Sendable {
        case notification(PythonValue)
        /// The response; `nil` if there is none, since the request was cancelled.
        case response(PythonValue?)
        /// Nothing, so that nobody on the way takes the stream for dead.
        case beat
    }

    var routes: [Route] { [Route(.post, "/mcp", post)] }

    @Sendable private func post(_ exchange: Exchange) async throws -> Response {
        guard Self.acceptsBoth(exchange) else {
            throw ProblemDetails(
                .notAcceptable,
                "not-acceptable",
                "The client must take both kinds of answers.",
                detail: "Send Accept: application/json, text/event-stream."
            )
        }
        guard exchange.hasJSON else { throw ProblemDetails.unsupportedMediaType("application/json") }
        let body = try await exchange.body(maxBytes: maxBodyBytes)
        let message: MCPHTTPMessage
        do throws(MCPHTTPMessage.Refusal) {
            message = try MCPHTTPMessage(body) { name in
                HTTPField.Name(name).map { exchange.request.headers[values: $0] } ?? []
            }
        } catch {
            return Self.response(error.response, status: error.status)
        }
        guard case .request(let request, let revision) = message else { return Response(status: .accepted) }
        return try await respond(to: request, revision, exchange.tenant)
    }

    /// Returns whether a client takes JSON and streams of events, as the protocol asks of it.
    private static func acceptsBoth(_ exchange: Exchange) -> Bool {
        let ranges = exchange.request.headers[values: .accept].joined(separator: ",").lowercased().split(separator: ",")
            .compactMap { $0.split(separator: ";").first?.filter { $0 != " " } }
        return ranges.contains("*/*")
            || ["application/json", "text/event-stream"].allSatisfy { type in
                ranges.contains(type) || ranges.contains(type.prefix { $0 != "/" } + "/*")
            }
    }

    private func respond(
        to request: MCPRequest,
        _ revision: MCPRevision,
        _ tenant: Tenant
    ) async throws -> Response {
        let (outputs, continuation) = AsyncStream<Output>.makeStream()
        let service = await services.service(of: tenant)
        let task = Task<Void, Never> {
            defer { continuation.finish() }
            let respond = { @Sendable in
                await service.respond(to: request, revision: revision) { continuation.yield(.notification($0)) }
            }
            // Programs take turns with those of other tenants; what runs none does not wait for them.
            guard request.method == "tools/call" else {
                continuation.yield(.response(await respond()))
                return
            }
            do {
                continuation.yield(.response(try await runner.turn(of: tenant) { _ in await respond() }))
            } catch {
                continuation.yield(.response(MCPError.overloaded.response(to: request.id)))
            }
        }
        let connection = Connection.current
        let token = connection?.onGone { task.cancel() }
        let forget = { @Sendable in if let token { connection?.forget(token) } }
        guard request.progressToken != nil else {
            defer { forget() }
            for await case .response(let response) in outputs { return Self.response(response, revision) }
            throw CancellationError()
        }
        // A stream only if there is something to say before the end: clients read JSON of any size, but not so events.
        for await output in outputs {
            guard case .response(let response) = output else {
                return Self.stream(from: output, outputs, continuation: continuation, atEnd: forget)
            }
            forget()
            return Self.response(response, revision)
        }
        throw CancellationError()
    }

    // MARK: - Answers

    private static func response(_ response: PythonValue?, _ revision: MCPRevision) -> Response {
        // Nobody is there who would read it.
        guard let response else { return Response(status: .accepted) }
        return Self.response(response, status: MCPHTTPMessage.status(of: response, revision))
    }

    private static func response(_ response: PythonValue, status: Int) -> Response {
        let bytes = MCPMessage.text(response)
        return Response(
            status: .init(code: status),
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private static func stream(
        from first: Output,
        _ rest: AsyncStream<Output>,
        continuation: AsyncStream<Output>.Continuation,
        atEnd: @escaping @Sendable () -> Void
    ) -> Response {
        let body = ResponseBody { writer in
            let beats = Task {
                while (try? await Task.sleep(for: heartbeat)) != nil { continuation.yield(.beat) }
            }
            defer {
                beats.cancel()
                atEnd()
            }
            try await writer.write(event(first))
            for await output in rest { try await writer.write(event(output)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: EventStream.contentType, .accelBuffering: "no"],
            body: body
        )
    }

    private static func event(_ output: Output) -> ByteBuffer {
        switch output {
        case .notification(let message), .response(let message?):
            ByteBuffer(bytes: Array("event: message\ndata: ".utf8) + MCPMessage.text(message) + Array("\n\n".utf8))
        case .beat, .response(nil): ByteBuffer(string: ":\n\n")
        }
    }
}
