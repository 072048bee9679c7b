// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Results as a server passes them on, and as a test makes them.
@Suite(.timeLimit(.minutes(5)))
struct ResultCodableTests {
    private func expectSame<Value: Codable & Equatable>(
        _ value: Value,
        sourceLocation: SourceLocation = #_sourceLocation
    )
        throws
    {
        let json = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(Value.self, from: json) == value, sourceLocation: sourceLocation)
        let list = try PropertyListEncoder().encode([value])
        #expect(try PropertyListDecoder().decode([Value].self, from: list) == [value], sourceLocation: sourceLocation)
    }

    @Test("What was made by hand is read as it was written")
    func made() throws {
        var cause = PythonError(type: "KeyError", message: "'a'")
        cause.frames = [PythonError.Frame(file: "/main.py", line: 3, function: "f", source: "d['a']", column: 0)]
        var error = PythonError(type: "ExceptionGroup", message: "two")
        (error.cause, error.context, error.exceptions, error.notes) = (cause, cause, [cause, cause], ["a note"])
        error.syntax = PythonError.SyntaxPosition(file: "x.py", line: 1, column: 2, source: "1 +")
        let display = Display(data: ["text/plain": "A", "image/png": "iVBORw0K"], metadata: ["width": 3], id: "d1")
        let breach = LimitBreach(.memory, used: .bytes(70 << 20), allowed: .bytes(64 << 20))
        let run = Run(
            value: .tuple([1, "a", .set([1], isFrozen: true)]),
            text: "(1, 'a', frozenset({1}))",
            display: display,
            error: error,
            isErrorShown: true,
            exitCode: 3,
            output: "out\u{0}é",
            errorOutput: "err",
            displays: [display],
            usage: Usage(
                time: .nanoseconds(1),
                processorTime: .seconds(2),
                memoryBytes: 3,
                outputBytes: 4,
                hostCalls: 5
            ),
            breaches: [breach, LimitBreach(.time, used: .time(.seconds(6)), allowed: .time(.milliseconds(5_500)))]
        )
        try expectSame(run)
        try expectSame(Run())
        try expectSame(run.usage)
        try expectSame(error)
        let progress = ProgressReport(id: 1, done: 2, total: nil, label: "rows", isFinished: false)
        let call = HostCall(id: 7, function: "fetch", arguments: [nil, 1.5, .bytes([0, 255])])
        let events: [RunEvent] = [
            .output(OutputChunk(.standardError, [0xFF, 0x0A])), .display(display), .cleared, .progress(progress),
            .call(function: "fetch", arguments: call.arguments), .finished(run),
        ]
        try expectSame(events)
        try expectSame(call)
        try expectSame([
            try call.answered(with: ["a": 1]), call.failed(with: PythonException("KeyError", "no such page")),
            HostCall.Answer(1, value: nil),
        ])
        try expectSame(Problem(severity: .warning, kind: .missingAwait, message: "await it", line: 1, column: nil))
        try expectSame(Completions(start: 3, matches: [Completions.Match(text: "sqrt", kind: .function)]))
        try expectSame(Inspection(name: "f", type: "function", signature: "f(a)", text: "…"))
    }

    @Test("What a program left is read as it was written, every event of its stream included")
    func real() async throws {
        let greet = HostFunction("greet", parameters: "name") { (name: String) async throws -> String in "Hi \(name)" }
        let sandbox = Sandbox(try await TestImage.python, functions: [greet], limits: TestImage.patient)
        let code = """
            import sys, decimal, datetime
            print('out'); print('err', file=sys.stderr)
            await greet('Ann')
            try:
                {}['missing']
            except KeyError as error:
                raise ValueError(decimal.Decimal('1.50'), datetime.date(2026, 1, 2)) from error
            """
        var events: [RunEvent] = []
        for try await event in sandbox.stream(Program(code)) { events.append(event) }
        #expect(events.count >= 4)
        try expectSame(events)
        let value = try await sandbox.run(
            Program(
                "{(1, 2): decimal.Decimal('1.50'), 'd': [datetime.date(2026, 1, 2), 2 ** 200, b'\\xff']}",
                forms: [.value, .text]
            )
        )
        #expect(value.error == nil && value.text?.hasPrefix("{(1, 2)") == true)
        try expectSame(value)
    }

    @Test("Answers to calls that contradict themselves are refused, and names that are not known are kept")
    func odd() throws {
        let decoder = JSONDecoder()
        #expect(throws: DecodingError.self) { try decoder.decode(RunEvent.self, from: Data("{}".utf8)) }
        #expect(throws: DecodingError.self) {
            try decoder.decode(RunEvent.self, from: Data(#"{"finished": 1, "progress": 2}"#.utf8))
        }
        #expect(throws: DecodingError.self) { try decoder.decode(HostCall.Answer.self, from: Data(#"{"id": 1}"#.utf8)) }
        let limit = try decoder.decode([LimitBreach.Limit].self, from: Data(#"["ofTomorrow"]"#.utf8))
        #expect(limit == [LimitBreach.Limit("ofTomorrow")])
    }
}
