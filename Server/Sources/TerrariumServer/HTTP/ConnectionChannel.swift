// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// The way in which the server speaks with its clients: HTTP/1.1 with bounds on all that a client sends.
struct ConnectionChannel: HTTPChannelHandler {
    /// The bounds of a connection.
    struct Limits: Sendable {
        var headerBytes = 32 << 10
        var headerCount = 100
        /// The largest body of any route; each route bounds its own further.
        var bodyBytes = 16 << 20
        /// The longest time in which a request must arrive, from its first header to the last byte of its body.
        var requestTime = TimeAmount.seconds(60)
        /// The longest time that a connection stays open between requests, or until the first one is there.
        var idleTime = TimeAmount.seconds(75)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let parts: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
        let connection: Connection
    }

    let responder: Responder
    let limits: Limits

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            decoderLimits.maxHeaderFieldSize = limits.headerBytes
            decoderLimits.maxHeaderListSize = limits.headerBytes
            decoderLimits.maxHeaderFieldCount = limits.headerCount
            let connection = Connection(clientAddress: channel.remoteAddress?.ipAddress ?? "")
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,
                withErrorHandling: false,
                withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoderLimits
            )
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(RequestBoundsHandler(connection, limits: limits))
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: .init(limits.idleTime), logger: logger))
            return Value(
                channel: channel,
                parts: try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                ),
                connection: connection
            )
        }
    }

    func handle(value: Value, logger: Logger) async {
        await Connection.$current.withValue(value.connection) {
            await handleHTTP(asyncChannel: value.parts, logger: logger)
        }
    }
}
