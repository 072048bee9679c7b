// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Image {
    /// Bounds on the memory that idle sandboxes of an image keep, so that their next call is fast.
    public struct IdleBounds: Sendable, Hashable {
        /// The number of sandboxes that keep a living interpreter between calls, about a megabyte each; default 16.
        ///
        /// The most recently used do. The others keep only what differs from the image, some ten kilobytes for a small session, and
        /// their next call takes some 50 µs longer.
        public var maxAwakeSandboxes: Int

        /// The number of memories of sandboxes that are gone that are kept for new ones; default 16.
        public var maxSpareMemories: Int

        /// The bytes that each of these keeps resident at most; default 2 MiB, which is also the most that is useful.
        public var maxSpareMemoryBytes: Int

        /// Bounds, with the defaults for what is not given.
        public init(
            maxAwakeSandboxes: Int = 16,
            maxSpareMemories: Int = 16,
            maxSpareMemoryBytes: Int = 2 << 20
        ) {
            self.maxAwakeSandboxes = maxAwakeSandboxes
            self.maxSpareMemories = maxSpareMemories
            self.maxSpareMemoryBytes = maxSpareMemoryBytes
        }
    }

    /// Bounds what idle sandboxes of this image keep; may be called at any time, from any thread.
    ///
    /// The number of awake sandboxes is that of all images derived from one another together.
    public func setIdleBounds(_ bounds: IdleBounds) {
        runtime.awake.setMaximum(bounds.maxAwakeSandboxes)
        memory.setBounds(
            maxResting: max(0, bounds.maxSpareMemories),
            maxResidentBytes: max(0, bounds.maxSpareMemoryBytes)
        )
    }

    /// Gives back the memory that is only kept to be faster, because the machine is short of it.
    ///
    /// Sandboxes that wait for a call keep their interpreters.
    public func releaseSpareMemories() {
        memory.releaseResting()
    }
}
