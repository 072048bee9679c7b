// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension SandboxPool {
    /// The bounds of a pool.
    public struct Configuration: Sendable, Hashable, Codable {
        /// The number of sandboxes that are in use at once; default 16.
        ///
        /// Each takes memory up to its limits.
        public var maxSandboxes = 16
        /// The number of sandboxes that one tenant uses at once; default `nil` for no other bound than all.
        public var maxSandboxesPerTenant: Int?
        /// The number of requests that wait for a sandbox; default 1,000.
        ///
        /// Those beyond are refused at once.
        public var maxWaiting = 1_000
        /// The time that a request waits for a sandbox; default `nil` for no bound.
        ///
        /// Then it is refused.
        public var acquireTimeout: Duration?
        /// The number of sandboxes that are kept ready, their interpreter alive and told about the functions; default 2.
        public var warmSandboxes = 2
        /// The time without requests after which the ready sandboxes are dropped; default `nil` for never.
        ///
        /// The next request makes others ready.
        public var idleTimeout: Duration?

        /// Makes the default bounds.
        public init() {}
    }

    /// The work of a pool at the moment, and since it was made.
    public struct Statistics: Sendable, Hashable, Codable {
        /// Sandboxes that are in use.
        public internal(set) var running = 0
        /// Requests that wait for a sandbox.
        public internal(set) var waiting = 0
        /// Sandboxes that are ready.
        public internal(set) var warm = 0
        /// Requests that got a sandbox.
        public internal(set) var started = 0
        /// Requests whose closure returned.
        public internal(set) var succeeded = 0
        /// Requests whose closure threw.
        public internal(set) var failed = 0
        /// Requests that were refused, because too many waited, they waited too long, or the pool was shut down.
        public internal(set) var refused = 0
        /// The time that requests waited for a sandbox, all together.
        public internal(set) var waitingTime = Duration.zero
    }

    /// An event in a pool.
    package enum Event: Sendable {
        /// A request got a sandbox.
        case started(waited: Duration)
        /// The closure of a request returned or threw.
        case ended(Duration, (any Error)?)
        /// A request was refused.
        case refused
        /// One more sandbox is ready.
        case prepared
        case shutDownBegan
        case shutDownEnded
    }

    /// A closure that is called for each event, with the statistics after it.
    package typealias Observer = @Sendable (Event, Statistics) -> Void
}
