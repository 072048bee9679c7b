// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A part of a command line that is a program.
struct EvaluationProgram: Sendable {
    private enum Source: Sendable {
        case script([UInt8])
        case text(String)
    }

    let phase: Phase
    private let source: Source
    private let name: String

    /// A script, whose value nobody asks for.
    init(script bytes: [UInt8], name: String) {
        source = .script(bytes)
        self.name = name
        phase = .statements
    }

    /// An argument.
    init(source: String, number: Int, phase: Phase) {
        self.source = .text(source)
        name = "<argument \(number)>"
        self.phase = phase
    }

    /// The program for a sandbox.
    func program(_ standardInput: StandardInput?) -> Program {
        switch source {
        case .script(let bytes):
            var program = Program(script: bytes, path: name)
            // Its names are those that the arguments find.
            program.kind = .cell
            program.standardInput = standardInput
            return program
        case .text(let text):
            // An expression may stand on a line of its own that begins with blanks, as for the original's `eval`.
            let code = phase == .expression ? String(text.drop { $0 == " " || $0 == "\t" }) : text
            let forms: Run.Forms = phase == .expression ? [.value, .text] : []
            return Program(code, name: name, standardInput: standardInput, forms: forms)
        }
    }

    /// The source for a component, which takes text.
    func text() throws -> String {
        switch source {
        case .text(let text): return text
        case .script(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CommandFailure.usage("\(name) is not UTF-8 text.")
            }
            return text
        }
    }
}
