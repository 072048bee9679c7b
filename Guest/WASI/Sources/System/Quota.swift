// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// How much of what a guest may hold, and how much it holds.
struct Quota {
    /// Bytes of memory for the contents of files; the files of the image do not count until they are changed.
    var maxBytes = 256 << 20
    /// Files, directories and symbolic links that were made at run time; a hard link counts as one more.
    var maxNodes = 100_000
    /// Open descriptors, streams, directory listings and timers.
    var maxHandles = 4096

    private(set) var bytes = 0
    private(set) var nodes = 0

    mutating func reserveBytes(_ count: Int) -> Bool {
        guard count <= maxBytes - bytes else { return false }
        bytes += count
        return true
    }

    mutating func releaseBytes(_ count: Int) { bytes -= count }

    mutating func reserveNode() throws(ErrorCode) {
        guard nodes < maxNodes, Heap.isReserveFull() else { throw .insufficientSpace }
        nodes += 1
    }

    mutating func releaseNode() { nodes -= 1 }
}
