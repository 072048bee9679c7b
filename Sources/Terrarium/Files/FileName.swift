// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The name of an entry of one folder: bytes that can lead nowhere but to an entry of that folder.
///
/// The system takes a name byte by byte: it ends at the first zero, and each slash begins another folder. So the bytes
/// decide here, not characters: the character of a slash and an accent is not equal to a slash, and has one in its
/// bytes. A name need not be UTF-8; ``text`` tells.
struct FileName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The longest name that file systems have.
    static let maxBytes = 255

    /// The bytes, without a zero at the end.
    let bytes: [UInt8]

    /// Checks bytes from anywhere; `nil` unless they are 1 to 255 bytes without zero and slash, and neither `.` nor `..`.
    init?(_ bytes: some Collection<UInt8>) {
        guard (1...Self.maxBytes).contains(bytes.count), !bytes.contains(0x00), !bytes.contains(0x2F),
            !bytes.elementsEqual(".".utf8), !bytes.elementsEqual("..".utf8)
        else { return nil }
        self.bytes = Array(bytes)
    }

    /// Checks a text as it does bytes.
    init?(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// The name as text, or `nil` if its bytes are not UTF-8.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The name for messages; what is not UTF-8 in it is replaced.
    var description: String { String(decoding: bytes, as: UTF8.self) }

    static func < (first: FileName, second: FileName) -> Bool {
        first.bytes.lexicographicallyPrecedes(second.bytes)
    }

    /// Lends the name as the system takes it.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        try unsafe (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("an array that is not empty has a start") }
            return try unsafe body(start)
        }
    }
}
