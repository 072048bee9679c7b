// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A Python `datetime.datetime`: a date and a time of day with microseconds, and perhaps an offset from UTC.
///
/// The name of a time zone stays in Python; only its offset at that time is here.
public struct PythonDateTime: Sendable, Hashable {
    /// The day.
    public let date: PythonDate
    /// The time of day, with the offset from UTC.
    public let time: PythonTime

    /// Makes a point in time of a day and a time of day.
    public init(_ date: PythonDate, _ time: PythonTime) {
        (self.date, self.time) = (date, time)
    }

    /// Makes a point in time of its parts; `nil` if one is out of its range.
    public init?(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0,
        microsecond: Int = 0,
        utcOffset: Duration? = nil,
        isFold: Bool = false
    ) {
        guard let date = PythonDate(year: year, month: month, day: day),
            let time = PythonTime(
                hour: hour,
                minute: minute,
                second: second,
                microsecond: microsecond,
                utcOffset: utcOffset,
                isFold: isFold
            )
        else { return nil }
        self.init(date, time)
    }

    /// Reads `YYYY-MM-DD HH:MM[:SS[.ffffff]]`, perhaps with `Z` or `±HH:MM[:SS[.ffffff]]` after it; `T` may stand for
    /// the blank.
    public init?(_ text: String) {
        var reader = ISOReader(text)
        guard let value = reader.dateTime(), reader.isAtEnd else { return nil }
        self = value
    }

    /// Makes a point in time in UTC, rounded to microseconds; `nil` outside of the years 1 to 9999.
    public init?(_ instant: Date) {
        let seconds = instant.timeIntervalSince1970
        // One day more on both sides than there are in Python, which keeps the numbers small.
        guard seconds > -62_135_683_200, seconds < 253_402_387_200 else { return nil }
        let whole = seconds.rounded(.down)
        var microseconds = Int(((seconds - whole) * 1e6).rounded())
        var second = Int(whole)
        if microseconds == 1_000_000 { (second, microseconds) = (second + 1, 0) }
        let (day, secondOfDay) = second.floorDivided(by: 86_400)
        guard let date = PythonDate(daysSince1970: day),
            let time = PythonTime(
                hour: secondOfDay / 3_600,
                minute: secondOfDay / 60 % 60,
                second: secondOfDay % 60,
                microsecond: microseconds,
                utcOffset: .zero
            )
        else { return nil }
        self.init(date, time)
    }

    /// The point in time; without an offset, the one in UTC.
    public var instant: Date {
        let microseconds = time.microsecondsOfDay - (time.utcOffsetMicroseconds ?? 0)
        let (seconds, fraction) = microseconds.floorDivided(by: 1_000_000)
        return Date(timeIntervalSince1970: Double(date.daysSince1970 * 86_400 + seconds) + Double(fraction) / 1e6)
    }

    /// The parts; the time zone, where there is an offset, in whole seconds.
    public var components: DateComponents {
        var components = time.components
        (components.year, components.month, components.day) = (date.year, date.month, date.day)
        return components
    }

    /// ISO 8601 with a `T`, as Python's `isoformat()` writes it.
    public var isoFormat: String { "\(date)T\(time)" }
}

extension PythonDateTime: LosslessStringConvertible {
    /// ISO 8601 with a blank, as Python's `str` writes it.
    public var description: String { "\(date) \(time)" }
}

extension PythonDateTime: Codable {
    /// Reads what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        if case .dateTime(let value)? = try? PythonValue(from: decoder) {
            self = value
        } else {
            self = try decoder.pythonScalar { PythonDateTime($0) }
        }
    }

    /// Writes ISO 8601, or, for a time with a fold, the form that ``PythonValue`` has.
    public func encode(to encoder: any Encoder) throws {
        if time.isFold { return try PythonValue.dateTime(self).encode(to: encoder) }
        var container = encoder.singleValueContainer()
        try container.encode(isoFormat)
    }
}
