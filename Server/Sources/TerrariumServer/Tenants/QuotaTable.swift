// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The use that tenants make of sandboxes, compared with their quotas.
///
/// Used amounts come back evenly over the minute or the hour.
final class QuotaTable: Sendable {
    /// An amount that is used up and comes back.
    private struct Allowance: Sendable {
        let capacity: Double
        let period: Double
        var left: Double
        var time: ContinuousClock.Instant

        init(_ capacity: Int, period: Double, _ now: ContinuousClock.Instant) {
            self.capacity = Double(capacity)
            self.period = period
            left = self.capacity
            time = now
        }

        mutating func refill(_ now: ContinuousClock.Instant) {
            left = min(capacity, left + (now - time).inSeconds * capacity / period)
            time = now
        }

        /// The seconds after which an amount is left, at most the period.
        func wait(for amount: Double) -> Int {
            guard capacity > 0 else { return Int(period) }
            return max(1, Int(min(period, ((amount - left) * period / capacity).rounded(.up))))
        }
    }

    private struct Usage: Sendable {
        var requests: Allowance?
        var seconds: Allowance?
    }

    private let quotas: [Tenant: TenantQuota]
    private let state: Mutex<[Tenant: Usage]>

    init(_ quotas: [Tenant: TenantQuota]) {
        self.quotas = quotas
        state = Mutex([:])
    }

    subscript(tenant: Tenant) -> TenantQuota { quotas[tenant] ?? TenantQuota() }

    /// Refuses a request of a tenant that has used up its quotas; counts it otherwise, if it is one that uses a sandbox now.
    ///
    /// - Throws: ``ProblemDetails`` with the time after which there is something left.
    func check(_ tenant: Tenant, counts: Bool, now: ContinuousClock.Instant = .now) throws {
        guard let quota = quotas[tenant] else { return }
        try state.withLock { state in
            var usage =
                state[tenant]
                ?? Usage(
                    requests: quota.requestsPerMinute.map { Allowance($0, period: 60, now) },
                    seconds: quota.secondsPerHour.map { Allowance($0, period: 3_600, now) }
                )
            usage.requests?.refill(now)
            usage.seconds?.refill(now)
            defer { state[tenant] = usage }
            if let requests = usage.requests, requests.left < 1 {
                throw Self.problem("requests_per_minute", requests, wait: requests.wait(for: 1))
            }
            if let seconds = usage.seconds, seconds.left <= 0 {
                throw Self.problem("seconds_per_hour", seconds, wait: seconds.wait(for: 1))
            }
            if counts { usage.requests?.left -= 1 }
        }
    }

    /// Notes the time for which a tenant's request used a sandbox.
    func charge(_ tenant: Tenant, _ time: Duration) {
        state.withLock { $0[tenant]?.seconds?.left -= time.inSeconds }
    }

    private static func problem(_ limit: String, _ allowance: Allowance, wait: Int) -> ProblemDetails {
        let used = Int(max(0, allowance.capacity - allowance.left))
        var problem = ProblemDetails.quota(limit, used: used, allowed: Int(allowance.capacity))
        problem.retryAfter = wait
        return problem
    }
}
