// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A connection with one client over a stream of lines, such as standard input and output.
///
/// The first request says which era of the protocol the connection is of.
package actor MCPConnection {
    /// The bounds of a connection.
    package struct Limits: Sendable {
        /// The largest size of a message, in bytes.
        package var lineBytes = 32 << 20
        /// The largest number of requests that are under way.
        package var requests = 64

        package init() {}
    }

    private enum Era {
        case legacy(MCPRevision)
        case modern
    }

    private let service: MCPService
    private let limits: Limits
    private let send: @Sendable ([UInt8]) async -> Void
    private var era: Era?
    private var running: [PythonValue: Task<Void, Never>] = [:]
    private var lines: LineBuffer
    private var isFinished = false

    /// Makes a connection.
    ///
    /// - Parameters:
    ///   - service: What answers the requests.
    ///   - limits: The bounds of the connection.
    ///   - send: Sends a line, one after the other.
    package init(
        _ service: MCPService,
        limits: Limits = Limits(),
        send: @escaping @Sendable ([UInt8]) async -> Void
    ) {
        self.service = service
        self.limits = limits
        self.send = send
        lines = LineBuffer(maxBytes: limits.lineBytes)
    }

    /// Takes bytes of the client.
    package func receive(_ bytes: [UInt8]) async {
        for line in lines.add(bytes) {
            switch line {
            case .complete(let line): await take(line)
            case .tooLong:
                let error = MCPError.invalidRequest("A message may have \(limits.lineBytes) bytes.")
                await send(error.response(to: nil))
            }
        }
    }

    /// Ends the connection: cancels the requests that are under way, and waits for them.
    ///
    /// - Parameter patience: How long requests may go on before they are cancelled.
    package func finish(patience: Duration = .zero) async {
        isFinished = true
        let end = ContinuousClock.now + patience
        while !running.isEmpty, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(10)) }
        let tasks = running.values
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Cancels all requests that are under way.
    package func cancelAll() {
        isFinished = true
        for task in running.values { task.cancel() }
    }

    // MARK: - Messages

    private func take(_ line: [UInt8]) async {
        switch Result(catching: { () throws(MCPMessage.Malformed) in try MCPMessage(line) }) {
        case .failure(let malformed): await send(malformed.error.response(to: malformed.id))
        case .success(.response): break
        case .success(.notification(let method, let parameters)):
            // In both eras the id that stands here is that of a request of the same client.
            if method == "notifications/cancelled", let id = parameters["requestId"] { running[id]?.cancel() }
        case .success(.request(let request)):
            do throws(MCPError) {
                begin(request, try revision(of: request))
            } catch {
                await send(error.response(to: request.id))
            }
        }
    }

    /// The revision of a request, which must be of the connection's era and may be taken now.
    private func revision(of request: MCPRequest) throws(MCPError) -> MCPRevision {
        guard !isFinished else { throw .invalidRequest("The connection ends.") }
        guard running[request.id] == nil else { throw .invalidRequest("A request with this id is under way.") }
        guard running.count < limits.requests else { throw .overloaded(running.count) }
        if let declared = request.declaredRevision {
            guard declared == MCPRevision.modern.name else {
                throw .unsupportedRevision(declared, supported: [.modern])
            }
            if case .legacy? = era { throw .invalidRequest("The connection began with initialize.") }
            era = .modern
            return .modern
        }
        if case .modern? = era {
            if request.method == "initialize" {
                throw .unsupportedRevision(
                    request.parameters["protocolVersion"]?.string ?? "",
                    supported: [.modern]
                )
            }
            throw .invalidParameters("A request has _meta[\"io.modelcontextprotocol/protocolVersion\"].")
        }
        if request.method == "initialize" {
            guard let wanted = request.parameters["protocolVersion"]?.string else {
                throw .invalidParameters("initialize needs a protocolVersion.")
            }
            let revision = MCPRevision.legacy.first { $0.name == wanted } ?? .newestLegacy
            era = .legacy(revision)
            return revision
        }
        guard case .legacy(let revision)? = era else {
            // A client that only looks whether somebody is there has not decided yet.
            guard request.method == "ping" else { throw .invalidRequest("A connection begins with initialize.") }
            return .newestLegacy
        }
        return revision
    }

    private func begin(_ request: MCPRequest, _ revision: MCPRevision) {
        running[request.id] = Task {
            let response = await service.respond(to: request, revision: revision) { [weak self] notification in
                await self?.send(notification)
            }
            // Before the response, so that the client may use the id again when it has it.
            let isCancelled = Task.isCancelled
            running[request.id] = nil
            if let response, !isCancelled { await send(response) }
        }
    }

    private func send(_ message: PythonValue) async {
        await send(MCPMessage.text(message) + [UInt8(ascii: "\n")])
    }
}
