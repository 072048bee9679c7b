// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Points in time as Python's `datetime.isoformat` writes them.
enum ISODate {
    /// The time in UTC, with microseconds where there are any: `2024-05-06T07:08:09.000123+00:00`.
    ///
    /// Times outside of Python's years 1 to 9999 become the first or last of those.
    static func text(of date: Date) -> String {
        let earliest = -62_135_596_800.0
        let latest = 253_402_300_799.0
        let seconds = min(max(date.timeIntervalSince1970, earliest), latest)
        let microseconds = Int((seconds * 1e6).rounded())
        let (second, fraction) = floorDivide(microseconds, 1_000_000)
        let (days, time) = floorDivide(second, 86_400)
        let (year, month, day) = civil(days: days)
        let clock = [time / 3_600, time / 60 % 60, time % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(clock)"
            + (fraction == 0 ? "" : ".\(padded(fraction, 6))") + "+00:00"
    }

    /// The time that a text says; without a zone in UTC, without a time of day at midnight.
    static func date(_ text: String) -> Date? {
        var parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 1 { parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false) }
        let day = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
        guard day.count == 3, let year = day[0], let month = day[1], let dayOfMonth = day[2], (1...9999).contains(year),
            (1...12).contains(month), (1...31).contains(dayOfMonth)
        else { return nil }
        let days = Double(self.days(year: year, month: month, day: dayOfMonth))
        guard parts.count == 2 else { return Date(timeIntervalSince1970: days * 86_400) }
        var clock = parts[1]
        var offset = 0.0
        if clock.last == "Z" {
            clock = clock.dropLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            guard let zone = secondsOfDay(clock[clock.index(after: sign)...]) else { return nil }
            offset = clock[sign] == "-" ? -zone : zone
            clock = clock[..<sign]
        }
        guard let seconds = secondsOfDay(clock) else { return nil }
        return Date(timeIntervalSince1970: days * 86_400 + seconds - offset)
    }

    /// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff` in seconds.
    private static func secondsOfDay(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = number(parts[0]), let minute = number(parts[1]), hour < 24,
            minute < 60
        else { return nil }
        guard parts.count == 3 else { return Double(hour * 3_600 + minute * 60) }
        let pieces = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let second = number(pieces[0]), second < 60 else { return nil }
        guard pieces.count == 2 else { return Double(hour * 3_600 + minute * 60 + second) }
        guard let fraction = number(pieces[1]), pieces[1].count <= 9 else { return nil }
        let scale = (0..<pieces[1].count).reduce(1.0) { scale, _ in scale * 10 }
        return Double(hour * 3_600 + minute * 60 + second) + Double(fraction) / scale
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ number: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Days since 1970 of a day in the proleptic Gregorian calendar, counted in eras of 400 years that begin in March.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(year, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The reverse of `days(year:month:day:)`.
    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
