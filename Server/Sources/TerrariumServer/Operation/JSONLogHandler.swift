// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Logging
import Terrarium

/// Writes each entry of the log as a line of JSON.
struct JSONLogHandler: LogHandler {
    /// The closure that writes a line, its end included.
    typealias Output = @Sendable ([UInt8]) -> Void

    /// The least level that is written.
    var logLevel: Logger.Level
    /// The members that all entries have.
    var metadata: Logger.Metadata = [:]
    private let label: String
    private let output: Output

    private static let maxTextBytes = 2_000

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - label: The logger's label.
    ///   - level: The least level that is written.
    ///   - output: Writes a line, its end included.
    init(label: String, level: Logger.Level, output: @escaping Output) {
        self.label = label
        logLevel = level
        self.output = output
    }

    /// A member that all entries have.
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes an entry.
    func log(event: LogEvent) {
        var items: [PythonValue.Item] = [
            .init(key: "time", value: PythonValue(Date.now.ISO8601Format(.init(includingFractionalSeconds: true)))),
            .init(key: "level", value: PythonValue(event.level.rawValue)),
            .init(key: "message", value: PythonValue(Self.shortened(event.message.description))),
        ]
        var members = metadata
        members.merge(event.metadata ?? [:]) { $1 }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            items.append(.init(key: PythonString(key), value: PythonValue(Self.shortened("\(value)"))))
        }
        guard let line = try? PythonValue.dict(items).json() else { return }
        output(line + [UInt8(ascii: "\n")])
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count <= maxTextBytes ? text : String(text.prefix(maxTextBytes / 4)) + "…"
    }

    /// Writes a line to standard error.
    static let standardError: Output = { line in
        try? FileHandle.standardError.write(contentsOf: line)
    }
}
