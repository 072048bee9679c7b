// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

extension ToolDefinition {
    /// All tools, in the order in which clients get them.
    static func all(limits: Limits, maxSessions: Int, maxUndoPoints: Int, note: String, sharesDefault: Bool = true)
        -> [ToolDefinition]
    {
        let time = limits.time.map { "\(LimitBreach.Amount.time($0))" } ?? "any time"
        let memory = "\(LimitBreach.Amount.bytes(limits.memoryBytes))"
        let all = [
            runPython(time: time, memory: memory, note: note), writeFile, readFile,
            forkSession(maxSessions: maxSessions), undoRun(maxUndoPoints: maxUndoPoints), resumePython,
        ]
        return sharesDefault ? all : all.map(\.withoutDefaultSession)
    }

    private static func runPython(time: String, memory: String, note: String) -> ToolDefinition {
        ToolDefinition(
            name: "run_python",
            title: "Run Python",
            description: """
                Runs Python 3.14 in an isolated sandbox and returns what it printed, the value of its last expression, and \
                the pictures and tables that it displayed. Variables, imports and files stay for later calls with the \
                same `session`. `await` works at the top level. There are the standard library\(note); no network, no \
                processes, no pip. Files below /out are offered for download. Each call may take \(time) and \(memory) \
                of memory. An exception comes back with the line that raised it, and what ran before that line stays; \
                undo_run takes it back.
                """,
            input: ToolSchemas.object(
                [
                    (
                        "code",
                        ToolSchemas.string(
                            "Python source, of several lines if need be. End with an expression to get its value."
                        )
                    ),
                    ("session", ToolSchemas.session), ("timeout_seconds", ToolSchemas.timeout),
                    (
                        "tools",
                        ToolSchemas.array(
                            "Functions of yours that the code may await, here and in later calls. When it awaits one, "
                                + "the answer has the status `needs_results` and the calls: answer them with resume_python.",
                            of: [
                                "anyOf": [
                                    ["type": "string"],
                                    ToolSchemas.object(
                                        [
                                            ("name", ["type": "string"]), ("description", ["type": "string"]),
                                            ("input_schema", ["type": "object"]),
                                        ],
                                        required: ["name"]
                                    ),
                                ]
                            ]
                        )
                    ),
                ],
                required: ["code"]
            ),
            output: ToolSchemas.run
        )
    }

    private static let writeFile = ToolDefinition(
        name: "write_file",
        title: "Write a file",
        description: "Writes a file in a session, where the code of run_python can read it. Give `text` or `base64`.",
        input: ToolSchemas.object(
            [
                ("path", ToolSchemas.string("An absolute path such as /data/table.csv; folders on the way are made.")),
                ("text", ToolSchemas.string("The contents, as text.")),
                ("base64", ToolSchemas.string("The contents, as bytes in base64.")), ("session", ToolSchemas.session),
            ],
            required: ["path"]
        ),
        output: ToolSchemas.object(
            [
                ("session", ["type": "string"]), ("path", ["type": "string"]), ("bytes", ["type": "integer"]),
                ("uri", ["type": "string"]),
            ],
            required: ["session", "path", "bytes", "uri"]
        )
    )

    private static let readFile = ToolDefinition(
        name: "read_file",
        title: "Read a file",
        description: "Reads a file of a session: text as it is, pictures as pictures, other bytes in base64.",
        input: ToolSchemas.object(
            [
                ("path", ToolSchemas.string("The file's absolute path.")), ("session", ToolSchemas.session),
                ("offset", ToolSchemas.integer("The first byte; default 0.", minimum: 0)),
                (
                    "max_bytes",
                    ToolSchemas.integer("How much to read at most; default 100,000.", minimum: 1, maximum: 10_000_000)
                ),
            ],
            required: ["path"]
        ),
        output: ToolSchemas.object(
            [
                ("session", ["type": "string"]), ("path", ["type": "string"]), ("bytes", ["type": "integer"]),
                ("offset", ["type": "integer"]), ("truncated", ["type": "boolean"]), ("text", ["type": "string"]),
                ("base64", ["type": "string"]),
            ],
            required: ["session", "path", "bytes", "offset", "truncated"]
        ),
        isReadOnly: true
    )

    private static func forkSession(maxSessions: Int) -> ToolDefinition {
        ToolDefinition(
            name: "fork_session",
            title: "Fork a session",
            description: """
                Copies a session in its present state, variables and files, in about a millisecond: try something in the \
                copy without touching the original. There can be \(maxSessions) sessions; the one that was not used for \
                the longest time goes when another is made.
                """,
            input: ToolSchemas.object([
                ("session", ToolSchemas.session),
                ("count", ToolSchemas.integer("How many copies; default 1.", minimum: 1, maximum: 16)),
            ]),
            output: ToolSchemas.object(
                [
                    ("session", ["type": "string"]),
                    ("sessions", ["type": "array", "items": ["type": "string"]]),
                ],
                required: ["session", "sessions"]
            )
        )
    }

    private static func undoRun(maxUndoPoints: Int) -> ToolDefinition {
        ToolDefinition(
            name: "undo_run",
            title: "Undo a run",
            description: """
                Takes a session back to before its last run, or to after the run `to_run` (0 is the beginning): variables, \
                files, and a program that waits. The last \(maxUndoPoints) runs can be taken back.
                """,
            input: ToolSchemas.object([
                ("session", ToolSchemas.session),
                ("to_run", ToolSchemas.integer("The run after which the session is to be.", minimum: 0)),
            ]),
            output: ToolSchemas.object(
                [("session", ["type": "string"]), ("run", ["type": "integer"])],
                required: ["session", "run"]
            ),
            isDestructive: true
        )
    }

    private static let resumePython = ToolDefinition(
        name: "resume_python",
        title: "Resume Python",
        description: """
            Continues a program that waits for your tools: the last answer of run_python had the status `needs_results`. \
            Calls without a result here go on waiting.
            """,
        input: ToolSchemas.object(
            [
                (
                    "results",
                    ToolSchemas.array(
                        "A result for each call: `value`, any JSON, or `error`, a message that is raised as ToolError.",
                        of: ToolSchemas.object(
                            [
                                ("id", ["type": "integer", "description": "The call's number."]), ("value", [:]),
                                ("error", ["type": "string"]),
                            ],
                            required: ["id"]
                        )
                    )
                ),
                ("session", ToolSchemas.session), ("timeout_seconds", ToolSchemas.timeout),
            ],
            required: ["results"]
        ),
        output: ToolSchemas.run
    )
}
