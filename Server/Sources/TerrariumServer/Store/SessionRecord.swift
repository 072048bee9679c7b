// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// The parts of a session in the form in which they are stored.
enum SessionRecord {
    /// The choices of the request that made the session.
    struct Settings: Codable {
        struct Entry: Codable {
            let name: String
            let value: String
        }

        var secondsToLive: Double
        var metadata: [Entry]
        var functions: [DeclaredFunction]
        var memoryBytes: Int
        var seconds: Double?
        var processorSeconds: Double?
        var outputBytes: Int
        var valueBytes: Int
        var displayBytes: Int
        var accessToken: String?
        var isPaused: Bool?

        init(_ settings: ServerSession.Settings, _ limits: Limits) {
            secondsToLive = settings.timeToLive.inSeconds
            metadata = settings.metadata.map { Entry(name: $0.name, value: $0.value) }
            functions = settings.functions
            memoryBytes = limits.memoryBytes
            seconds = limits.time?.inSeconds
            processorSeconds = limits.processorTime?.inSeconds
            outputBytes = limits.outputBytes
            valueBytes = limits.valueBytes
            displayBytes = limits.displayBytes
            accessToken = settings.accessToken
            isPaused = settings.isPaused
        }

        var settings: ServerSession.Settings {
            ServerSession.Settings(
                timeToLive: .seconds(secondsToLive),
                metadata: metadata.map { ($0.name, $0.value) },
                functions: functions,
                accessToken: accessToken,
                isPaused: isPaused ?? false
            )
        }

        /// The limits, where the session has its own, and the server's.
        func limits(_ standard: Limits) -> Limits {
            var limits = standard
            limits.memoryBytes = memoryBytes
            limits.time = seconds.map { .seconds($0) }
            limits.processorTime = processorSeconds.map { .seconds($0) }
            limits.outputBytes = outputBytes
            limits.valueBytes = valueBytes
            limits.displayBytes = displayBytes
            return limits
        }
    }

    /// A program that waits for its client.
    struct Suspension: Codable {
        let run: Int
        let calls: [HostCall]
    }

    static func data(_ value: some Encodable) throws -> Data { try JSONEncoder().encode(value) }

    static func value<Value: Decodable>(_ data: Data) throws -> Value {
        try JSONDecoder().decode(Value.self, from: data)
    }
}
