// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The settings of a server.
struct ServeConfiguration: Sendable {
    /// A setting that cannot be, with a sentence for the operator.
    struct Invalid: Error, CustomStringConvertible {
        let description: String
    }

    /// The address or name to listen on.
    var host = "127.0.0.1"
    /// The port to listen on; 0 for any.
    var port = 8_000
    var tokens = TokenTable()
    /// The quotas of tenants that have some.
    var quotas: [Tenant: TenantQuota] = [:]
    /// The names that the server has for its clients, besides those of the loopback interface.
    var hosts: [String] = []
    /// The origins of pages of other servers that may use this one.
    var origins: [String] = []

    /// The limits of programs.
    var limits = LimitBounds(standard: Limits(), maxSeconds: 60, maxMemoryBytes: 256 << 20)
    /// The number of programs that run at once, of programs that wait, and of sandboxes that are ready.
    var pool = SandboxPool.Configuration()

    var sessions = SessionRegistry.Bounds()
    /// The file that sessions are kept in; in memory only if `nil`.
    var store: String?
    var connection = ConnectionChannel.Limits()
    var maxConnections = 1_000

    /// The time for which the server says that it is about to end before it ends.
    var drainDelay = Duration.zero
    /// The time that requests have to end once the server is told to.
    var drainTimeout = Duration.seconds(25)

    init() {
        pool.acquireTimeout = .seconds(30)
    }

    /// Refuses settings by which anybody in the network could run programs.
    func validate() throws(Invalid) {
        guard !tokens.isEmpty || LoopbackAddress.isLoopback(host) else {
            throw Invalid(
                description:
                    "Without a token, the server listens on 127.0.0.1, ::1 or localhost only: set TERRARIUM_TOKEN or "
                    + "--token-file to listen on \(host)."
            )
        }
    }
}
