// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import ServiceLifecycle
import Synchronization
import Terrarium

/// The sessions of all tenants, a bounded number of them, each until nobody has used it for its time to live.
final class SessionRegistry: Sendable {
    /// The bounds on sessions.
    struct Bounds: Sendable {
        var maxSessions = 10_000
        var maxSessionsPerTenant = 100
        var maxSecondsToLive = 7.0 * 86_400
        /// The bytes that the states of a tenant's sessions may take.
        var maxStoredBytesPerTenant = 1 << 30
        /// The time for which a session stays awake when nobody uses it.
        var awakeTime = Duration.seconds(30)
    }

    fileprivate struct State {
        var sessions: [String: ServerSession] = [:]
        /// The number of sessions that exist or are being made, by tenant.
        var counts: [Tenant: Int] = [:]
        var lastSerial = 0
    }

    let bounds: Bounds
    private let quotas: QuotaTable
    private let state = Mutex(State())

    init(bounds: Bounds, quotas: QuotaTable) {
        self.bounds = bounds
        self.quotas = quotas
    }

    /// The session with a name.
    ///
    /// - Throws: ``ProblemDetails`` if the tenant has none of that name, whoever else may have one.
    func session(_ id: String, of tenant: Tenant) throws -> ServerSession {
        let session = state.withLock { $0.sessions[id] }
        guard let session, session.tenant == tenant, !session.isExpired else { throw ProblemDetails.notFound }
        session.touch()
        return session
    }

    /// The session that the path of a request names.
    ///
    /// - Throws: ``ProblemDetails`` if the tenant has none of that name.
    func session(_ exchange: Exchange) throws -> ServerSession {
        try session(exchange["session"], of: exchange.tenant)
    }

    /// The session with a name, whoever has it, for requests that prove in another way that they may use it.
    func session(_ id: String) -> ServerSession? {
        state.withLock { $0.sessions[id] }.flatMap { $0.isExpired ? nil : $0 }
    }

    /// A page of a tenant's sessions, those made last first.
    ///
    /// - Parameters:
    ///   - tenant: The tenant.
    ///   - cursor: The place after which the page starts.
    ///   - limit: The largest number of sessions.
    /// - Returns: The sessions, and the place after which the next page starts, if there is one.
    func page(of tenant: Tenant, after cursor: Int?, limit: Int) -> (sessions: [ServerSession], next: Int?) {
        let all = state.withLock { state in
            state.sessions.values.filter { $0.tenant == tenant && $0.serial < cursor ?? .max && !$0.isExpired }
        }
        let page = all.sorted { $0.serial > $1.serial }.prefix(limit)
        return (Array(page), all.count > page.count ? page.last?.serial : nil)
    }

    /// Refuses what would store more, if a tenant has used up its bytes.
    ///
    /// - Throws: ``ProblemDetails``.
    func checkStoredBytes(of tenant: Tenant) throws {
        let sessions = state.withLock { state in state.sessions.values.filter { $0.tenant == tenant } }
        let used = sessions.reduce(0) { $0 + $1.storedBytes }
        let allowed = quotas[tenant].storedBytes ?? bounds.maxStoredBytesPerTenant
        guard used < allowed else { throw ProblemDetails.quota("stored_bytes", used: used, allowed: allowed) }
    }

    /// Adds sessions that a closure makes of their names and places.
    ///
    /// - Throws: ``ProblemDetails`` if there are too many, and the closure's errors.
    func add(
        _ count: Int,
        of tenant: Tenant,
        _ make: (_ id: String, _ serial: Int) async throws -> ServerSession
    ) async throws -> [ServerSession] {
        try await removeExpired()
        try checkStoredBytes(of: tenant)
        let first = try reserve(count, of: tenant)
        var sessions: [ServerSession] = []
        do {
            for index in 0..<count { sessions.append(try await make(Self.newID(), first + index)) }
        } catch {
            state.withLock { $0.counts[tenant, default: 0] -= count }
            throw error
        }
        state.withLock { state in
            for session in sessions { state.sessions[session.id] = session }
        }
        return sessions
    }

    private func reserve(_ count: Int, of tenant: Tenant) throws -> Int {
        try state.withLock { state in
            let used = state.counts[tenant, default: 0]
            let allowed = quotas[tenant].sessions ?? bounds.maxSessionsPerTenant
            guard used + count <= allowed else {
                throw ProblemDetails.quota("sessions", used: used, allowed: allowed)
            }
            guard state.counts.values.reduce(0, +) + count <= bounds.maxSessions else {
                throw ProblemDetails.overloaded("There are too many sessions.")
            }
            state.counts[tenant] = used + count
            state.lastSerial += count
            return state.lastSerial - count + 1
        }
    }

    /// Ends a session, whatever runs in it.
    func remove(_ session: ServerSession) async throws {
        let removed = state.withLock { state in
            let removed = state.sessions.removeValue(forKey: session.id)
            if removed != nil { state.release(session.tenant) }
            return removed
        }
        try await removed?.remove()
    }

    /// Ends the sessions that nobody has used for their time to live.
    func removeExpired() async throws {
        let expired = state.withLock { $0.sessions.values.filter(\.isExpired) }
        for session in expired { try await remove(session) }
    }

    /// Lets sessions sleep that nobody uses.
    func sleepIdle() async {
        let awake = state.withLock { state in
            state.sessions.values.filter { $0.awakeSandbox != nil && $0.idleTime >= bounds.awakeTime }
        }
        for session in awake { await session.sleep(after: bounds.awakeTime) }
    }

    /// Takes over the sessions of a server that ended.
    ///
    /// - Throws: The errors of the store.
    func load(_ environment: ServerSession.Environment) async throws {
        let sessions = try await environment.store.records().map {
            try ServerSession($0, environment: environment)
        }
        state.withLock { state in
            for session in sessions {
                state.sessions[session.id] = session
                state.counts[session.tenant, default: 0] += 1
                state.lastSerial = max(state.lastSerial, session.serial)
            }
        }
    }

    /// A name that nobody can guess: 128 random bits.
    private static func newID() -> String { "s_" + RandomDigits.hexadecimal(bits: 128) }
}

extension SessionRegistry.State {
    fileprivate mutating func release(_ tenant: Tenant) {
        let count = counts[tenant, default: 0] - 1
        counts[tenant] = count > 0 ? count : nil
    }
}

/// Ends sessions that nobody uses, for as long as the server lives.
struct SessionSweeper: Service {
    let registry: SessionRegistry
    var interval = Duration.seconds(5)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: interval)
                try await registry.removeExpired()
                await registry.sleepIdle()
            }
        }
    }
}

extension ProblemDetails {
    static func quota(_ limit: String, used: Int, allowed: Int) -> ProblemDetails {
        var problem = ProblemDetails(.tooManyRequests, "quota", "A quota of the tenant is used up.")
        problem.members = [
            ("limit", PythonValue(limit)), ("used", PythonValue(used)), ("allowed", PythonValue(allowed)),
        ]
        problem.retryAfter = 10
        return problem
    }
}
