// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The answer to a call of a tool.
struct ToolResult {
    /// The blocks for the model, in the protocol's form.
    var content: [PythonValue]
    /// The same as an object, as the tool's `outputSchema` has it.
    var structured: PythonValue?
    var isError = false

    init(content: [PythonValue], structured: PythonValue? = nil, isError: Bool = false) {
        self.content = content
        self.structured = structured
        self.isError = isError
    }

    init(text: String, structured: PythonValue? = nil, isError: Bool = false) {
        self.init(content: [Self.text(text)], structured: structured, isError: isError)
    }

    static func text(_ text: String) -> PythonValue { ["type": "text", "text": PythonValue(text)] }

    /// The answer as a revision has it.
    func value(_ revision: MCPRevision) -> PythonValue {
        var content = content
        if !revision.hasStructuredContent {
            // Links came later, and a client that does not know them refuses the whole answer.
            content = content.map { block in
                guard block["type"]?.string == "resource_link" else { return block }
                return Self.text("File: \(block["uri"]?.string ?? "")")
            }
        }
        var items: [PythonValue.Item] = [
            .init(key: PythonString("content"), value: .list(content)),
            .init(key: PythonString("isError"), value: .bool(isError)),
        ]
        if revision.hasStructuredContent, let structured {
            items.append(.init(key: PythonString("structuredContent"), value: structured))
        }
        return .dict(items)
    }
}
