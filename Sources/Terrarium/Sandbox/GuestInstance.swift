// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// A running interpreter: an instance of an image's component in a store of its own, on a memory slot if the image has one.
///
/// Thrown away after a trap; what persists of a sandbox is its memory's pages. Used by one thread at a time.
final class GuestInstance {
    /// The memory, where the image is one that can be copied.
    let memory: GuestMemory?

    private let execute: Function
    private let evaluate: Function
    private let instance: Instance
    private let runtime: ImageRuntime
    private let deadline: CallDeadline

    /// Makes an instance whose memory is a copy, or as the image has it if there is none.
    init(_ image: Image, pages: MemoryPages?, limits: Limits, context: HostContext) throws {
        let runtime = image.runtime
        if let pages { try image.checkMemory(of: pages, under: limits) }
        let store = Store(
            engine: runtime.engine,
            limits: Store.Limits(maxMemoryBytes: image.maxMemoryBytes(under: limits)),
            hostState: context
        )
        let deadline = context.deadline
        let words = image.interruptWords
        store.onEpochDeadline { [unowned context] in
            try deadline.check { words?.raise(in: context.memory) ?? false }
        }
        store.setEpochDeadline(epochs: 1)
        let size = pages?.size ?? image.initialMemoryBytes
        let (instance, memory) = try image.memory.withSlot(size: size) {
            try runtime.linker.instantiate(runtime.component, in: store)
        }
        if let pages { memory.restore(pages) }
        context.memory = memory
        self.instance = instance
        self.memory = memory
        self.runtime = runtime
        self.deadline = deadline
        execute = try instance.function(runtime.exports.execute)
        evaluate = try instance.function(runtime.exports.evaluate)
    }

    /// Runs statements.
    ///
    /// - Throws: `PythonError` for what the program raised, all else for why it had to be stopped.
    func execute(_ statements: String) throws {
        switch try running({ try execute.callText(statements) }) {
        case .ok: return
        case .error(let report): throw PythonError(report: report ?? "")
        }
    }

    /// Evaluates an expression; throws as `execute` does.
    func evaluate(_ expression: String) throws -> PythonValue {
        switch try running({ try evaluate.call(.string(expression)) }) {
        case .ok(.variant("repr", .string(let representation)?)?): return .other(representation: representation)
        case .ok(.variant("json", .string(let json)?)?), .ok(.string(let json)?):
            do {
                return try PythonValue(json: json)
            } catch {
                throw SandboxError(.engine, "The guest answered \(error).")
            }
        case .error(.string(let report)?): throw PythonError(report: report)
        default: throw SandboxError(.engine, "The guest answered something unexpected.")
        }
    }

    /// Calls any function of the component.
    func call(_ function: FunctionExport, _ arguments: [ComponentValue]) throws -> ComponentValue? {
        try running { try instance.function(function).call(arguments) }
    }

    /// Sends a session's program a message; answers what it says.
    func ask(_ function: SessionFunction, _ request: String) throws -> String {
        guard let export = runtime.exports.session[function] else {
            throw SandboxError(.unsupported, "The image has no sessions: it was not made of Terrarium's own guest.")
        }
        guard case .string(let answer)? = try call(export, [.string(request)]) else {
            throw SandboxError(.engine, "The guest answered no text.")
        }
        return answer
    }

    /// Has random numbers seeded; a component that is not Terrarium's own guest draws what it draws.
    func seed(_ function: SeedFunction) throws {
        guard let export = runtime.exports.seed[function] else {
            guard runtime.exports.session.isEmpty else {
                throw SandboxError(.unsupported, "The image was made by an older Terrarium: build it again.")
            }
            return
        }
        _ = try call(export, [])
    }

    /// Calls one of the functions of `terrarium:sandbox/control` that answer a number.
    func control(_ function: ControlFunction, _ arguments: [ComponentValue]) throws -> UInt32 {
        guard case .u32(let number)? = try callControl(function, arguments) else {
            throw SandboxError(.engine, "The guest's control function answered no number.")
        }
        return number
    }

    /// Calls one of the functions of `terrarium:sandbox/control`.
    func callControl(_ function: ControlFunction, _ arguments: [ComponentValue]) throws -> ComponentValue? {
        guard let export = runtime.exports.control[function] else {
            throw SandboxError(.unsupported, "The component is not a Terrarium image, so it has no files or state.")
        }
        return try call(export, arguments)
    }

    /// Runs code of the guest: all of it goes through here, so that its time is kept and what it writes is found.
    private func running<Result>(_ body: () throws -> Result) throws -> Result {
        deadline.enter()
        return try runtime.ticker.whileTicking {
            guard let memory else { return try body() }
            return try memory.whileEntered(body)
        }
    }
}
