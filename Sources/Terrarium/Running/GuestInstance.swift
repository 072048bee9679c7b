// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// A running interpreter: an instance of an image's component on a memory slot, on the engine's code or on optimised code.
///
/// Thrown away after a trap; what persists of a sandbox is its memory's pages. Used by one thread at a time.
final class GuestInstance {
    var memory: GuestMemory { instance.memory }

    private let instance: any EngineInstance
    private let runtime: ImageRuntime
    private let deadline: CallDeadline

    /// Makes an instance whose memory is a copy, or as `base` has it if there is none.
    ///
    /// It counts as a call of the guest: it has the time of the call that was started last, and can be cancelled.
    init(
        _ image: Image,
        memory base: ImageMemory,
        pages: MemoryPages?,
        limits: Limits,
        context: SandboxContext
    ) throws {
        let runtime = image.runtime
        let instanceContext = InstanceContext(context, words: image.interruptWords)
        if let pages { try image.checkMemory(of: pages, under: limits) }
        let size = pages?.size ?? image.initialMemoryBytes
        let maxMemoryBytes = image.maxMemoryBytes(under: limits)
        let deadline = context.deadline
        deadline.enter()
        let instance: any EngineInstance = try runtime.ticker.whileTicking {
            if let native = runtime.native {
                try NativeInstance(
                    native,
                    memory: base,
                    initialSize: image.initialMemoryBytes,
                    size: size,
                    maxMemoryBytes: maxMemoryBytes,
                    context: instanceContext
                )
            } else {
                try WasmtimeInstance(
                    runtime,
                    memory: base,
                    size: size,
                    maxMemoryBytes: maxMemoryBytes,
                    context: instanceContext
                )
            }
        }
        let memory = instance.memory
        if let pages { memory.restore(pages) }
        instanceContext.attach(memory)
        self.instance = instance
        self.runtime = runtime
        self.deadline = deadline
    }

    /// Runs statements through the export of the world `sandbox`, which any image has.
    ///
    /// - Throws: `PythonError` for an exception that the program raised.
    func execute(_ statements: String) throws {
        switch try call(runtime.exports.execute, [.string(statements)]) {
        case .ok: return
        case .error(.string(let report)?): throw PythonError(report: report)
        default: throw SandboxError(.engine, "The guest answered something unexpected.")
        }
    }

    /// Evaluates an expression through the export of the world `sandbox`; throws as `execute` does.
    func evaluate(_ expression: String) throws -> PythonValue {
        switch try call(runtime.exports.evaluate, [.string(expression)]) {
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

    /// Calls any function of the component, so that its time is kept and the pages that it writes to are found.
    ///
    /// Every call goes through here; the instantiation keeps its time itself.
    func call(_ function: FunctionExport, _ arguments: [ComponentValue]) throws -> ComponentValue? {
        deadline.enter()
        return try runtime.ticker.whileTicking(watching: instance.watched) {
            try memory.whileEntered { try instance.call(function, arguments) }
        }
    }

    /// Sends the guest's runtime a message, and answers what it says.
    func ask(_ function: GuestFunction, _ request: String) throws -> String {
        guard let export = runtime.exports.session[function] else {
            throw SandboxError(
                .unsupported,
                runtime.exports.session.isEmpty
                    ? "The image runs no programs: it was not made of Terrarium's own guest."
                    : "The image was made by an older Terrarium: build it again."
            )
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
}
