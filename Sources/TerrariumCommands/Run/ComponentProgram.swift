// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import ComponentModel
import TerrariumBindgen
import WIT
import Wasmtime

/// A call of a component's function, as it was typed.
struct ComponentCall: Sendable {
    /// The path of the function in the component's exports.
    let path: [String]
    let arguments: [WAVEValue]
    /// The type of the result, if it has a form in WAVE.
    let resultType: WITType?

    /// Parses a call of a function that the component in a file exports.
    init(_ text: String, file: String) throws {
        let model = try WITInput.model(at: file)
        do throws(WITError) {
            let call = try WAVECall(parsing: text, world: try model.world(named: nil), in: model, path: "--invoke")
            arguments = call.arguments
            resultType = call.function.result
            switch call.export.kind {
            case .function: path = [call.function.externName]
            case .interface(let id): path = [call.export.plainName ?? id.description, call.function.externName]
            case .inlineInterface(let interface):
                path = [call.export.plainName ?? interface.name, call.function.externName]
            }
        } catch {
            throw CommandFailure.usage(error.description)
        }
    }
}

/// A component with what it is granted, ready to run once.
struct ComponentProgram: Sendable {
    let component: Wasmtime.Component
    let name: String
    let wasi: WASIConfiguration
    let limits: Store.Limits

    /// Runs a component that exports `wasi:cli/run`; its exit code is the result.
    @available(*, noasync, message: "The guest runs on the calling thread.")
    func runCommand() throws -> ExitCode {
        let export = try component.exports().map(\.name).first { $0.hasPrefix("wasi:cli/run@0.2.") }
        guard let export else {
            throw CommandFailure.usage(
                "\(name) is no command: it does not export wasi:cli/run. Call one of its functions with --invoke."
            )
        }
        return try guarded {
            let instance = try instantiate()
            let result = try instance.function(export, "run").call()
            if case .error? = result { return ExitCode(1) }
            return .success
        }
    }

    /// Calls a function and prints its result.
    @available(*, noasync, message: "The guest runs on the calling thread.")
    func invoke(_ call: ComponentCall) throws -> ExitCode {
        try guarded {
            let instance = try instantiate()
            let function = try instance.function(try component.functionExport(call.path))
            var arguments: [ComponentValue] = []
            for (argument, parameter) in zip(call.arguments, function.type.parameters) {
                arguments.append(ComponentValue(argument, as: parameter.type))
            }
            guard let result = try function.call(arguments) else { return .success }
            guard let value = WAVEValue(result) else {
                throw CommandFailure.usage("The result has a resource in it, which WAVE has no text for.")
            }
            StandardStream.output.print(value.description)
            if case .error = result { return ExitCode(1) }
            return .success
        }
    }

    private func instantiate() throws -> Instance {
        let linker = Linker(engine: component.engine)
        try linker.addWASI()
        let store = Store(engine: component.engine, limits: limits)
        try store.setWASI(wasi)
        return try linker.instantiate(component, in: store)
    }

    private func guarded(_ body: () throws -> ExitCode) throws -> ExitCode {
        do {
            return try body()
        } catch let exit as GuestExit {
            return ExitCode(exit.status)
        } catch let trap as Trap {
            let frames = trap.frames.prefix(12).map { "\n    at \($0)" }.joined()
            throw CommandFailure(message: "\(name) crashed: \(trap.message)\(frames)", exitCode: .sandboxFailure)
        } catch let error as WasmtimeError {
            let isUsage = [.linking, .wasi, .typeMismatch, .exportMissing].contains(error.code)
            throw CommandFailure(
                message: "\(name) cannot run: \(error.message)",
                exitCode: isUsage ? .usage : .sandboxFailure
            )
        }
    }
}
