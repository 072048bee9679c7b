// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// Source code that nests as deep as CPython allows, and deeper.
@Suite(.timeLimit(.minutes(5)))
struct NestingTests {
    /// Forms whose nesting CPython's tokenizer bounds, with the text before and after the middle.
    private static let bracketed = [
        "('[', '', ']')", "('(', '1', ')')", "('f(', '', ')')", "('{1:', '1', '}')", "('a[', '0', ']')",
        "('f(*', 'x', ')')", "('1 + (', '1', ')')",
    ]

    @Test("Brackets nest 200 deep, as in any CPython, and one more is a SyntaxError", arguments: bracketed)
    func brackets(form: String) async throws {
        let code = """
            before, middle, after = \(form)
            for depth in (100, 200, 201):
                try: compile(before * depth + middle + after * depth, '', 'eval'); print(depth)
                except SyntaxError as error: print(error.msg)
            """
        let folder = try TemporaryFolder()
        let script = try folder.write("script.py", code).path
        let inside = try await TerrariumBinary.run(["run", script])
        #expect(inside.outputText == "100\n200\ntoo many nested parentheses\n", "\(inside.errorText)")
        #expect(try await HostPython.run(code) == inside.outputText)
    }

    @Test("What nests deeper than the parser's stack is an exception, after which the sandbox goes on")
    func deeper() async throws {
        let code = """
            forms = [('not ', '1', ''), ('-', '1', ''), ('lambda: ', '1', ''), ('1 if 1 else ', '1', ''), ('1 ** ', '1', '')]
            for before, middle, after in forms:
                for depth in (1_500, 20_000, 200_000):
                    try: compile(before * depth + middle + after * depth, '', 'eval'); print(depth, end=' ')
                    except (MemoryError, RecursionError) as error: print(type(error).__name__, end=' ')
                print(eval('2 + 2'))
            """
        let folder = try TemporaryFolder()
        let inside = try await TerrariumBinary.run(["run", folder.write("script.py", code).path])
        let lines = inside.outputText.split(separator: "\n")
        #expect(lines.count == 5 && lines.allSatisfy { $0.hasPrefix("1500 ") && $0.hasSuffix("Error 4") }, "\(inside)")
    }
}
