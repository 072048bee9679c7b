// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An object that a program showed, or the value of a run, in all the forms that it has.
///
/// The forms are those of [Jupyter's
/// messages](https://jupyter-client.readthedocs.io/en/stable/messaging.html#display-data): a text for each media type.
/// HTML and SVG are a program's own and may hold scripts; show them where those do no harm.
public struct Display: Sendable, Hashable, Codable {
    /// The forms by media type: texts as they are, pictures in base64, JSON as values.
    public var data: [String: PythonValue]

    /// Remarks on the forms, by media type.
    public var metadata: [String: PythonValue]

    /// The name by which a later display takes this one's place.
    public var id: String?

    /// Makes a display of its forms.
    public init(data: [String: PythonValue], metadata: [String: PythonValue] = [:], id: String? = nil) {
        self.data = data
        self.metadata = metadata
        self.id = id
    }

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

    /// Reads a display from a message.
    init(_ message: MessageReader) throws {
        func dictionary(_ key: String) throws -> [String: PythonValue] {
            switch message[key] {
            case nil, .null?: return [:]
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

/// The progress of a loop over `terrarium.progress`.
public struct ProgressReport: Sendable, Hashable, Codable {
    /// The number of the loop.
    public var id: Int
    /// The number of items that are done.
    public var done: Int
    /// The number of all items, where that is known.
    public var total: Int?
    /// The program's name for the loop.
    public var label: String?
    /// A Boolean value that tells whether the loop is over, to its end or not.
    public var isFinished: Bool

    /// Makes a report.
    public init(id: Int, done: Int, total: Int? = nil, label: String? = nil, isFinished: Bool = false) {
        self.id = id
        self.done = done
        self.total = total
        self.label = label
        self.isFinished = isFinished
    }

    init(_ message: MessageReader) throws {
        id = try message.number("id")
        done = try message.number("done")
        // Whatever the program passed as the total.
        total = message["total"]?.int
        label = try message.optionalText("label")
        isFinished = message.flag("finished")
    }
}
