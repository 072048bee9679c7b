// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A program that a client wants to have run, with everything that it is given.
struct RunRequest: Sendable {
    /// The bounds of a request's parts.
    private enum Maximum {
        static let codeBytes = 4 << 20
        static let inputs = 1_000
        static let files = 1_000
        static let arguments = 1_000
        static let returnedPaths = 100
        static let pathBytes = 4_096
    }

    var program: Program
    /// The variables of the environment that are set while the program runs.
    var variables: [(name: String, value: String)] = []
    /// The files that are written before the program runs.
    var files: [(path: String, contents: [UInt8])] = []
    /// The files and folders whose contents the answer has.
    var returnedPaths: [String] = []
    /// The limits, if the request has some of its own.
    var limits: Limits?

    init(_ program: Program) {
        self.program = program
    }

    /// Reads the members that all kinds of runs have.
    ///
    /// - Parameters:
    ///   - object: The request.
    ///   - bounds: The limits that it may ask for; `nil` if it may not.
    init(_ object: inout JSONObject, bounds: LimitBounds?) {
        let code = object.text("code", maxBytes: Maximum.codeBytes)
        if code == nil, object.faults.isEmpty { object.fault("code", "It is missing.") }
        program = Program(code ?? "")
        program.forms = Self.forms(&object)
        switch object.text("kind") ?? "cell" {
        case "cell": program.kind = .cell
        case "script": program.kind = .script
        case "prompt": program.kind = .prompt
        default: object.fault("kind", "It must be cell, script or prompt.")
        }
        program.name = object.text("name", maxBytes: Maximum.pathBytes)
        for (name, value) in object.members("inputs", maxCount: Maximum.inputs) ?? [] {
            program.inputs[name] = value
        }
        program.arguments = object.texts("arguments", maxCount: Maximum.arguments)
        program.standardInput = object.bytes("stdin").map { .bytes($0) } ?? []
        files = Self.files(&object)
        for path in object.texts("return_files", maxCount: Maximum.returnedPaths) ?? [] {
            guard let path = Self.path(path) else {
                object.fault("return_files", "It must have paths.")
                break
            }
            returnedPaths.append(path)
        }
        limits = bounds?.limits(in: &object)
    }

    /// Reads the member `files`.
    static func files(_ object: inout JSONObject) -> [(path: String, contents: [UInt8])] {
        var files: [(path: String, contents: [UInt8])] = []
        for (path, value) in object.members("files", maxCount: Maximum.files) ?? [] {
            guard let path = Self.path(path), let contents = JSONObject.bytes(value) else {
                object.fault("files", "It must have paths with strings, or with {\"$bytes\": \"base64\"}.")
                break
            }
            files.append((path, contents))
        }
        return files
    }

    private static func forms(_ object: inout JSONObject) -> Run.Forms {
        guard let names = object.texts("forms", maxCount: 3) else { return [.value, .text] }
        var forms = Run.Forms()
        for name in names {
            switch name {
            case "value": forms.insert(.value)
            case "text": forms.insert(.text)
            case "display": forms.insert(.display)
            default: object.fault("forms", "It must have value, text or display.")
            }
        }
        return forms
    }

    /// An absolute path without `.` and `..`; `nil` for what is none.
    static func path(_ text: String) -> String? {
        guard text.hasPrefix("/"), text.utf8.count <= Maximum.pathBytes, !text.utf8.contains(0) else { return nil }
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.isEmpty ? nil : "/" + parts.joined(separator: "/")
    }
}
