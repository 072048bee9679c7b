// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Values print as CPython prints them: the host's own Python is asked, which sends them as a guest would.
@Suite(.timeLimit(.minutes(5)))
struct RepresentationTests {
    private static let runtime = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Guest/runtime").standardized.path

    /// Has Python make values, and returns what it sends and what `repr` and `str` make of each.
    private func values(_ program: String) async throws -> [(value: PythonValue, repr: String, str: String)] {
        let output = try await HostPython.run(
            """
            import sys
            sys.path.insert(0, \(PythonValue(Self.runtime).representation))
            import array, collections, dataclasses, datetime, decimal, enum, json, math, pathlib, random, uuid
            from terrarium_runtime.value_encoding import ValueEncoder
            \(program)
            encoder = ValueEncoder(1 << 30, exact=True)
            for value in values:
                print(json.dumps([encoder.encode(value), repr(value), str(value)]))
            """
        )
        return try output.split(separator: "\n").map { line in
            let parts = try PythonValue(json: String(line))
            let (json, repr, str) = try (#require(parts[0]?.string), #require(parts[1]), #require(parts[2]))
            var reader = MessageValueReader(memory: nil, maxBytes: .max)
            // Lone surrogates, which no output can carry, are escapes in what is printed here.
            return (try reader.value(PythonValue(json: json)), repr.description, str.description)
        }
    }

    @Test("Values of each kind print as Python's repr has them, and a str as itself")
    func table() async throws {
        let values = try await values(
            #"""
            class Color(enum.Enum):
                RED = 1
                NAME = 'it\'s'
            @dataclasses.dataclass
            class Point:
                x: int
                y: object
            Pair = collections.namedtuple('Pair', 'a b')
            utc = datetime.timezone.utc
            def zone(**parts): return datetime.timezone(datetime.timedelta(**parts))
            values = [
                None, True, False, 0, -17, 10 ** 40, -10 ** 700, 0.0, -0.0, 1e16, 1e15, 1e-5, 0.0001, math.nan, math.inf,
                -math.inf, 1j, -0j, complex(-0.0, 1), complex(1, -0.0), complex(math.nan, -math.inf), 1.5 - 2j,
                '', "it's", '"', '\'"', 'a\\b\n\t\r\0\x7f\x80\xa0\xad é 日本 😀 \u2028 \ud800', b'', b"it's", b'"\'\\\n\x00\xff~',
                [], (), (1,), (1, 2), [[], ()], {}, {1: 2, 'a': None, (1, 2): [3], None: True}, {'$a': 1},
                set(), {1}, frozenset(), frozenset({'x'}), {'a': {'b': ("it's", b'q', {2.5})}},
                datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.datetime(2024, 5, 6),
                datetime.datetime(2024, 5, 6, 7, 8), datetime.datetime(2024, 5, 6, 7, 8, 9),
                datetime.datetime(2024, 5, 6, 7, 8, 0, 1), datetime.datetime(1, 1, 1, 0, 0, 59, 999999, utc),
                datetime.datetime(2024, 5, 6, 7, 8, tzinfo=zone(hours=-3, seconds=5)),
                datetime.datetime(2024, 5, 6, tzinfo=zone(microseconds=1)), datetime.time(), datetime.time(1, 2, 3, 4),
                datetime.time(23, 59, 59, tzinfo=utc), datetime.time(1, tzinfo=zone(hours=14)),
                datetime.timedelta(), datetime.timedelta(1), datetime.timedelta(microseconds=-1), datetime.timedelta.min,
                datetime.timedelta.max, datetime.timedelta(seconds=5), datetime.timedelta(-3, 7, 5),
                decimal.Decimal('NaN'), decimal.Decimal('sNaN12'), decimal.Decimal('-Infinity'), decimal.Decimal('-0E+5'),
                decimal.Decimal('1.50'), decimal.Decimal('1E-30'), uuid.UUID(int=5), pathlib.PosixPath("/it's"),
                Color.RED, Color.NAME, [Color.RED], Point(1, "it's"), Pair((1,), Point(2.0, None)), [object], (),
            ]
            values.remove([object])
            """#
        )
        #expect(values.count == 77)
        for (value, repr, str) in values {
            #expect(PythonString(value.representation).description == repr)
            if case .string = value { #expect(value.description == str) }
            switch value {
            // These are what their Swift types print.
            case .dateTime(let value): #expect(value.description == str)
            case .date(let value): #expect(value.description == str)
            case .time(let value): #expect(value.description == str)
            case .decimal(let value): #expect(value.description == str)
            case .int(let value): #expect(value.description == str)
            default: break
            }
        }
    }

    @Test("Nested values of all kinds, made at random, print as Python's repr has them")
    func random() async throws {
        let values = try await values(
            #"""
            random.seed(7)
            day = datetime.datetime(2000, 1, 1)
            def text(): return ''.join(random.choice('a\'"\\\n\x1b é日😀\u200b\ud801') for _ in range(random.randrange(6)))
            def scalar():
                return random.choice([
                    lambda: None, lambda: random.random() < 0.5, lambda: random.randrange(-1000, 1000),
                    lambda: random.getrandbits(random.randrange(1, 900)), lambda: random.uniform(-1, 1) * 10.0 ** random.randrange(-25, 25),
                    text, lambda: random.randbytes(random.randrange(6)), lambda: complex(random.gauss(0, 1), random.choice([0.0, -0.0, 3])),
                    lambda: day + datetime.timedelta(random.uniform(-700_000, 2_900_000)),
                    lambda: datetime.timedelta(random.uniform(-10, 10)),
                    lambda: decimal.Decimal(random.randrange(10 ** 12)).scaleb(random.randrange(-20, 20)),
                    lambda: uuid.UUID(int=random.getrandbits(128)),
                ])()
            def value(depth):
                if depth == 0 or random.random() < 0.3: return scalar()
                many = range(random.randrange(4))
                return random.choice([
                    lambda: [value(depth - 1) for _ in many], lambda: tuple(value(depth - 1) for _ in many),
                    lambda: {text(): value(depth - 1) for _ in many}, lambda: {scalar(): value(depth - 1) for _ in many},
                    lambda: frozenset([scalar()]), lambda: {scalar()},
                ])()
            values = [value(4) for _ in range(2_000)]
            """#
        )
        #expect(values.count == 2_000)
        for (value, repr, _) in values { #expect(value.representation == repr) }
    }

    @Test("The second of two equal wall-clock times prints with its fold")
    func folds() throws {
        let value = PythonDateTime(year: 2024, month: 10, day: 27, hour: 2, utcOffset: .seconds(3_600), isFold: true)
        let expected =
            "datetime.datetime(2024, 10, 27, 2, 0, fold=1, tzinfo=datetime.timezone(datetime.timedelta(seconds=3600)))"
        #expect(PythonValue.dateTime(try #require(value)).representation == expected)
    }

    @Test("A string prints its text, in which lone surrogates are escapes")
    func strings() {
        #expect("\(PythonString("a\u{1F600}"))" == "a\u{1F600}")
        #expect("\(PythonString(codePoints: [0x61, 0xDC80]))" == #"a\udc80"#)
    }
}
