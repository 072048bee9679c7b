// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A limit that a program ran into.
public struct LimitBreach: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name of a limit; there may be more in later versions.
    public struct Limit: NamedChoice {
        /// The limit's name.
        public let name: String

        /// Makes a limit of its name.
        public init(_ name: String) { self.name = name }

        /// ``Limits/time``.
        public static let time = Limit("time")
        /// ``Limits/processorTime``.
        public static let processorTime = Limit("processorTime")
        /// ``Limits/memoryBytes``.
        public static let memory = Limit("memory")
        /// ``Limits/outputBytes``.
        public static let output = Limit("output")
        /// ``Limits/fileBytes``.
        public static let files = Limit("files")
        /// ``Limits/fileCount``.
        public static let fileCount = Limit("fileCount")
        /// ``Limits/recursionDepth``.
        public static let stack = Limit("stack")
        /// ``Limits/valueBytes``.
        public static let value = Limit("value")
        /// ``Limits/displayBytes``.
        public static let displays = Limit("displays")
        /// ``Limits/hostCalls``.
        public static let hostCalls = Limit("hostCalls")
        /// ``Limits/concurrentHostCalls``.
        public static let concurrentHostCalls = Limit("concurrentHostCalls")
        /// ``Limits/hostCallBytes``.
        public static let hostCallSize = Limit("hostCallSize")
    }

    /// An amount of time, of bytes or of items.
    @nonexhaustive
    public enum Amount: Sendable, Hashable, Codable, CustomStringConvertible {
        /// A time.
        case time(Duration)
        /// A number of bytes.
        case bytes(Int)
        /// A number of items.
        case count(Int)

        /// Returns whether this is less than another amount of the same kind.
        fileprivate func isLess(than other: Amount) -> Bool {
            switch (self, other) {
            case (.time(let used), .time(let allowed)): used < allowed
            case (.bytes(let used), .bytes(let allowed)), (.count(let used), .count(let allowed)): used < allowed
            default: false
            }
        }

        /// The amount with its unit, such as `5 s`, `64 MiB` or `100`.
        public var description: String {
            switch self {
            case .time(let duration): duration.shortText
            case .bytes(let count): count.byteCountText
            case .count(let count): "\(count)"
            }
        }
    }

    /// The limit.
    public let limit: Limit
    /// The amount that the program used or asked for, as far as it got.
    public let used: Amount
    /// The amount that it was allowed.
    public let allowed: Amount

    /// Makes a breach of a limit.
    public init(_ limit: Limit, used: Amount, allowed: Amount) {
        self.limit = limit
        self.used = used
        self.allowed = allowed
    }

    /// The limit and both amounts; what was used is left out if it is less than what is allowed.
    ///
    /// So it is where a program asked for more at once than was left.
    public var description: String {
        used.isLess(than: allowed)
            ? "\(limit): \(allowed) allowed, and the program asked for more"
            : "\(limit): \(used) used, \(allowed) allowed"
    }
}

extension Duration {
    /// The duration in the unit that makes the shortest number: `1.5 s`, `500 ms`, `2 min`.
    package var shortText: String {
        let (seconds, attoseconds) = components
        let nanoseconds = attoseconds / 1_000_000_000
        let negative = seconds < 0 || nanoseconds < 0
        if seconds == 0, nanoseconds == 0 { return "0 s" }
        if seconds >= 60, seconds.isMultiple(of: 60), nanoseconds == 0 {
            return seconds.isMultiple(of: 3_600) ? "\(seconds / 3_600) h" : "\(seconds / 60) min"
        }
        let (whole, fraction, digits, unit): (Int64, Int64, Int, String) =
            if seconds != 0 {
                (seconds, nanoseconds, 9, "s")
            } else if abs(nanoseconds) >= 1_000_000 {
                (nanoseconds / 1_000_000, nanoseconds % 1_000_000, 6, "ms")
            } else if abs(nanoseconds) >= 1_000 {
                (nanoseconds / 1_000, nanoseconds % 1_000, 3, "µs")
            } else {
                (nanoseconds, 0, 0, "ns")
            }
        var decimals = String(abs(fraction))
        decimals = String(repeating: "0", count: max(0, digits - decimals.count)) + decimals
        // Three significant decimals are enough for a person.
        decimals = String(decimals.prefix(3))
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return (negative ? "-" : "") + "\(whole.magnitude)" + (decimals.isEmpty ? "" : ".\(decimals)") + " \(unit)"
    }
}

extension Int {
    /// A number of bytes in the largest binary unit that leaves at least 1: `64 MiB`, `1.5 GiB`, `100 bytes`.
    package var byteCountText: String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        guard magnitude >= 1_024 else { return "\(self) byte\(self == 1 ? "" : "s")" }
        var unit = 0
        var divisor: UInt = 1_024
        while unit + 1 < units.count, magnitude / divisor >= 1_024 {
            divisor <<= 10
            unit += 1
        }
        let whole = magnitude / divisor
        let tenth = Int(Double(magnitude % divisor) * 10 / Double(divisor))
        return (self < 0 ? "-" : "") + (tenth == 0 ? "\(whole)" : "\(whole).\(tenth)") + " \(units[unit])"
    }
}
