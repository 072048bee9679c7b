// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

public import ServiceLifecycle
public import Terrarium

/// A pool among the services of an application.
///
///     let pool = SandboxPool(image, functions: functions)
///     pool.report(to: logger)
///     let group = ServiceGroup(
///         services: [SandboxPoolService(pool), server],
///         gracefulShutdownSignals: [.sigterm],
///         logger: logger
///     )
///     try await group.run()
///
/// A server that uses the pool comes after it in the list, so that it is shut down before.
public struct SandboxPoolService: Service {
    private let pool: SandboxPool

    /// Makes a service of a pool.
    public init(_ pool: SandboxPool) {
        self.pool = pool
    }

    /// Waits for the group to shut down, then refuses further requests and serves those that were made before.
    ///
    /// If the task is cancelled instead, programs that run are not: their own tasks decide.
    ///
    /// See [ServiceLifecycle](https://swiftpackageindex.com/swift-server/swift-service-lifecycle/documentation/servicelifecycle).
    public func run() async throws {
        // A cancelled wait ends as well.
        try? await gracefulShutdown()
        await pool.shutDown()
    }
}
