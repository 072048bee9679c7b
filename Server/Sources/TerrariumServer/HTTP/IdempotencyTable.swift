// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// The answers to requests with an `Idempotency-Key`, so that a request that is sent again is done once.
///
/// Answers are kept for a day, as far as a tenant's bytes last; the oldest go first.
final class IdempotencyTable: Sendable {
    /// An answer as it was sent.
    fileprivate struct Answer: Sendable {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let body: ByteBuffer
    }

    fileprivate struct Entry: Sendable {
        let digest: [UInt8]
        let madeAt: ContinuousClock.Instant
        var answer: Answer?
        var byteCount: Int { 200 + (answer?.body.readableBytes ?? 0) }
    }

    fileprivate struct Entries {
        var entries: [String: Entry] = [:]
        /// The keys, oldest first.
        var order: [String] = []
        var byteCount = 0
    }

    private static let maxKeyBytes = 255
    private static let lifetime = Duration.seconds(86_400)
    private let maxBytes: Int
    private let state = Mutex<[Tenant: Entries]>([:])

    init(maxBytesPerTenant: Int = 16 << 20) {
        maxBytes = maxBytesPerTenant
    }

    /// Does a request, unless it has been done.
    ///
    /// - Parameters:
    ///   - exchange: The request.
    ///   - body: Its body.
    ///   - perform: Does it; in a task that goes on when the client goes away, since the client will ask again.
    /// - Returns: The answer.
    /// - Throws: ``ProblemDetails`` if the key is of another request, or the request is under way; the errors of the closure,
    ///   which are not kept.
    func once(
        _ exchange: Exchange,
        _ body: [UInt8],
        _ perform: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        guard let key = exchange.header(.idempotencyKey) else { return try await whileClientIsThere(perform) }
        guard (1...Self.maxKeyBytes).contains(key.utf8.count) else {
            throw ProblemDetails.invalidRequest("An Idempotency-Key has 1 to \(Self.maxKeyBytes) bytes.")
        }
        let name = exchange.tenant
        let digest = SHA256Digest.of(Array((exchange.request.head.path ?? "").utf8) + [0] + body)
        if let known = try state.withLock({ try $0[name, default: Entries()].begin(key, digest, Self.lifetime) }) {
            var response = Response(status: known.status, headers: known.headers, body: .init(byteBuffer: known.body))
            response.headers[.idempotencyReplayed] = "true"
            return response
        }
        return try await Task { [self] in
            do {
                let response = try await perform()
                let body = try await Self.bytes(of: response)
                let answer = Answer(status: response.status, headers: response.headers, body: body)
                state.withLock { $0[name, default: Entries()].end(key, answer, maxBytes: maxBytes) }
                return Response(status: response.status, headers: response.headers, body: .init(byteBuffer: body))
            } catch {
                state.withLock { $0[name]?.remove(key) }
                throw error
            }
        }.value
    }

    private static func bytes(of response: Response) async throws -> ByteBuffer {
        let collected = BodyCollector()
        try await response.body.write(collected)
        return collected.bytes
    }

    /// Takes the body of an answer that is all there.
    private final class BodyCollector: ResponseBodyWriter, Sendable {
        private let buffer = Mutex(ByteBuffer())

        var bytes: ByteBuffer { buffer.withLock { $0 } }

        func write(_ bytes: ByteBuffer) async throws {
            buffer.withLock { _ = $0.writeImmutableBuffer(bytes) }
        }

        consuming func finish(_ trailers: HTTPFields?) async throws {}
    }
}

extension IdempotencyTable.Entries {
    /// Notes a request.
    ///
    /// - Returns: The answer, if the request has been done.
    fileprivate mutating func begin(
        _ key: String,
        _ digest: [UInt8],
        _ lifetime: Duration
    ) throws -> IdempotencyTable.Answer? {
        while let oldest = order.first, let entry = entries[oldest], ContinuousClock.now - entry.madeAt > lifetime {
            remove(oldest)
        }
        if let entry = entries[key] {
            guard entry.digest == digest else {
                throw ProblemDetails(
                    .unprocessableContent,
                    "idempotency-mismatch",
                    "The Idempotency-Key is of another request."
                )
            }
            guard let answer = entry.answer else {
                var problem = ProblemDetails(.conflict, "idempotency-in-progress", "The request is under way.")
                problem.retryAfter = 1
                throw problem
            }
            return answer
        }
        let entry = IdempotencyTable.Entry(digest: digest, madeAt: .now)
        entries[key] = entry
        order.append(key)
        byteCount += entry.byteCount
        return nil
    }

    fileprivate mutating func end(_ key: String, _ answer: IdempotencyTable.Answer, maxBytes: Int) {
        guard var entry = entries[key] else { return }
        byteCount -= entry.byteCount
        entry.answer = answer
        byteCount += entry.byteCount
        entries[key] = entry
        while byteCount > maxBytes, let oldest = order.first(where: { entries[$0]?.answer != nil }) { remove(oldest) }
    }

    fileprivate mutating func remove(_ key: String) {
        if let entry = entries.removeValue(forKey: key) { byteCount -= entry.byteCount }
        order.removeAll { $0 == key }
    }
}
