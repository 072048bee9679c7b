// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A value with what there is to say of it to a program: arrays as lists, with their type and shape.
struct EvaluationReport {
    let value: PythonValue
    let text: String
    /// `dtype` and `shape` of an array, and `file` if it is too large to be written out.
    let array: [PythonValue.Item]

    /// Has the guest evaluate an expression and report; `nil` if it is not Terrarium's own Python, which is not asked then.
    ///
    /// - Throws: As `Sandbox.eval`.
    init?(of expression: String, in sandbox: Sandbox) async throws {
        let session = "__import__('guest').session"
        guard sandbox.image.isCopyable, (try? await sandbox.eval("callable(\(session).report)")) == true else {
            return nil
        }
        // A JSON string is one of Python's too.
        let answer = try await sandbox.eval("\(session).report(\(JSONText.string(expression)))")
        guard case .dict(let items) = answer else { return nil }
        value = answer["value"] ?? .null
        text = answer["text"]?.description ?? ""
        array = items.filter { ["dtype", "shape", "file"].contains($0.key.text) }
    }
}
