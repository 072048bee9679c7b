// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// One program's interpreter with all of its state, apart from the host and from all others.
///
/// Statements and expressions run one after the other, in one namespace. Calls run on threads of the image's own, never on
/// Swift's cooperative pool; an idle sandbox holds no thread. Nothing of the host is reachable from inside but what the
/// image was granted.
///
///     let image = try Image.python()
///     let sandbox = try await Sandbox(image)
///     try await sandbox.exec("import math\nradius = 2")
///     print(try await sandbox.eval("math.pi * radius ** 2"))
public actor Sandbox {
    /// The image that the sandbox was made from.
    public nonisolated let image: Image

    /// What the sandbox may use.
    public nonisolated let limits: Limits

    private let executor: SandboxExecutor
    private let deadline = CallDeadline()
    private let output: Output
    private var guest: Guest?

    /// What runs: the functions of an instance, which hold its store.
    ///
    /// It goes when the program crashed, and the sandbox with it.
    private struct Guest {
        let execute: Function
        let evaluate: Function
    }

    /// The threads of the image run this actor.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Creates a sandbox.
    ///
    /// - Parameters:
    ///   - image: What it starts from.
    ///   - limits: What it may use.
    ///   - output: Where what the program prints goes; nowhere by default.
    /// - Throws: `SandboxError` with the code `.engine`, or `.trap` if the image's own start-up crashed.
    public init(_ image: Image, limits: Limits = Limits(), output: Output = .discard) async throws {
        self.image = image
        self.limits = limits
        self.output = output
        executor = SandboxExecutor(pool: image.workers)
        try start()
    }

    /// Runs statements.
    ///
    /// - Parameter statements: Python source of any length.
    /// - Throws: `PythonError` if the program raised; the sandbox goes on. `SandboxError` with the code `.timeLimit`,
    ///   `.trap` or `.exited` if it had to be stopped; `CancellationError` if the task was cancelled.
    public func exec(_ statements: String) async throws {
        _ = try await call(statements) { $0.execute }
    }

    /// Evaluates an expression.
    ///
    /// - Parameter expression: Python source of any length.
    /// - Returns: Its value.
    /// - Throws: As ``exec(_:)``.
    public func eval(_ expression: String) async throws -> PythonValue {
        let answer = try await call(expression) { $0.evaluate }
        switch answer {
        case .variant("repr", .string(let representation)?): return .other(representation: representation)
        case .variant("json", .string(let json)?), .string(let json): return try Self.value(json: json)
        default: throw SandboxError(.engine, "The guest answered something that is not a value.")
        }
    }

    private static func value(json: String) throws -> PythonValue {
        do {
            return try PythonValue(json: json)
        } catch {
            throw SandboxError(.engine, "The guest answered \(error).")
        }
    }

    private func start() throws {
        let store = Store(
            engine: image.engine,
            limits: Store.Limits(maxMemoryBytes: image.initialMemoryBytes + limits.memoryBytes)
        )
        if image.grants != .none {
            let output = self.output
            var wasi = WASIConfiguration()
            wasi.standardOutput = .custom { output.write(.standardOutput, $0) }
            wasi.standardError = .custom { output.write(.standardError, $0) }
            try store.setWASI(wasi)
        }
        let deadline = self.deadline
        store.onEpochDeadline { try deadline.check() }
        store.setEpochDeadline(epochs: 1)
        deadline.start(limit: limits.time)
        let instance = try stopping { try image.linker.instantiate(image.component, in: store) }
        guest = Guest(
            execute: try instance.function(image.exports.execute),
            evaluate: try instance.function(image.exports.evaluate)
        )
    }

    /// Calls one of the guest's functions with a text and returns what it answers, or throws the error that it reports.
    private func call(_ text: String, _ function: (Guest) -> Function) async throws -> ComponentValue? {
        let deadline = self.deadline
        // Started before cancellation is listened for, which would else be forgotten by the start.
        deadline.start(limit: limits.time)
        return try await withTaskCancellationHandler {
            try callNow(text, function)
        } onCancel: {
            deadline.cancel()
        }
    }

    private func callNow(_ text: String, _ function: (Guest) -> Function) throws -> ComponentValue? {
        guard let guest else {
            throw SandboxError(.trap, "The sandbox was stopped before; make a new one.")
        }
        let answer = try stopping { try function(guest).call(.string(text)) }
        switch answer {
        case .ok(let value): return value
        case .error(.string(let report)?): throw PythonError(report: report)
        default: throw SandboxError(.engine, "The guest answered something unexpected.")
        }
    }

    /// Runs guest code under the deadline; if it had to be stopped, the instance is of no further use.
    private func stopping<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try image.ticker.whileTicking(body)
        } catch {
            guest = nil
            throw SandboxError.translating(error)
        }
    }
}

extension SandboxError {
    /// What the caller of a sandbox gets for an error of the engine.
    static func translating(_ error: any Error) -> any Error {
        switch error {
        case let trap as Trap:
            if let name = trap.message.firstMatch(of: /unknown import: `([^`]*)`/)?.1 {
                return SandboxError(.trap, "The component called \(name), which it was not granted.")
            }
            let stack = trap.frames.first.map { " in \($0.functionName ?? "an unnamed function")" } ?? ""
            return SandboxError(.trap, "The program crashed its interpreter\(stack): \(trap.message)")
        case let exit as GuestExit:
            return SandboxError(.exited, "The program ended its interpreter, with status \(exit.status).")
        case let error as WasmtimeError: return SandboxError(error)
        default: return error
        }
    }
}
