// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import TerrariumCommands

/// The files of `terrarium virt --mount`.
struct MountedFilesTests {
    @Test(
        "A date that a guest cannot be told becomes the nearest that it can",
        arguments: [
            (-1e300, 0), (-86_400, 0), (0, 0), (1e10, 10_000_000_000_000_000_000), (2e10, 18_446_744_073_000_000_000),
            (1e300, 18_446_744_073_000_000_000),
        ] as [(Double, UInt64)]
    )
    func dates(seconds: Double, nanoseconds: UInt64) {
        #expect(MountedFiles.nanoseconds(since1970: Date(timeIntervalSince1970: seconds)) == nanoseconds)
    }

    @Test("A file without a date has the first")
    func none() {
        #expect(MountedFiles.nanoseconds(since1970: nil) == 0)
    }
}
