// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension PythonError {
    /// The depth to which causes and groups may nest in a report that is read.
    private static let maxDepth = 100

    /// Reads a report, as Guest/PROTOCOL.md describes it.
    init(report: PythonValue?, depth: Int = 0) throws {
        guard depth < Self.maxDepth else { throw MalformedMessage("an error") }
        let report = try MessageReader(report)
        self.init(type: try report.text("type"), message: try report.text("message"))
        frames = try report.list("frames").map { try Frame($0) }
        omittedFrames = try report.optionalNumber("omitted_frames") ?? 0
        notes = try report.list("notes").map { note in
            guard case .string(let text) = note else { throw MalformedMessage("a note") }
            return text.text
        }
        causes = try report["cause"].map { [try PythonError(report: $0, depth: depth + 1)] } ?? []
        contexts = try report["context"].map { [try PythonError(report: $0, depth: depth + 1)] } ?? []
        suppressesContext = report.flag("suppress_context")
        exceptions = try report.list("exceptions").map { try PythonError(report: $0, depth: depth + 1) }
        omittedExceptions = try report.optionalNumber("omitted_exceptions") ?? 0
        syntax = try report["syntax"].map { try SyntaxPosition($0) }
        rendered = try report.optionalText("rendered") ?? ""
    }
}

extension PythonError.Frame {
    fileprivate init(_ frame: PythonValue) throws {
        let frame = try MessageReader(frame)
        self.init(
            file: try frame.text("file"),
            line: try frame.optionalNumber("line"),
            function: try frame.text("function"),
            source: try frame.optionalText("source"),
            column: try frame.optionalNumber("column"),
            endLine: try frame.optionalNumber("end_line"),
            endColumn: try frame.optionalNumber("end_column")
        )
    }
}

extension PythonError.SyntaxPosition {
    fileprivate init(_ position: PythonValue) throws {
        let position = try MessageReader(position)
        self.init(
            file: try position.optionalText("file"),
            line: try position.optionalNumber("line"),
            column: try position.optionalNumber("column"),
            endLine: try position.optionalNumber("end_line"),
            endColumn: try position.optionalNumber("end_column"),
            source: try position.optionalText("source")
        )
    }
}
