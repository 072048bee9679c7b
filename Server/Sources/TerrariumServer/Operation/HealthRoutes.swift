// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Hummingbird
import Terrarium

/// `/healthz` and `/readyz`, for whoever watches over the server, which tell nothing of tenants.
struct HealthRoutes: Sendable {
    let operation: OperationState

    var routes: [Route] {
        [
            Route(.get, "/healthz", access: .everybody) { _ in .json(["status": "ok"]) },
            Route(.get, "/readyz", access: .everybody, ready),
        ]
    }

    @Sendable private func ready(_ exchange: Exchange) async throws -> Response {
        guard !operation.isDraining else { throw ProblemDetails.draining }
        return .json(["status": "ready"])
    }
}
