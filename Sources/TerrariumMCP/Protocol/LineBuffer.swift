// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Takes a stream of bytes apart into lines, of which none may be longer than a limit.
package struct LineBuffer {
    /// A line of the stream.
    package enum Line: Equatable {
        /// Its bytes, without the line break.
        case complete([UInt8])
        /// The line was longer than the limit, and its bytes are gone.
        case tooLong
    }

    private let maxBytes: Int
    private var rest: [UInt8] = []
    private var isSkipping = false

    /// Makes a buffer for lines of at most so many bytes.
    package init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    /// Takes the next bytes of the stream, and answers the lines that end in them.
    package mutating func add(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            append(bytes[start..<end])
            if isSkipping {
                lines.append(.tooLong)
            } else {
                if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
                if !rest.isEmpty { lines.append(.complete(rest)) }
            }
            rest = []
            isSkipping = false
            start = end + 1
        }
        append(bytes[start...])
        return lines
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        guard !isSkipping, rest.count + bytes.count <= maxBytes else {
            isSkipping = true
            rest = []
            return
        }
        rest += bytes
    }
}
