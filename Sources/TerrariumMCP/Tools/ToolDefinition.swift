// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A tool as clients learn of it.
struct ToolDefinition: Sendable {
    let name: String
    let title: String
    let description: String
    var input: PythonValue
    let output: PythonValue?
    var isReadOnly = false
    var isDestructive = false

    /// The tool of a service in which calls that name no session make one.
    var withoutDefaultSession: ToolDefinition {
        guard case .dict(var members) = input, let index = members.firstIndex(where: { $0.key == "properties" }),
            case .dict(let properties) = members[index].value
        else { return self }
        let changed = properties.map { property in
            property.value == ToolSchemas.session
                ? PythonValue.Item(key: property.key, value: ToolSchemas.optionalSession) : property
        }
        members[index] = .init(key: members[index].key, value: .dict(changed))
        var tool = self
        tool.input = .dict(members)
        return tool
    }

    /// The tool as a revision has it.
    func value(_ revision: MCPRevision) -> PythonValue {
        var items: [PythonValue.Item] = [
            .init(key: "name", value: PythonValue(name)), .init(key: "description", value: PythonValue(description)),
            .init(key: "inputSchema", value: input),
        ]
        if revision.hasStructuredContent {
            items.insert(.init(key: "title", value: PythonValue(title)), at: 1)
            if let output { items.append(.init(key: "outputSchema", value: output)) }
        }
        if revision.hasAnnotations {
            let annotations: PythonValue = [
                "title": PythonValue(title), "readOnlyHint": .bool(isReadOnly), "destructiveHint": .bool(isDestructive),
                "idempotentHint": .bool(isReadOnly), "openWorldHint": false,
            ]
            items.append(.init(key: "annotations", value: annotations))
        }
        return .dict(items)
    }
}

/// The schemas of the tools, in [JSON Schema](https://json-schema.org/draft/2020-12).
enum ToolSchemas {
    static func object(_ properties: [(String, PythonValue)], required: [String] = []) -> PythonValue {
        let members = properties.map { PythonValue.Item(key: PythonString($0.0), value: $0.1) }
        var items: [PythonValue.Item] = [
            .init(key: "type", value: "object"), .init(key: "properties", value: .dict(members)),
        ]
        if !required.isEmpty {
            items.append(.init(key: "required", value: .list(required.map { PythonValue($0) })))
        }
        return .dict(items)
    }

    static func string(_ description: String) -> PythonValue {
        ["type": "string", "description": PythonValue(description)]
    }

    static func integer(_ description: String, minimum: Int, maximum: Int? = nil) -> PythonValue {
        var items: [PythonValue.Item] = [
            .init(key: "type", value: "integer"), .init(key: "description", value: PythonValue(description)),
            .init(key: "minimum", value: PythonValue(minimum)),
        ]
        if let maximum { items.append(.init(key: "maximum", value: PythonValue(maximum))) }
        return .dict(items)
    }

    static func array(_ description: String, of items: PythonValue) -> PythonValue {
        ["type": "array", "description": PythonValue(description), "items": items]
    }

    /// The handle of a session, which a load balancer may find in a header.
    static let session: PythonValue = [
        "type": "string", "x-mcp-header": "Session",
        "description": "A session named in an earlier answer; the default session if left out.",
    ]

    /// The handle of a session, where calls without it share none.
    static let optionalSession: PythonValue = [
        "type": "string", "x-mcp-header": "Session",
        "description": "A session named in an earlier answer, to go on with it; a new one if left out.",
    ]

    static let timeout: PythonValue = [
        "type": "number", "exclusiveMinimum": 0,
        "description": "Stop the program earlier than the time limit would; what it did until then stays.",
    ]

    /// The answer of `run_python` and `resume_python`.
    static let run = object(
        [
            ("session", ["type": "string"]), ("run", ["type": "integer"]),
            ("status", ["enum": ["ok", "error", "timeout", "memory", "exited", "needs_results"]]),
            ("value", [:]), ("text", ["type": "string"]), ("stdout", ["type": "string"]),
            ("stderr", ["type": "string"]),
            (
                "error",
                object([
                    ("type", ["type": "string"]), ("message", ["type": "string"]), ("line", ["type": "integer"]),
                    ("traceback", ["type": "string"]), ("hint", ["type": "string"]),
                ])
            ),
            ("exit_code", ["type": "integer"]), ("files", ["type": "array", "items": file]),
            (
                "calls",
                [
                    "type": "array",
                    "items": object([
                        ("id", ["type": "integer"]), ("name", ["type": "string"]), ("arguments", ["type": "object"]),
                    ]),
                ]
            ),
            ("truncated", ["type": "boolean"]),
        ],
        required: ["session", "run", "status", "stdout", "stderr"]
    )

    static let file = object([
        ("path", ["type": "string"]), ("bytes", ["type": "integer"]), ("uri", ["type": "string"]),
    ])
}
