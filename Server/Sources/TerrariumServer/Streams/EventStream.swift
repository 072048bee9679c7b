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
        let connection = Connection.current
        let body = ResponseBody { writer in
            let reader = await log.attach(after: number)
            let token = connection?.onGone { Task { await log.detach(reader) } }
            let beats = Task {
                while (try? await Task.sleep(for: heartbeat)) != nil { await log.wake(reader) }
            }
            defer {
                beats.cancel()
                token.map { connection?.forget($0) }
                Task { await log.detach(reader) }
            }
            loop: while true {
                switch await log.next(reader) {
                case .event(let event):
                    let head = "event: \(event.name)\nid: \(run).\(event.number)\ndata: "
                    // JSON text has no line breaks, so that it is one line of the stream.
                    try await writer.write(ByteBuffer(bytes: Array(head.utf8) + event.data + Array("\n\n".utf8)))
                case .gap(let first):
                    try await writer.write(ByteBuffer(string: "event: gap\ndata: {\"first\":\(first)}\n\n"))
                case .nothing: try await writer.write(ByteBuffer(string: ":\n\n"))
                case .end: break loop
                }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: contentType, .cacheControl: "no-store", .accelBuffering: "no"],
            body: body
        )
    }
}
