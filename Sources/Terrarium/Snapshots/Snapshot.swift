// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// All of the state of a sandbox at one moment: variables, files, the half-printed line.
///
/// A value that can be kept, sent to another task, restored any number of times, and stored; see ``encoded()`` and
/// ``write(to:)``. It holds the differences from the image, and shares pages that are the same with other snapshots.
public struct Snapshot: Sendable {
    /// The image that it belongs to.
    public let image: Image

    let pages: MemoryPages

    /// The time on the sandbox's monotonic clock, in nanoseconds.
    var monotonicTime: UInt64

    /// The clocks and random numbers of a deterministic sandbox.
    var world: VirtualWorld?

    /// A Boolean value that tells whether the guest knows the host functions and limits of its sandbox.
    var isConfigured = false

    /// A Boolean value that tells whether a program of the sandbox was suspended.
    public internal(set) var isSuspended = false

    init(image: Image, pages: MemoryPages, monotonicTime: UInt64) {
        self.image = image
        self.pages = pages
        self.monotonicTime = monotonicTime
    }

    /// The memory that the snapshot takes, in bytes; pages that it shares with others count in full.
    public var byteCount: Int { pages.byteCount }
}
