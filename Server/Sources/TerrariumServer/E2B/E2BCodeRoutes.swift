// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Terrarium

/// The part of E2B's protocol that runs code: its code interpreter, which answers line by line.
struct E2BCodeRoutes: Sendable {
    let sandboxes: E2BSandboxes
    let runner: SessionRunner
    let maxBodyBytes: Int

    private static let maxVariables = 64
    private static let maxCodeBytes = 4 << 20
    /// The only context that a sandbox has.
    private static let context = "default"

    var routes: [Route] {
        [
            sandboxes.route(.post, "/execute", execute),
            sandboxes.route(.get, "/contexts") { _, _ in
                .json([["id": PythonValue(Self.context), "language": "python", "cwd": PythonValue(E2BSandboxes.home)]])
            },
            refusal(.post, "/contexts", "A sandbox has one context here: make another sandbox, or fork this one."),
            refusal(.delete, "/contexts/{context}", "A sandbox has one context here, which cannot be removed."),
            refusal(.post, "/contexts/{context}/restart", "A context cannot be restarted here: make another sandbox."),
        ]
    }

    private func refusal(_ method: HTTPRequest.Method, _ path: String, _ sentence: String) -> Route {
        sandboxes.route(method, path) { _, _ in throw E2BProblem.unsupported(sentence) }
    }

    @Sendable private func execute(_ exchange: Exchange, _ session: ServerSession) async throws -> Response {
        var (object, _) = try await exchange.objectAndBody(maxBytes: maxBodyBytes)
        let code = object.text("code", maxBytes: Self.maxCodeBytes)
        let language = object.text("language")?.lowercased() ?? "python"
        let context = object.text("context_id") ?? Self.context
        let variables = object.textMembers("env_vars", maxCount: Self.maxVariables) ?? []
        guard object.faults.isEmpty, let code else {
            throw ProblemDetails.invalidRequest("The request must have the code as a string, and variables as strings.")
        }
        guard ["python", "python3", "py"].contains(language) else {
            throw E2BProblem.unsupported("Code runs as Python here, and not as \(language.prefix(32)).")
        }
        guard context == Self.context else { throw ProblemDetails.notFound }
        try sandboxes.registry.checkStoredBytes(of: session.tenant)
        try runner.runner.quotas.check(session.tenant, counts: false)
        var request = RunRequest(Program(code, forms: [.text, .display]))
        request.variables = variables
        let (run, _) = try runner.start(request, in: session)
        let lines = ExecutionLines(run: run.number)
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-ndjson", .accelBuffering: "no"],
            // A client that goes away interrupts the program; the sandbox keeps what it did.
            body: EventStream.body(run.log, heartbeat: .seconds(5), onGone: { run.stop(session.awakeSandbox) }) {
                next in
                lines.bytes(next)
            }
        )
    }
}

/// The events of a run as lines of JSON.
private struct ExecutionLines: Sendable {
    let run: Int

    /// The members of a result by the media types of a display.
    private static let members: [(type: PythonString, name: PythonString)] = [
        ("text/plain", "text"), ("text/html", "html"), ("text/markdown", "markdown"), ("image/svg+xml", "svg"),
        ("image/png", "png"), ("image/jpeg", "jpeg"), ("application/pdf", "pdf"), ("text/latex", "latex"),
        ("application/json", "json"), ("application/javascript", "javascript"), ("e2b/data", "data"),
        ("e2b/chart", "chart"),
    ]

    func bytes(_ next: RunLog.Next) -> [UInt8] {
        switch next {
        case .event(let event):
            let value = (try? PythonValue(json: event.data)) ?? .null
            return lines(event.name, value).flatMap(Self.line)
        case .gap: return Self.line(["type": "stderr", "text": "(output is missing here)\n", "timestamp": Self.now])
        case .nothing: return Self.line(["type": "keepalive"])
        case .end: return []
        }
    }

    private func lines(_ name: String, _ value: PythonValue) -> [PythonValue] {
        switch name {
        case "output":
            return [["type": value["stream"] ?? "stdout", "text": value["text"] ?? "", "timestamp": Self.now]]
        case "display": return [Self.result(value["data"], isMain: false)]
        case "finished": return ends(value)
        case "problem":
            let text = value["detail"] ?? value["title"] ?? "The run failed."
            return [["type": "error", "name": "SandboxError", "value": text, "traceback": text]]
        default: return []
        }
    }

    private func ends(_ answer: PythonValue) -> [PythonValue] {
        var lines: [PythonValue] = []
        if let error = answer["error"] {
            let message = error["message"] ?? ""
            lines.append([
                "type": "error", "name": error["type"] ?? "Error", "value": message,
                "traceback": error["traceback"] ?? message,
            ])
        } else if let text = answer["text"] {
            let display = answer["display"]?["data"]
            // A notebook does not show `None`, whose display is its text alone.
            if text != "None" || Self.items(of: display).count > 1 {
                lines.append(Self.result(display, text: text, isMain: true))
            }
        }
        lines.append(["type": "number_of_executions", "execution_count": PythonValue(run)])
        lines.append(["type": "end_of_execution"])
        return lines
    }

    private static func items(of display: PythonValue?) -> [PythonValue.Item] {
        guard case .dict(let items)? = display else { return [] }
        return items
    }

    private static func result(_ data: PythonValue?, text: PythonValue? = nil, isMain: Bool) -> PythonValue {
        var items: [PythonValue.Item] = [
            .init(key: "type", value: "result"), .init(key: "is_main_result", value: .bool(isMain)),
        ]
        var extra: [PythonValue.Item] = []
        for item in Self.items(of: data) {
            if let member = members.first(where: { $0.type.text == item.key.text }) {
                items.append(.init(key: member.name, value: item.value))
            } else {
                extra.append(item)
            }
        }
        if !items.contains(where: { $0.key.text == "text" }), let text { items.append(.init(key: "text", value: text)) }
        // A text is shown without its quotes, as E2B does.
        items = items.map { item in
            guard item.key.text == "text", let text = item.value.string else { return item }
            return .init(key: item.key, value: PythonValue(withoutQuotes(text)))
        }
        if !extra.isEmpty { items.append(.init(key: "extra", value: .dict(extra))) }
        return .dict(items)
    }

    private static func withoutQuotes(_ text: String) -> String {
        guard text.count >= 2, let first = text.first, first == "'" || first == "\"", text.last == first else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }

    /// The time in nanoseconds since 1970.
    private static var now: PythonValue { PythonValue(Int(Date.now.timeIntervalSince1970 * 1_000_000_000)) }

    private static func line(_ value: PythonValue) -> [UInt8] {
        ((try? value.json()) ?? Array("{}".utf8)) + [UInt8(ascii: "\n")]
    }
}
