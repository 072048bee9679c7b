// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Hummingbird
import Terrarium

/// `/v1/runs`: programs in fresh sandboxes that nobody sees again.
struct RunRoutes: Sendable {
    let runner: ProgramRunner
    let idempotency: IdempotencyTable
    let maxBodyBytes: Int

    var routes: [Route] { [Route(.post, "/v1/runs", run)] }

    @Sendable private func run(_ exchange: Exchange) async throws -> Response {
        var (object, body) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let request = RunRequest(&object, bounds: runner.bounds)
        try object.end()
        let tenant = exchange.tenant
        return try await idempotency.once(exchange, body) {
            .json(try await runner.run(request, tenant: tenant).value)
        }
    }
}
