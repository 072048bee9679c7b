// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import TerrariumMCP

/// A service of the Model Context Protocol for each tenant, so that no handle leads to another's session.
actor MCPServices {
    private let image: Image
    private let limits: Limits
    private let maxSessions: Int
    private var services: [Tenant: Task<MCPService, Never>] = [:]

    init(_ image: Image, limits: Limits, maxSessions: Int) {
        self.image = image
        self.limits = limits
        self.maxSessions = maxSessions
    }

    func service(of tenant: Tenant) async -> MCPService {
        if let service = services[tenant] { return await service.value }
        let task = Task {
            var configuration = MCPService.Configuration()
            configuration.maxSessions = maxSessions
            configuration.sharesDefaultSession = false
            return MCPService(base: Sandbox(image, limits: limits), configuration: configuration)
        }
        services[tenant] = task
        return await task.value
    }
}
