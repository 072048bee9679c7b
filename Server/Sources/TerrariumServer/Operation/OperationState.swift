// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ServiceLifecycle
import Synchronization

/// The server's own state: whether it takes requests.
final class OperationState: Sendable {
    private let draining = Atomic(false)

    /// A Boolean value that tells whether the server is about to end, and takes no more requests.
    var isDraining: Bool { draining.load(ordering: .acquiring) }

    func startDraining() { draining.store(true, ordering: .releasing) }
}

/// Says no to new requests when the server is told to end, before its socket is closed.
struct DrainService: Service {
    let state: OperationState
    /// The time for which the server goes on to say no, so that a load balancer learns of it.
    let delay: Duration

    func run() async throws {
        try? await gracefulShutdown()
        state.startDraining()
        if delay > .zero { try? await Task.sleep(for: delay) }
    }
}
