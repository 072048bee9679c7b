// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Hummingbird
import NIOCore

/// `/openapi.json`: the description of the server for programs.
struct OpenAPIRoutes: Sendable {
    /// The document.
    static let document = ByteBuffer(bytes: PackageResources.openapi_json)

    var routes: [Route] {
        [
            Route(.get, "/openapi.json", access: .everybody) { _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: Self.document)
                )
            }
        ]
    }
}
