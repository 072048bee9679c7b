// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import TerrariumMCP

/// Streams of bytes as lines.
struct LineBufferTests {
    @Test("Lines are whole however the bytes come, and long ones are dropped to their end")
    func lines() {
        let text = Array("{}\r\n\nabcdefgh\n1234567890\n12345678901\nend\n".utf8)
        for count in 1...text.count {
            var buffer = LineBuffer(maxBytes: 10)
            var lines: [LineBuffer.Line] = []
            for start in stride(from: 0, to: text.count, by: count) {
                lines += buffer.add(Array(text[start..<min(start + count, text.count)]))
            }
            #expect(
                lines == [
                    .complete(Array("{}".utf8)), .complete(Array("abcdefgh".utf8)), .complete(Array("1234567890".utf8)),
                    .tooLong, .complete(Array("end".utf8)),
                ],
                "\(count)"
            )
        }
    }
}
