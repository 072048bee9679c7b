// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A limit that a program ran into.
public struct LimitBreach: Sendable, Hashable, CustomStringConvertible {
    /// What a limit is about; there may be more in later versions.
    public struct Limit: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case time, processorTime, memory, output, files, fileCount, stack, value, displays
            case hostCalls, concurrentHostCalls, hostCallSize
        }

        private let kind: Kind

        /// ``Limits/time``.
        public static let time = Limit(kind: .time)
        /// ``Limits/processorTime``.
        public static let processorTime = Limit(kind: .processorTime)
        /// ``Limits/memoryBytes``.
        public static let memory = Limit(kind: .memory)
        /// ``Limits/outputBytes``.
        public static let output = Limit(kind: .output)
        /// ``Limits/fileBytes``.
        public static let files = Limit(kind: .files)
        /// ``Limits/fileCount``.
        public static let fileCount = Limit(kind: .fileCount)
        /// ``Limits/recursionDepth``.
        public static let stack = Limit(kind: .stack)
        /// ``Limits/valueBytes``.
        public static let value = Limit(kind: .value)
        /// ``Limits/displayBytes``.
        public static let displays = Limit(kind: .displays)
        /// ``Limits/hostCalls``.
        public static let hostCalls = Limit(kind: .hostCalls)
        /// ``Limits/concurrentHostCalls``.
        public static let concurrentHostCalls = Limit(kind: .concurrentHostCalls)
        /// ``Limits/hostCallBytes``.
        public static let hostCallSize = Limit(kind: .hostCallSize)

        /// The limit's name, for logs.
        public var description: String { kind.rawValue }
    }

    /// How much of something.
    public enum Amount: Sendable, Hashable, CustomStringConvertible {
        /// So much time.
        case time(Duration)
        /// So many bytes.
        case bytes(Int)
        /// So many.
        case count(Int)

        /// The amount with its unit.
        public var description: String {
            switch self {
            case .time(let duration): "\(duration)"
            case .bytes(let count): "\(count) bytes"
            case .count(let count): "\(count)"
            }
        }
    }

    /// Which limit.
    public let limit: Limit
    /// What the program used or asked for, as far as it got.
    public let used: Amount
    /// What it was allowed.
    public let allowed: Amount

    init(_ limit: Limit, used: Amount, allowed: Amount) {
        self.limit = limit
        self.used = used
        self.allowed = allowed
    }

    /// All three in a sentence.
    public var description: String { "\(limit): \(used) used, \(allowed) allowed" }
}
