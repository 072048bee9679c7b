// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Store {
    /// The limits on the resources that the guests of a store may take.
    ///
    /// ``maxMemoryBytes`` and ``maxTableElements`` apply to each memory or table; the other limits apply to their number. A
    /// negative limit counts as zero. The limits do not cover the machine code, the tables that the engine keeps for the
    /// component itself, and values on their way between host and guest.
    public struct Limits: Sendable, Hashable {
        /// The size that each linear memory may grow to, in bytes; unlimited (4 GiB) if `nil`.
        public var maxMemoryBytes: Int?
        /// The number of elements that each table may grow to; unlimited if `nil`.
        public var maxTableElements: Int?
        /// The number of core instances; the engine's default (10,000) if `nil`.
        public var maxInstances: Int?
        /// The number of tables; the engine's default (10,000) if `nil`.
        public var maxTables: Int?
        /// The number of linear memories; the engine's default (10,000) if `nil`.
        public var maxMemories: Int?

        /// Creates limits.
        public init(
            maxMemoryBytes: Int? = nil,
            maxTableElements: Int? = nil,
            maxInstances: Int? = nil,
            maxTables: Int? = nil,
            maxMemories: Int? = nil
        ) {
            self.maxMemoryBytes = maxMemoryBytes
            self.maxTableElements = maxTableElements
            self.maxInstances = maxInstances
            self.maxTables = maxTables
            self.maxMemories = maxMemories
        }

        var isUnlimited: Bool { self == Limits() }
    }
}
