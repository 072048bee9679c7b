// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Logging
import ServiceLifecycle
import Terrarium
import TerrariumService

/// A pool among the services of a server: SIGTERM lets it serve what was asked for, and refuse what comes after.
@main
struct ServiceExample {
    /// Stands for a server: it asks for a few runs, and then for the end.
    struct Client: Service {
        let pool: SandboxPool

        func run() async throws {
            for number in 1...3 {
                print(
                    "\(number) squared:",
                    try await pool.run(Program("\(number) ** 2"), tenant: "someone").value ?? ""
                )
            }
        }
    }

    static func main() async throws {
        let logger = Logger(label: "service") { StreamLogHandler.standardError(label: $0) }
        let pool = SandboxPool(try await Image.python())
        // Metrics go to what MetricsSystem.bootstrap was given.
        pool.report(to: logger)
        let configuration = ServiceGroupConfiguration(
            services: [
                .init(service: SandboxPoolService(pool)),
                .init(service: Client(pool: pool), successTerminationBehavior: .gracefullyShutdownGroup),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await ServiceGroup(configuration: configuration).run()
        print("\(pool.statistics.succeeded) runs in all")
    }
}
