// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

/// The header that optimised code and the program share.
struct HeaderTests {
    @Test("Both copies of the header are the same")
    func sameHeader() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let copies = try ["CTerrariumShims/include", "TerrariumCommands/Resources/native"].map { folder in
            try Data(contentsOf: root.appending(path: "Sources/\(folder)/native-abi.h"))
        }
        #expect(copies[0] == copies[1])
    }
}
