// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The quotas of a tenant; what is `nil` has no bound but the server's.
struct TenantQuota: Sendable, Hashable {
    /// The number of times in a minute that a program may run, or another request may use a sandbox.
    var requestsPerMinute: Int?
    /// The seconds in an hour for which the tenant's requests may use sandboxes, all together.
    var secondsPerHour: Int?
    /// The number of sessions.
    var sessions: Int?
    /// The bytes that all states of the sessions may take.
    var storedBytes: Int?

    /// Reads a quota of the form `NAME=NUMBER`.
    ///
    /// - Returns: False if there is no such quota, or the number is none.
    mutating func read(_ text: Substring) -> Bool {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[1]), (0...1_000_000_000).contains(number) else { return false }
        switch parts[0] {
        case "requests-per-minute": requestsPerMinute = number
        case "seconds-per-hour": secondsPerHour = number
        case "sessions": sessions = number
        case "stored": storedBytes = number << 20
        default: return false
        }
        return true
    }
}
