// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A Python `datetime.time`: a time of day with microseconds, and perhaps an offset from UTC.
public struct PythonTime: Sendable, Hashable {
    private let storedHour: UInt8
    private let storedMinute: UInt8
    private let storedSecond: UInt8
    private let storedMicrosecond: UInt32
    private let offsetMicroseconds: Int64?

    /// The hour, from 0 to 23.
    public var hour: Int { Int(storedHour) }
    /// The minute, from 0 to 59.
    public var minute: Int { Int(storedMinute) }
    /// The second, from 0 to 59.
    public var second: Int { Int(storedSecond) }
    /// The microsecond, from 0 to 999,999.
    public var microsecond: Int { Int(storedMicrosecond) }
    /// The offset from UTC, positive in the east; `nil` for a time without a time zone.
    public var utcOffset: Duration? { offsetMicroseconds.map { .microseconds($0) } }
    /// A Boolean value that says whether this is the second of two equal wall-clock times, as when clocks are set back.
    public let isFold: Bool

    /// Makes a time; `nil` if a part is out of its range, or the offset is a day or longer or finer than a microsecond.
    public init?(
        hour: Int,
        minute: Int = 0,
        second: Int = 0,
        microsecond: Int = 0,
        utcOffset: Duration? = nil,
        isFold: Bool = false
    ) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000).contains(microsecond)
        else { return nil }
        var offset: Int64?
        if let utcOffset {
            guard let exact = utcOffset.exactMicroseconds, exact.magnitude < 86_400_000_000 else { return nil }
            offset = Int64(exact)
        }
        (storedHour, storedMinute, storedSecond) = (UInt8(hour), UInt8(minute), UInt8(second))
        storedMicrosecond = UInt32(microsecond)
        offsetMicroseconds = offset
        self.isFold = isFold
    }

    /// Reads `HH:MM[:SS[.ffffff]]`, perhaps with `Z` or `±HH:MM[:SS[.ffffff]]` after it.
    public init?(_ text: String) {
        var reader = ISOReader(text)
        guard let time = reader.time(), reader.isAtEnd else { return nil }
        self = time
    }

    /// The same time with another fold.
    func with(isFold: Bool) -> PythonTime {
        PythonTime(self, isFold: isFold)
    }

    private init(_ time: PythonTime, isFold: Bool) {
        (storedHour, storedMinute, storedSecond) = (time.storedHour, time.storedMinute, time.storedSecond)
        (storedMicrosecond, offsetMicroseconds) = (time.storedMicrosecond, time.offsetMicroseconds)
        self.isFold = isFold
    }

    /// The hour, minute, second, nanosecond and, where there is an offset, the time zone, in whole seconds.
    public var components: DateComponents {
        DateComponents(
            timeZone: utcOffset.flatMap { TimeZone(secondsFromGMT: Int($0.components.seconds)) },
            hour: hour,
            minute: minute,
            second: second,
            nanosecond: microsecond * 1_000
        )
    }

    /// The microseconds since midnight, by the clock on the wall.
    var microsecondsOfDay: Int { ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond }

    /// The offset from UTC in microseconds.
    var utcOffsetMicroseconds: Int? { offsetMicroseconds.map { Int($0) } }
}

extension PythonTime: LosslessStringConvertible {
    /// `HH:MM:SS`, with `.ffffff` if there are microseconds and `±HH:MM` if there is an offset.
    public var description: String {
        var text = Self.clock(microsecondsOfDay, showsSeconds: true)
        if let offset = offsetMicroseconds {
            text += (offset < 0 ? "-" : "+") + Self.clock(Int(offset.magnitude), showsSeconds: false)
        }
        return text
    }

    private static func clock(_ microseconds: Int, showsSeconds: Bool) -> String {
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        var text = "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2))"
        if showsSeconds || seconds % 60 != 0 || fraction != 0 { text += ":\(padded(seconds % 60, 2))" }
        if fraction != 0 { text += ".\(padded(fraction, 6))" }
        return text
    }
}

extension PythonTime: Codable {
    /// Reads what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        if case .time(let time)? = try? PythonValue(from: decoder) {
            self = time
        } else {
            self = try decoder.pythonScalar { PythonTime($0) }
        }
    }

    /// Writes ISO 8601, or, for a time with a fold, the form that ``PythonValue`` has.
    public func encode(to encoder: any Encoder) throws {
        if isFold { return try PythonValue.time(self).encode(to: encoder) }
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Duration {
    /// The duration in microseconds, or `nil` if it is finer.
    var exactMicroseconds: Int128? {
        let (microseconds, rest) = attosecondCount.quotientAndRemainder(dividingBy: 1_000_000_000_000)
        return rest == 0 ? microseconds : nil
    }

    /// The duration in microseconds, rounded as Python rounds: halves to the even one.
    var roundedMicroseconds: Int128 {
        let unit: Int128 = 1_000_000_000_000
        var (microseconds, rest) = attosecondCount.quotientAndRemainder(dividingBy: unit)
        if rest < 0 { (microseconds, rest) = (microseconds - 1, rest + unit) }
        return 2 * rest > unit || (2 * rest == unit && microseconds % 2 != 0) ? microseconds + 1 : microseconds
    }

    /// The duration in attoseconds.
    var attosecondCount: Int128 {
        Int128(components.seconds) * 1_000_000_000_000_000_000 + Int128(components.attoseconds)
    }

    /// Makes a duration of attoseconds; `nil` if a `Duration` cannot hold so many.
    init?(attosecondCount: Int128) {
        let (seconds, attoseconds) = attosecondCount.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        guard let seconds = Int64(exactly: seconds) else { return nil }
        self.init(secondsComponent: seconds, attosecondsComponent: Int64(attoseconds))
    }
}

/// A reader of dates and times in ISO 8601, as Python's `isoformat` writes them.
struct ISOReader {
    private var text: ArraySlice<UInt8>

    init(_ text: String) {
        self.text = Array(text.utf8)[...]
    }

    var isAtEnd: Bool { text.isEmpty }

    /// `YYYY-MM-DD`.
    mutating func date() -> PythonDate? {
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2) else { return nil }
        return PythonDate(year: year, month: month, day: day)
    }

    /// A time of day, perhaps with an offset.
    mutating func time() -> PythonTime? {
        guard let clock = clock() else { return nil }
        var offset: Duration?
        if skip("Z") {
            offset = .zero
        } else if text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-") {
            let isNegative = text.removeFirst() == UInt8(ascii: "-")
            guard let zone = self.clock() else { return nil }
            offset = .microseconds(isNegative ? -zone : zone)
        }
        let seconds = clock / 1_000_000
        return PythonTime(
            hour: seconds / 3_600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            microsecond: clock % 1_000_000,
            utcOffset: offset
        )
    }

    /// A date, `T` or a blank, and a time.
    mutating func dateTime() -> PythonDateTime? {
        guard let date = date(), skip("T") || skip(" "), let time = time() else { return nil }
        return PythonDateTime(date, time)
    }

    /// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.f` with up to six digits, in microseconds.
    private mutating func clock() -> Int? {
        guard let hour = number(2), hour < 24, skip(":"), let minute = number(2), minute < 60 else { return nil }
        var microseconds = (hour * 60 + minute) * 60_000_000
        guard skip(":") else { return microseconds }
        guard let second = number(2), second < 60 else { return nil }
        microseconds += second * 1_000_000
        guard skip(".") else { return microseconds }
        let digits = text.prefix { (0x30...0x39).contains($0) }
        guard (1...6).contains(digits.count), var fraction = number(digits.count) else { return nil }
        for _ in digits.count..<6 { fraction *= 10 }
        return microseconds + fraction
    }

    private mutating func number(_ count: Int) -> Int? {
        let digits = text.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        text = text.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
    }

    private mutating func skip(_ letter: Unicode.Scalar) -> Bool {
        guard text.first == UInt8(ascii: letter) else { return false }
        text = text.dropFirst()
        return true
    }
}
