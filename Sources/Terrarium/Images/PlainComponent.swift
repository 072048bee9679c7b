// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One interpreter of a component that exports `exec` and `eval`, run as it is.
///
/// Unlike a sandbox of an ``Image`` it cannot be copied: it has no snapshots, forks or files, and a call that has to be
/// stopped ends it. `terrarium build` makes an image of most such components. See `Guest/wit/sandbox.wit` for the world.
public final class PlainComponent: Sendable {
    /// The parts of WASI that a component finds.
    public struct Grants: Sendable, Hashable {
        private enum Kind: Sendable { case none, standardStreams }
        private let kind: Kind

        /// Nothing: each import traps when it is called.
        public static let none = Grants(kind: .none)
        /// Clocks, random numbers, and output streams that lead to the host; no files, variables or sockets.
        public static let standardStreams = Grants(kind: .standardStreams)
    }

    private let interpreter: PlainInterpreter
    private let deadline: CallDeadline
    private let turnstile = Turnstile()

    /// Loads a component, which is compiled if the cache does not have it; its interpreter starts with the first call.
    ///
    /// - Parameters:
    ///   - file: The component in binary form.
    ///   - grants: The parts of WASI that it finds; default none.
    ///   - limits: Limits on each call. Those on time and memory hold; the others are about what only an image has.
    ///   - parts: Where the engine library is; found as ``Parts/locate()`` does if `nil`.
    ///   - cache: Where machine code is kept; ``CodeCache/standard(parts:)`` if `nil`.
    ///   - output: Called with what the component prints, on the thread that runs it.
    ///   - progress: Called on another thread when something starts that takes more than a moment.
    /// - Throws: `SandboxError` with the code `.unreadableFile`, `.invalidComponent`, `.partsNotFound` or `.engine`.
    public init(
        contentsOf file: URL,
        grants: Grants = .none,
        limits: Limits = Limits(),
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        output: @escaping @Sendable (OutputChunk.Stream, [UInt8]) -> Void = { _, _ in },
        progress: @escaping @Sendable (Image.Progress) -> Void = { _ in }
    ) async throws {
        let compiled = try await CompiledComponent(contentsOf: file, parts: parts, cache: cache, progress: progress)
        deadline = CallDeadline()
        interpreter = try PlainInterpreter(compiled, file.path, grants, limits, deadline, output)
    }

    /// Runs statements.
    ///
    /// - Parameter statements: Source of the component's language.
    /// - Throws: `PythonError` if the program failed; it goes on. `SandboxError` with the code `.timeLimit`, `.trap` or
    ///   `.exited` if it had to be stopped, `CancellationError` if the task was cancelled; every later call then fails.
    public func exec(_ statements: String) async throws {
        try await operation { try await interpreter.execute(statements) }
    }

    /// Evaluates an expression.
    ///
    /// - Parameter expression: Source of the component's language.
    /// - Returns: Its value.
    /// - Throws: As ``exec(_:)``.
    public func eval(_ expression: String) async throws -> PythonValue {
        try await operation { try await interpreter.evaluate(expression) }
    }

    private func operation<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await turnstile.enter()
        defer { turnstile.leave() }
        let operation = deadline.begin()
        defer { deadline.end() }
        if Task.isCancelled { throw CancellationError() }
        return try await withTaskCancellationHandler {
            try await body()
        } onCancel: {
            deadline.cancel(operation)
        }
    }
}

/// The running component, on the threads for guest code.
private actor PlainInterpreter {
    private struct Running {
        let execute: Function
        let evaluate: Function
    }

    private let compiled: CompiledComponent
    private let linker: Linker
    private let exports: ImageRuntime.Exports
    private let grants: PlainComponent.Grants
    private let limits: Limits
    private let deadline: CallDeadline
    private let output: @Sendable (OutputChunk.Stream, [UInt8]) -> Void
    private let executor = SandboxExecutor(pool: GuestThreads.pool)
    private var running: Running?
    private var isLost = false

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(
        _ compiled: CompiledComponent,
        _ name: String,
        _ grants: PlainComponent.Grants,
        _ limits: Limits,
        _ deadline: CallDeadline,
        _ output: @escaping @Sendable (OutputChunk.Stream, [UInt8]) -> Void
    ) throws {
        self.compiled = compiled
        self.grants = grants
        self.limits = limits
        self.deadline = deadline
        self.output = output
        exports = try ImageRuntime.Exports(of: compiled.component, name: name)
        linker = Linker(engine: compiled.shared.engine)
        if grants == .none {
            try linker.defineUnknownImportsAsTraps(compiled.component)
        } else {
            // Not both: a trap for WASI 0.2.9 would stand in front of the engine's own, which serves any 0.2.
            try linker.addWASI()
        }
    }

    func execute(_ statements: String) throws {
        switch try run({ try $0.execute.callText(statements) }) {
        case .ok: return
        case .error(let report): throw PythonError(report: report ?? "")
        }
    }

    func evaluate(_ expression: String) throws -> PythonValue {
        switch try run({ try $0.evaluate.call(.string(expression)) }) {
        case .ok(.variant("repr", .string(let representation)?)?): return .other(representation: representation)
        case .ok(.variant("json", .string(let json)?)?), .ok(.string(let json)?):
            do {
                return try PythonValue(json: json)
            } catch {
                throw SandboxError(.engine, "The component answered \(error).")
            }
        case .error(.string(let report)?): throw PythonError(report: report)
        default: throw SandboxError(.engine, "The component answered something unexpected.")
        }
    }

    /// Runs code of the component under its deadline.
    ///
    /// Its start function is part of the first call.
    private func run<Result>(_ body: (Running) throws -> Result) throws -> Result {
        guard !isLost else {
            throw SandboxError(.trap, "The component was stopped before and has no state to go back to.")
        }
        try deadline.start(limits)
        do {
            return try compiled.shared.ticker.whileTicking {
                deadline.enter()
                return try body(living())
            }
        } catch {
            isLost = true
            running = nil
            throw SandboxError.translating(error)
        }
    }

    private func living() throws -> Running {
        if let running { return running }
        let allowed = min(max(0, limits.memoryBytes), Image.maxMemoryBytes)
        let store = Store(
            engine: compiled.shared.engine,
            limits: Store.Limits(maxMemoryBytes: compiled.initialMemoryBytes + allowed)
        )
        if grants != .none {
            let output = output
            var wasi = WASIConfiguration()
            wasi.standardOutput = .custom { output(.standardOutput, $0) }
            wasi.standardError = .custom { output(.standardError, $0) }
            try store.setWASI(wasi)
        }
        let deadline = deadline
        store.onEpochDeadline { try deadline.check { _ in false } }
        store.setEpochDeadline(epochs: 1)
        let instance = try linker.instantiate(compiled.component, in: store)
        let running = Running(
            execute: try instance.function(exports.execute),
            evaluate: try instance.function(exports.evaluate)
        )
        self.running = running
        return running
    }
}
