// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An event of a program that runs.
@nonexhaustive
public enum RunEvent: Sendable, Hashable, Codable {
    /// The program printed something.
    case output(OutputChunk)
    /// The program showed something.
    case display(Display)
    /// The program took back all that it showed.
    case cleared
    /// A loop got further.
    case progress(ProgressReport)
    /// The program called a host function.
    case call(function: String, arguments: [PythonValue])
    /// The program ended; the last event. Its ``Run/output`` and ``Run/displays`` are empty, since they were events.
    case finished(Run)

    /// The memory that it takes, in bytes, roughly.
    var cost: Int {
        switch self {
        case .output(let chunk): 64 + chunk.bytes.count
        case .display(let display):
            display.data.values.reduce(256) { $0 + $1.roughByteCount }
                + display.metadata.values.reduce(0) { $0 + $1.roughByteCount }
        case .call(let function, let arguments):
            arguments.reduce(256 + function.utf8.count) { $0 + $1.roughByteCount }
        case .progress(let report): 256 + (report.label?.utf8.count ?? 0)
        case .finished, .cleared: 256
        }
    }
}

/// A piece of what a program printed: whole characters, but a line may come in pieces.
public struct OutputChunk: Sendable, Hashable, Codable {
    /// One of the streams that a program writes to.
    public struct Stream: NamedChoice {
        /// The stream's name.
        public let name: String

        /// Makes a stream of its name.
        public init(_ name: String) { self.name = name }

        /// The stream that `print` writes to.
        public static let standardOutput = Stream("standardOutput")
        /// The stream of warnings, and of what the program writes to `sys.stderr`.
        public static let standardError = Stream("standardError")
    }

    /// The stream that it was printed to.
    public var stream: Stream
    /// The bytes, as the program wrote them.
    public var bytes: [UInt8]

    /// The bytes as text; those that are not UTF-8 are replaced by U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Makes a piece of output.
    public init(_ stream: Stream, _ bytes: [UInt8]) {
        self.stream = stream
        self.bytes = bytes
    }
}

extension RunEvent {
    private enum Key: String, CodingKey {
        case output, display, cleared, progress, call, finished
    }

    private struct Call: Codable {
        let function: String
        let arguments: [PythonValue]
    }

    /// Decodes an event: an object with one member, the name of the case.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "An event has one member, its kind.")
            )
        }
        switch key {
        case .output: self = .output(try container.decode(OutputChunk.self, forKey: key))
        case .display: self = .display(try container.decode(Display.self, forKey: key))
        case .cleared: self = .cleared
        case .progress: self = .progress(try container.decode(ProgressReport.self, forKey: key))
        case .call:
            let call = try container.decode(Call.self, forKey: key)
            self = .call(function: call.function, arguments: call.arguments)
        case .finished: self = .finished(try container.decode(Run.self, forKey: key))
        }
    }

    /// Encodes the event as an object with one member, the name of the case.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .output(let chunk): try container.encode(chunk, forKey: .output)
        case .display(let display): try container.encode(display, forKey: .display)
        case .cleared: try container.encode(true, forKey: .cleared)
        case .progress(let report): try container.encode(report, forKey: .progress)
        case .call(let function, let arguments):
            try container.encode(Call(function: function, arguments: arguments), forKey: .call)
        case .finished(let run): try container.encode(run, forKey: .finished)
        }
    }
}

extension PythonValue {
    /// The memory that the value takes, in bytes, roughly.
    var roughByteCount: Int {
        switch self {
        case .string(let text): 32 + text.utf8.count
        case .bytes(let bytes): 32 + bytes.count
        case .array(let array): 64 + array.bytes.count
        case .list(let elements), .tuple(let elements), .set(let elements, _):
            elements.reduce(32) { $0 + $1.roughByteCount }
        case .dict(let items), .record(_, let items):
            items.reduce(64) { $0 + 32 + $1.key.utf8.count + $1.value.roughByteCount }
        case .mapping(let pairs):
            pairs.reduce(64) { $0 + $1.key.roughByteCount + $1.value.roughByteCount }
        case .enumeration(let type, let name, let value):
            64 + type.utf8.count + name.utf8.count + value.roughByteCount
        case .other(let representation): 32 + representation.utf8.count
        default: 64
        }
    }
}
