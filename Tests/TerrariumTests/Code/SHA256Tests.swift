// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Hashes against the examples of FIPS 180-4 and against Python's hashlib.
@Suite(.timeLimit(.minutes(5)))
struct SHA256Tests {
    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("The examples of the standard")
    func examples() {
        let examples = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
        for (text, digest) in examples { #expect(hexadecimal(SHA256.hash(text.utf8)) == digest) }
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(hexadecimal(SHA256.hash(repeatElement(UInt8(ascii: "a"), count: 1_000_000))) == million)
    }

    @Test("Bytes of all lengths around a block, in pieces of any size, are hashed as hashlib hashes them")
    func lengths() async throws {
        let lengths = Array(0..<200) + [255, 256, 257, 4_095, 4_096, 100_003]
        let program = """
            import hashlib
            for n in \(lengths): print(hashlib.sha256(bytes((i * 7 + (i >> 8)) & 255 for i in range(n))).hexdigest())
            """
        let expected = try await HostPython.run(program).split(separator: "\n").map(String.init)
        #expect(expected.count == lengths.count)
        for (length, digest) in zip(lengths, expected) {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8)) }
            #expect(hexadecimal(SHA256.hash(bytes)) == digest, "\(length)")
            #expect(hexadecimal(SHA256.hash(bytes.lazy.map(\.self))) == digest, "\(length)")
            for size in [1, 3, 63, 64, 65] {
                var hash = SHA256()
                var rest = bytes[...]
                while !rest.isEmpty {
                    unsafe rest.prefix(size).withUnsafeBytes { unsafe hash.update($0) }
                    rest = rest.dropFirst(size)
                }
                #expect(hexadecimal(hash.finalize()) == digest, "\(length) in pieces of \(size)")
            }
        }
    }
}
