// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium inspect`.
@Suite(.timeLimit(.minutes(1)))
struct InspectTests {
    @Test(
        "A memory of any size is told, also one that no machine has; one beyond all addresses is refused",
        arguments: [UInt64(1), 16, 1 << 47, 1 << 48 + 1, 1 << 63, .max]
    )
    func memories(pages: UInt64) async throws {
        // A memory with addresses of 64 bits, in a module, in a component.
        var minimum: [UInt8] = []
        var rest = pages
        repeat {
            minimum.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        let module = [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 5, UInt8(minimum.count + 2), 1, 4] + minimum
        let component = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0, 1, UInt8(module.count)] + module
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "large.wasm")
        try Data(component).write(to: file)
        let result = try await TerrariumBinary.run(["inspect", file.path])
        guard pages <= 1 << 48 else {
            #expect(result.exitCode == 2)
            #expect(result.errorText.contains("a memory of \(pages) pages is larger than its addresses reach"))
            return
        }
        #expect(result.exitCode == 0, "\(result.errorText)")
        let size = pages == 1 ? "64 KiB" : pages == 16 ? "1 MiB" : "8796093022208 MiB"
        #expect(result.outputText.contains("memory: \(size) at the start\n"), "\(result.outputText)")
    }

    @Test("What is no component is refused", arguments: ["", "text", "\0asm", "\0asm\u{d}\0\u{1}\0\u{1}\u{7F}"])
    func others(contents: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("file.wasm", contents)
        let result = try await TerrariumBinary.run(["inspect", file.path])
        #expect(result.exitCode == 2 && result.errorText.contains("is no component"), "\(result.errorText)")
    }
}
