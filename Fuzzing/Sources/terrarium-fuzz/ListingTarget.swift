// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

@testable import Terrarium

/// The buffers in which a guest lists a directory.
struct ListingTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        var parser = GuestFiles.ListingParser()
        guard let count = bytes.first else { return }
        // Two buffers, as of a directory that does not fit into one.
        let middle = 1 + (bytes.count - 1) / 2
        for buffer in [bytes[1..<middle], bytes[middle...]] {
            do {
                try parser.parse(Array(buffer), count: UInt32(count)) { entry in
                    require(!entry.text.contains("/") && entry.text != "..", "a name that leads elsewhere")
                }
            } catch let error as SandboxError {
                require(error.code == .file, "an error of another kind")
            } catch {
                fatalError("\(error)")
            }
        }
    }
}
