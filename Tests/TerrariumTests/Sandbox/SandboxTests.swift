// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Programs in sandboxes, and what comes of them.
@Suite(.timeLimit(.minutes(10)))
struct SandboxTests {
    func sandbox(
        functions: [HostFunction] = [],
        limits: Limits = TestImage.patient,
        input: (@Sendable @concurrent (InputRequest) async throws -> String?)? = nil
    ) async throws -> Sandbox {
        Sandbox(try await TestImage.python, functions: functions, limits: limits, input: input)
    }

    @Test("The entry point evaluates in a fresh sandbox and decodes")
    func entryPoint() async throws {
        let image = try await TestImage.python
        let four: Int = try await image.evaluate("2 + 2", limits: TestImage.patient)
        #expect(four == 4)
        #expect(try await image.run("2 + 2").value == 4)
        #expect(try await image.evaluate("leftover = 1\n'leftover'", as: String.self) == "leftover")
        await #expect(throws: PythonError.self) { try await image.evaluate("leftover", as: Int.self) }
        await #expect(throws: DecodingError.self) { try await image.evaluate("'four'", as: Int.self) }
    }

    @Test("A run has the last value, what was printed, and what was used")
    func run() async throws {
        let sandbox = try await sandbox()
        let run = try await sandbox.run("import sys\nprint('é')\nprint('e', file=sys.stderr)\nx = 2\nx ** 100")
        #expect(run.value == .int(try #require(PythonInteger("1267650600228229401496703205376"))))
        #expect(run.output == "é\n")
        #expect(run.errorOutput == "e\n")
        #expect(run.error == nil && run.breaches.isEmpty && run.exitCode == nil)
        #expect(run.usage.outputBytes == 5)
        #expect(run.usage.time > .zero && run.usage.processorTime > .zero)
        #expect(try await sandbox.run("x = 3").value == nil)
        #expect(try await sandbox.run("import sys; sys.exit(3)").exitCode == 3)
        #expect(try await sandbox.evaluate("x") == 3)
    }

    @Test("Files count as usage")
    func fileUsage() async throws {
        let sandbox = try await sandbox()
        let before = try await sandbox.run("").usage
        try await sandbox.write("/in.txt", Array("a".utf8))
        let run = try await sandbox.run("import os\nos.mkdir('/d')\nopen('/d/f', 'w').write('x' * 100_000)")
        #expect(run.usage.fileCount == before.fileCount + 3)
        #expect(run.usage.fileBytes >= before.fileBytes + 100_001)
        #expect(try await sandbox.read("/d/f").count == 100_000)
    }

    @Test("Values of every kind arrive as they are")
    func values() async throws {
        let sandbox = try await sandbox()
        let source = """
            import array, dataclasses, datetime, decimal, enum, fractions, pathlib, uuid
            class Color(enum.Enum):
                RED = 1
            @dataclasses.dataclass
            class Point:
                x: int
                y: float
            [None, True, -5, 2.5, float('inf'), 1+2j, 'a\\ud800', b'\\x00\\xff', bytearray(b'x'), (1, 2), {3},
             frozenset(), {'a': 1}, {1: 2}, {'$bytes': 'no tag'},
             datetime.datetime(2024, 5, 6, 7, 8, 9, 10), datetime.date(2024, 5, 6),
             datetime.time(1, 2), datetime.timedelta(days=1), decimal.Decimal('1.50'), uuid.UUID(int=1),
             pathlib.PurePosixPath('/a'), Color.RED, Point(1, 2.0), array.array('d', [1, 2]), fractions.Fraction(1, 3)]
            """
        guard case .list(let values)? = try await sandbox.run(Program(source)).value else {
            Issue.record("no list")
            return
        }
        let expected: [PythonValue] = [
            nil, true, -5, 2.5, .float(.infinity), .complex(real: 1, imaginary: 2),
            .string(PythonString(codePoints: [0x61, 0xD800])), .bytes([0, 255]), .bytes([0x78]), [1, 2],
            .set([3], isFrozen: false), .set([], isFrozen: true), ["a": 1], .mapping([.init(key: 1, value: 2)]),
            ["$bytes": "no tag"], .dateTime(try #require(PythonDateTime("2024-05-06T07:08:09.000010"))),
            .date(try #require(PythonDate("2024-05-06"))), .time(try #require(PythonTime("01:02:00"))),
            .timeDelta(.seconds(86_400)), .decimal(try #require(PythonDecimal("1.50"))),
            .uuid(try #require(UUID(uuidString: "00000000-0000-0000-0000-000000000001"))), .path("/a"),
            .enumeration(type: "Color", name: "RED", value: 1),
            .record(type: "Point", fields: [.init(key: "x", value: 1), .init(key: "y", value: 2.0)]),
            .array(NumericArray([1.0, 2.0])),
        ]
        #expect(Array(values.dropLast()) == expected)
        #expect(values.last == .other(representation: "Fraction(1, 3)"))
    }

    @Test("Large buffers are read from the sandbox's memory, and are the bytes that Python has")
    func largeBuffers() async throws {
        let sandbox = try await sandbox()
        let bytes: [UInt8] = try await sandbox.evaluate("bytes(i * 7 % 256 for i in range(100_000))")
        #expect(bytes == (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) })
        let numbers: [Double] = try await sandbox.evaluate("import array\narray.array('d', range(10_000))")
        #expect(numbers == (0..<10_000).map(Double.init))
    }

    @Test("Variables are set from Swift values, and come back as they were")
    func variables() async throws {
        struct Order: Codable, Equatable {
            var id: UUID
            var at: Date
            var amount: Decimal
            var lines: [String: [Int]]
            var blob: Data
            var note: String?
            var took: Duration
        }
        let order = Order(
            id: UUID(),
            at: Date(timeIntervalSince1970: 1_700_000_000.25),
            amount: Decimal(string: "12.50") ?? 0,
            lines: ["a": [1, 2], "ü": []],
            blob: Data([0, 1, 255]),
            note: nil,
            took: .milliseconds(1_500)
        )
        let sandbox = try await sandbox()
        try await sandbox.set("order", to: order)
        #expect(try await sandbox.evaluate("order") == order)
        let types: [String] = try await sandbox.evaluate("[type(v).__name__ for v in order.values()]")
        #expect(types.sorted() == ["Decimal", "UUID", "bytes", "datetime", "dict", "timedelta"])
        try await sandbox.set("big", to: PythonInteger(String(repeating: "9", count: 2_000)))
        #expect(try await sandbox.evaluate("big == 10 ** 2000 - 1") == true)
        let nines = try #require(PythonInteger(String(repeating: "9", count: 1_000)))
        #expect(try await sandbox.run("10 ** 1000 - 1").value == .int(nines))
    }

    @Test("An exception has its type, message, frames, cause, notes and text as CPython prints it")
    func errors() async throws {
        let sandbox = try await sandbox()
        let source = """
            def f(x):
                return 1 / x
            try:
                f(0)
            except ZeroDivisionError as error:
                wrapped = ValueError('wrong')
                wrapped.add_note('a note')
                raise wrapped from error
            """
        let error = try #require(try await sandbox.run(Program(source, name: "main.py")).error)
        #expect(error.type == "ValueError" && error.message == "wrong" && error.notes == ["a note"])
        #expect(error.frames.map(\.line) == [8] && error.frames.first?.file == "main.py")
        #expect(error.cause?.type == "ZeroDivisionError")
        #expect(error.cause?.frames.map(\.function) == ["<module>", "f"])
        #expect(error.cause?.frames.last?.source?.contains("return 1 / x") == true)
        #expect(error.rendered.contains("The above exception was the direct cause"))
        #expect(error.rendered.hasSuffix("ValueError: wrong\na note\n") || error.rendered.hasSuffix("wrong\na note"))

        let group = try await sandbox.run("raise ExceptionGroup('several', [KeyError('k'), FileNotFoundError('no')])")
            .error
        #expect(group?.exceptions.map(\.type) == ["KeyError", "FileNotFoundError"])
        let syntax = try await sandbox.run(Program("x = 1\ndef = 2", name: "main.py")).error
        #expect(syntax?.type == "SyntaxError" && syntax?.syntax?.line == 2 && syntax?.syntax?.column == 4)
        #expect(syntax?.syntax?.source == "def = 2")
    }

    @Test("Displays and the rich form of a value arrive, one with the same id in the place of the first")
    func displays() async throws {
        let source = """
            class Plot:
                def __repr__(self): return 'plot'
                def _repr_png_(self): return b'\\x89PNG'
                def _repr_html_(self): return '<b>plot</b>'
            display(Plot())
            display('one', id='bar')
            display('two', id='bar')
            Plot()
            """
        let run = try await sandbox().run(Program(source, forms: [.value, .text, .display]))
        #expect(run.error == nil)
        #expect(run.displays.count == 2)
        #expect(run.displays.first?.bytes(as: "image/png") == [0x89, 0x50, 0x4E, 0x47])
        #expect(run.displays.first?.text(as: "text/html") == "<b>plot</b>")
        #expect(run.displays.last?.text == "'two'")
        #expect(run.text == "plot" && run.display?.text == "plot")
    }

    @Test("What was shown before clear_output is taken back")
    func clearedDisplays() async throws {
        let code =
            "from IPython.display import HTML, clear_output, display\ndisplay(HTML('1'))\nclear_output()\ndisplay(HTML('2'))"
        let run = try await sandbox().run(Program(code))
        #expect(run.displays.map { $0.text(as: "text/html") } == ["2"])
    }

    @Test("Threads take turns, and a program waits for them")
    func threads() async throws {
        let sandbox = try await sandbox()
        let code = """
            from concurrent.futures import ThreadPoolExecutor
            import threading, time
            with ThreadPoolExecutor(4) as pool: squares = list(pool.map(lambda n: n * n, range(5)))
            done = []
            threading.Thread(target=done.append, args=(1,)).start()
            squares
            """
        #expect(try await sandbox.evaluate(Program(code)) == [0, 1, 4, 9, 16])
        #expect(try await sandbox.evaluate("done") == [1])
        let deadlock = try await sandbox.run("lock = threading.Lock()\nlock.acquire()\nlock.acquire()")
        #expect(deadlock.error?.message.hasPrefix("this wait can never end") == true)
    }

    @Test("input() and getpass() are answered by the host, standard input by bytes")
    func input() async throws {
        let sandbox = try await sandbox(input: { request in
            request.isSecret ? "sesame" : request.prompt == "end" ? nil : "[\(request.prompt)]"
        })
        let run = try await sandbox.run("import getpass\n[input('name? '), getpass.getpass()]")
        #expect(run.value == ["[name? ]", "sesame"])
        #expect(try await sandbox.run("input('end')").error?.type == "EOFError")
        let plain = try await self.sandbox()
        let read = try await plain.run(
            Program("import sys\nsys.stdin.read()", standardInput: .bytes(Array("a\nb\n".utf8)))
        )
        #expect(read.value == "a\nb\n")
    }

    @Test("A program is checked without running, completed, and its tools are described")
    func tools() async throws {
        let sandbox = try await sandbox(functions: [
            HostFunction("fetch", "Gets a page.", parameters: "url") { (url: String) async throws -> String in url }
        ])
        let problems = try await sandbox.check("import math\nmath.sqrt(2)\nfetch()\nunknown + 1")
        #expect(Set(problems.map(\.kind)).isSuperset(of: [.call, .undefinedName]))
        #expect(try await sandbox.check("def (").first?.severity == .error)
        #expect(try await sandbox.isIncomplete("for x in y:"))
        _ = try await sandbox.run("import math")
        #expect(try await sandbox.complete("math.sq").matches.map(\.text) == ["sqrt"])
        let description = try await sandbox.toolDescription()
        #expect(description.contains("async def fetch(url: str) -> str") && description.contains("Gets a page."))
    }

    @Test("The object at the cursor is described as help() does, with its source where that is known")
    func inspection() async throws {
        let sandbox = try await sandbox()
        let code = "def area(width: float, height: float = 1) -> float:\n    'The area.'\n    return width * height"
        _ = try await sandbox.run(Program(code))
        let function = try #require(try await sandbox.inspect("x = area(2)", cursor: 6, includesSource: true))
        #expect(function.name == "area" && function.type == "function")
        #expect(function.signature?.contains("(width: float, height: float = 1) -> float") == true)
        #expect(function.documentation == "The area.")
        #expect(function.source?.contains("return width * height") == true)
        #expect(function.text.contains("The area."))
        #expect(try await sandbox.inspect("area", includesSource: false)?.source == nil)
        #expect(try await sandbox.inspect("nothing_of_the_kind") == nil)
        // A cursor outside of the text is one at its end, and text of any kind is only text.
        #expect(try await sandbox.inspect("area", cursor: 1_000)?.name == "area")
        #expect(try await sandbox.evaluate("area(2, 3)") == 6.0)
    }

    @Test("Runs that are asked for at once happen one after the other")
    func order() async throws {
        let sandbox = try await sandbox()
        _ = try await sandbox.run("import asyncio\nlog = []")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<10 {
                group.addTask {
                    _ = try await sandbox.run(
                        Program("log.append(\(index))\nawait asyncio.sleep(0.001)\nlog.append(\(index))")
                    )
                }
            }
            try await group.waitForAll()
        }
        let log: [Int] = try await sandbox.evaluate("log")
        #expect(log.count == 20 && stride(from: 0, to: 20, by: 2).allSatisfy { log[$0] == log[$0 + 1] })
    }

    @Test("A deterministic sandbox gives the same bytes each time, and takes no time to sleep")
    func determinism() async throws {
        let program = """
            import asyncio, datetime, os, random, secrets, time, uuid
            before = time.monotonic()
            time.sleep(1_000)
            await asyncio.sleep(5_000)
            print(datetime.datetime.now(), time.monotonic() - before > 6_000, uuid.uuid4(), secrets.token_hex(20))
            print(random.random(), os.urandom(5), id(object()), hash('x'))
            """
        func output(_ seed: UInt64) async throws -> String {
            let start = Date(timeIntervalSince1970: 1_000_000_000)
            let determinism = Determinism(seed: seed, start: start)
            let sandbox = Sandbox(try await TestImage.python, limits: TestImage.patient, determinism: determinism)
            let run = try await sandbox.run(Program(program))
            #expect(run.error == nil, "\(run.error?.rendered ?? "")")
            return run.output
        }
        let first = try await output(1)
        #expect(first.hasPrefix("2001-09-09 03:26:4") && first.contains("True"))
        #expect(try await output(1) == first)
        #expect(try await output(2) != first)
    }
}
