// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import TerrariumServer

/// Bodies of forms, as clients write them and as nobody should.
struct MultipartFormTests {
    private static let body = """
        --b\r
        Content-Disposition: form-data; name="file"; filename="a \\"1\\".txt"\r
        Content-Type: text/plain\r
        \r
        one\r
        --not\r
        \r
        --b\r
        content-disposition: form-data; name="none"\r
        \r
        \r
        --b--\r
        ignored
        """

    @Test("Parts have their names and all of their bytes")
    func parts() throws {
        let parts = try MultipartForm.parts(of: Array(Self.body.utf8), boundary: Array("b".utf8))
        #expect(
            parts == [
                .init(name: "file", filename: #"a "1".txt"#, contents: Array("one\r\n--not\r\n".utf8)),
                .init(name: "none", filename: nil, contents: []),
            ]
        )
    }

    @Test(
        "The boundary is that of the media type",
        arguments: [
            ("multipart/form-data; boundary=b", "b"), ("Multipart/Form-Data;boundary=\"b c\"", "b c"),
            ("multipart/form-data; charset=utf-8; Boundary=x", "x"), ("multipart/mixed; boundary=b", nil),
            ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil), ("", nil),
            ("multipart/form-data; boundary=\(String(repeating: "b", count: 71))", nil),
        ] as [(String, String?)]
    )
    func boundary(type: String, boundary: String?) {
        #expect(MultipartForm.boundary(of: type) == boundary.map { Array($0.utf8) })
    }

    @Test("Whatever byte is wrong or missing, the body is read or refused, with no more than its own bytes")
    func hostile() {
        let bytes = Array(Self.body.utf8)
        for index in bytes.indices {
            for change in [UInt8(0), 0x0D, 0x22, 0xFF] {
                var changed = bytes
                changed[index] = change
                let parts = (try? MultipartForm.parts(of: changed, boundary: Array("b".utf8))) ?? []
                #expect(parts.reduce(0) { $0 + $1.contents.count } < bytes.count)
            }
            _ = try? MultipartForm.parts(of: Array(bytes[..<index]), boundary: Array("b".utf8))
        }
    }
}
