// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Hummingbird
import NIOCore

/// An answer of server-sent events.
enum EventStream {
    /// The time after which a comment is sent if there is nothing else, so that nobody on the way takes the stream for dead.
    private static let heartbeat = Duration.seconds(15)

    static let contentType = "text/event-stream"

    /// Returns whether a client asks for events.
    static func isWanted(_ exchange: Exchange) -> Bool {
        exchange.header(.accept)?.lowercased().split(separator: ",").contains { range in
            range.split(separator: ";").first?.filter { $0 != " " } == contentType
        } ?? false
    }

    /// The number after which a client wants to go on, of the form `RUN.EVENT`.
    static func lastEvent(_ exchange: Exchange, run: Int) throws -> Int {
        guard let text = exchange.header(.lastEventID), !text.isEmpty else { return 0 }
        let parts = text.split(separator: ".")
        guard parts.count == 2, Int(parts[0]) == run, let number = Int(parts[1]), number >= 0 else {
            throw ProblemDetails.invalidRequest("The Last-Event-ID is none of this run.")
        }
        return number
    }

    /// Makes the answer that has the events of a run.
    static func response(_ log: RunLog, run: Int, after number: Int) -> Response {
        let body = body(log, after: number) { next in
            switch next {
            case .event(let event):
                let head = "event: \(event.name)\nid: \(run).\(event.number)\ndata: "
                // JSON text has no line breaks, so that it is one line of the stream.
                return Array(head.utf8) + event.data + Array("\n\n".utf8)
            case .gap(let first): return Array("event: gap\ndata: {\"first\":\(first)}\n\n".utf8)
            case .nothing: return Array(":\n\n".utf8)
            case .end: return []
            }
        }
        return Response(
            status: .ok,
            headers: [.contentType: contentType, .cacheControl: "no-store", .accelBuffering: "no"],
            body: body
        )
    }

    /// Makes a body of a run's events, as they come.
    ///
    /// - Parameters:
    ///   - log: The events.
    ///   - number: The number of the event after which the body begins.
    ///   - heartbeat: The time after which `encode` is asked for something to send while there is nothing.
    ///   - onGone: Is called if the client goes away before the end.
    ///   - encode: Makes bytes of what is next.
    /// - Returns: The body.
    static func body(
        _ log: RunLog,
        after number: Int = 0,
        heartbeat: Duration = heartbeat,
        onGone: @escaping @Sendable () -> Void = {},
        encode: @escaping @Sendable (RunLog.Next) -> [UInt8]
    ) -> ResponseBody {
        let connection = Connection.current
        return ResponseBody { writer in
            let reader = await log.attach(after: number)
            let token = connection?.onGone {
                onGone()
                Task { await log.detach(reader) }
            }
            let beats = Task {
                while (try? await Task.sleep(for: heartbeat)) != nil { await log.wake(reader) }
            }
            defer {
                beats.cancel()
                token.map { connection?.forget($0) }
                Task { await log.detach(reader) }
            }
            while true {
                let next = await log.next(reader)
                if case .end = next { break }
                let bytes = encode(next)
                if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
            }
            try await writer.finish(nil)
        }
    }
}
