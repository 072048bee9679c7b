// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A walk over a directory's entries: `wasi:filesystem/types.directory-entry-stream`.
final class DirectoryListing {
    private let node: Node
    private var lastNumber: UInt64 = 0

    init(_ node: Node) { self.node = node }

    func next() -> Directory.Entry? {
        guard let entry = system.tree.entries(of: node).entry(after: lastNumber) else { return nil }
        lastNumber = entry.number
        return entry
    }
}
