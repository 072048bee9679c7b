// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import Terrarium

/// Bounds the size of a request and the time in which it arrives, answers what is no HTTP, and notes when the client goes away.
final class RequestBoundsHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connection: Connection
    private let limits: ConnectionChannel.Limits
    private var deadline: Scheduled<Void>?
    private var bodyBytes = 0
    private var requestsInProgress = 0
    private var closesAfterResponse = false
    private var isRefused = false

    init(_ connection: Connection, limits: ConnectionChannel.Limits) {
        self.connection = connection
        self.limits = limits
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        connection.clientIsGone()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that sends no more, and waits for nothing, has gone; one that waits is not told from it.
        if case .inputClosed? = event as? ChannelEvent { connection.clientIsGone() }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            requestsInProgress += 1
            bodyBytes = 0
            startDeadline(context)
            if head.headerFields[.expect]?.lowercased() == "100-continue", mayContinue(head) {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let bytes):
            // No route takes more. Whoever reads the body learns so from the first bytes beyond; the rest is dropped, since a
            // client that is cut off while it sends does not read the answer.
            guard bodyBytes <= limits.bodyBytes else { return }
            bodyBytes += bytes.readableBytes
        case .end:
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    private func mayContinue(_ head: HTTPRequest) -> Bool {
        guard let length = head.headerFields[.contentLength] else { return true }
        return Int(length).map { $0 <= limits.bodyBytes } ?? false
    }

    private func startDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.requestTime) { [weak self] in
            self?.refuse(context)
        }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        isRefused = true
        context.close(promise: nil)
    }

    // MARK: - Responses

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headerFields[.connection]?.lowercased() == "close" { closesAfterResponse = true }
            context.write(data, promise: promise)
        case .end:
            requestsInProgress -= 1
            guard closesAfterResponse else { return context.write(data, promise: promise) }
            isRefused = true
            context.writeAndFlush(data, promise: promise)
            // Nothing more is taken. The client may still send, and has a moment to read the answer.
            context.close(mode: .output, promise: nil)
            deadline?.cancel()
            deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { context.close(promise: nil) }
        case .body: context.write(data, promise: promise)
        }
    }

    // MARK: - What is no HTTP

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, requestsInProgress == 0, !isRefused else {
            return context.fireErrorCaught(error)
        }
        isRefused = true
        var problem = ProblemDetails.invalidRequest("The request is no HTTP/1.1.")
        if error == .headerOverflow {
            problem = ProblemDetails(.requestHeaderFieldsTooLarge, "too-large", "The headers are too large.")
        }
        problem.closesConnection = true
        let response = problem.response
        let body = ByteBuffer(bytes: (try? problem.body.json()) ?? [])
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: response.status, headerFields: response.headers))),
            promise: nil
        )
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}
