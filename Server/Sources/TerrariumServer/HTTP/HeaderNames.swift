// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes

extension HTTPField.Name {
    // The names are tokens, so that there are such fields.
    static let apiKey = HTTPField.Name("X-API-Key") ?? .authorization
    static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .authorization
    static let accelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .authorization
    static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .authorization
    static let accessToken = HTTPField.Name("X-Access-Token") ?? .authorization
    static let trafficAccessToken = HTTPField.Name("E2B-Traffic-Access-Token") ?? .authorization
    static let sandboxID = HTTPField.Name("E2b-Sandbox-Id") ?? .authorization
    static let nextToken = HTTPField.Name("x-next-token") ?? .authorization
    static let prefer = HTTPField.Name("Prefer") ?? .authorization
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed") ?? .authorization
}
