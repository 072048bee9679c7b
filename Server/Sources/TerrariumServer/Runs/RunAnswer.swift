// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The outcome of a program for its client.
struct RunAnswer: Sendable {
    /// The outcome; of a program that had to be stopped, the part of it that is known.
    var run = Run()
    /// The reason for which the program had to be stopped.
    var failure: SandboxError?
    /// The files that the request asked for.
    var files: [(path: String, contents: [UInt8])] = []
    /// A Boolean value that tells whether parts are left out, since the answer is kept for later.
    var isShortened = false
    /// A Boolean value that tells whether the client took the run back.
    var isCancelled = false

    /// The way in which the program ended.
    var status: String {
        if isCancelled { return "cancelled" }
        let isOutOfTime = run.breaches.contains { $0.limit == .time || $0.limit == .processorTime }
        if failure?.code == .timeLimit || isOutOfTime && run.error != nil { return "timeout" }
        if failure != nil { return "crashed" }
        if run.exitCode != nil { return "exited" }
        guard let error = run.error else { return "ok" }
        return error.type == "MemoryError" ? "memory" : "error"
    }

    var items: [PythonValue.Item] {
        var items: [PythonValue.Item] = []
        func add(_ key: PythonString, _ value: PythonValue?) {
            if let value { items.append(.init(key: key, value: value)) }
        }
        add("status", PythonValue(status))
        add("value", run.value)
        add("text", run.text.map { PythonValue($0) })
        add("display", run.display.map(Self.value))
        add("stdout", PythonValue(run.output))
        add("stderr", PythonValue(run.errorOutput))
        if !run.displays.isEmpty { add("displays", .list(run.displays.map(Self.value))) }
        add("error", run.error.map(Self.value) ?? failure.map(Self.value))
        add("exit_code", run.exitCode.map { PythonValue($0) })
        if !run.breaches.isEmpty { add("breaches", .list(run.breaches.map(Self.value))) }
        if !files.isEmpty {
            add("files", .dict(files.map { .init(key: PythonString($0.path), value: .bytes($0.contents)) }))
        }
        if isShortened { add("shortened", true) }
        add("usage", Self.value(run.usage))
        return items
    }

    var value: PythonValue { .dict(items) }

    // MARK: - Parts

    static func value(_ display: Display) -> PythonValue {
        func object(_ members: [String: PythonValue]) -> PythonValue {
            .dict(members.sorted { $0.key < $1.key }.map { .init(key: PythonString($0.key), value: $0.value) })
        }
        var value: [PythonValue.Item] = [.init(key: "data", value: object(display.data))]
        if !display.metadata.isEmpty { value.append(.init(key: "metadata", value: object(display.metadata))) }
        if let id = display.id { value.append(.init(key: "id", value: PythonValue(id))) }
        return .dict(value)
    }

    static func value(_ error: PythonError) -> PythonValue {
        var items: [PythonValue.Item] = [
            .init(key: "type", value: PythonValue(error.type)),
            .init(key: "message", value: PythonValue(error.message)),
        ]
        if let line = error.syntax?.line ?? error.frames.last?.line {
            items.append(.init(key: "line", value: PythonValue(line)))
        }
        if !error.rendered.isEmpty { items.append(.init(key: "traceback", value: PythonValue(error.rendered))) }
        if !error.notes.isEmpty { items.append(.init(key: "notes", value: .list(error.notes.map { PythonValue($0) }))) }
        return .dict(items)
    }

    static func value(_ failure: SandboxError) -> PythonValue {
        ["type": PythonValue(failure.code.name), "message": PythonValue(failure.message)]
    }

    static func value(_ breach: LimitBreach) -> PythonValue {
        func amount(_ amount: LimitBreach.Amount) -> PythonValue {
            switch amount {
            case .bytes(let count), .count(let count): PythonValue(count)
            case .time(let time): .float(time.inSeconds)
            @unknown default: PythonValue(amount.description)
            }
        }
        return [
            "limit": PythonValue(breach.limit.name), "used": amount(breach.used), "allowed": amount(breach.allowed),
        ]
    }

    static func value(_ usage: Usage) -> PythonValue {
        [
            "seconds": .float(usage.time.inSeconds), "processor_seconds": .float(usage.processorTime.inSeconds),
            "memory_bytes": PythonValue(usage.memoryBytes), "output_bytes": PythonValue(usage.outputBytes),
            "file_bytes": PythonValue(usage.fileBytes), "file_count": PythonValue(usage.fileCount),
            "host_calls": PythonValue(usage.hostCalls),
        ]
    }
}

extension Duration {
    /// The duration as a number of seconds, exact to a microsecond.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000) / 1_000_000
    }
}
