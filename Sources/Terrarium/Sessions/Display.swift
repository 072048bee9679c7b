// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Something that a program showed, in all the forms that it has: what `display` was called with, or the value of a
/// run.
///
/// The forms are those of [Jupyter's
/// messages](https://jupyter-client.readthedocs.io/en/stable/messaging.html#display-data): a text for each media type.
/// HTML and SVG are a program's own and may hold scripts; show them where those do no harm.
public struct Display: Sendable, Hashable {
    /// The forms by media type: texts as they are, pictures in base64, JSON as values.
    public let data: [String: PythonValue]

    /// Remarks on the forms, by media type.
    public let metadata: [String: PythonValue]

    /// The name by which a later display takes this one's place.
    public let id: String?

    /// The form of plain text.
    public var text: String? { self.text(as: "text/plain") }

    /// A form that is a text.
    public func text(as mediaType: String) -> String? {
        guard case .string(let text)? = data[mediaType] else { return nil }
        return text.text
    }

    /// A form that is a picture, or other bytes.
    public func bytes(as mediaType: String) -> [UInt8]? {
        text(as: mediaType).flatMap { Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }.map { Array($0) }
    }

    init(_ message: PythonValue?) throws {
        let message = try MessageReader(message)
        func dictionary(_ key: String) throws -> [String: PythonValue] {
            switch message[key] {
            case nil, PythonValue.null?: return [:]
            case .dict(let items)?:
                return Dictionary(items.map { ($0.key.text, $0.value) }, uniquingKeysWith: { $1 })
            default: throw MalformedMessage("a display")
            }
        }
        data = try dictionary("data")
        metadata = try dictionary("metadata")
        id = try message.optionalText("id")
    }
}

/// How far a loop over `terrarium.progress` has come.
public struct ProgressReport: Sendable, Hashable {
    /// Which loop it is.
    public let id: Int
    /// How many items are done.
    public let done: Int
    /// How many there are, where that is known.
    public let total: Int?
    /// What the program calls it.
    public let label: String?
    /// Whether the loop is over, to its end or not.
    public let isFinished: Bool

    init(_ message: MessageReader) throws {
        id = try message.number("id")
        done = try message.number("done")
        // Whatever the program passed as the total.
        total = message["total"]?.int
        label = try message.optionalText("label")
        isFinished = message.flag("finished")
    }
}
