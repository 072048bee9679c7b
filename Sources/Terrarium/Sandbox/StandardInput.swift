// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The standard input of a program.
public struct StandardInput: Sendable, ExpressibleByArrayLiteral {
    /// Reads up to a number of bytes, at least 1; none are the end.
    ///
    /// It is called when the program reads, which waits for it in its own time.
    public typealias Reader = @Sendable @concurrent (_ maxCount: Int) async throws -> [UInt8]

    fileprivate let bytes: [UInt8]
    fileprivate let reader: Reader?

    /// Input that is there from the beginning.
    public static func bytes(_ bytes: [UInt8]) -> StandardInput {
        StandardInput(bytes: bytes, reader: nil)
    }

    /// The UTF-8 form of a text.
    public static func text(_ text: String) -> StandardInput {
        .bytes(Array(text.utf8))
    }

    /// Input that is read when the program asks for it, from a pipe or a terminal for instance.
    ///
    /// If the closure throws, the input is at its end for the program.
    public static func reader(_ reader: @escaping Reader) -> StandardInput {
        StandardInput(bytes: [], reader: reader)
    }

    private init(bytes: [UInt8], reader: Reader?) {
        self.bytes = bytes
        self.reader = reader
    }

    /// Makes input of its bytes.
    public init(arrayLiteral bytes: UInt8...) {
        self.init(bytes: bytes, reader: nil)
    }
}

/// The part of a program's standard input that was not read yet.
struct ProgramInput: Sendable {
    private var rest: ArraySlice<UInt8> = []
    /// The source of further bytes, until it is at its end.
    private(set) var reader: StandardInput.Reader?

    init() {}

    init(_ input: StandardInput) {
        rest = input.bytes[...]
        reader = input.reader
    }

    /// Takes bytes that are there; `nil` if there are none.
    mutating func take(maxCount: Int) -> [UInt8]? {
        guard !rest.isEmpty else { return nil }
        defer { rest = rest.dropFirst(maxCount) }
        return Array(rest.prefix(maxCount))
    }

    /// Adds bytes that were read; none are the end.
    mutating func add(_ bytes: [UInt8]) {
        if bytes.isEmpty { reader = nil }
        rest = rest.isEmpty ? bytes[...] : rest + bytes
    }
}
