// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Image.Exports {
    /// Finds the exports of a component and checks their types.
    ///
    /// - Throws: `SandboxError` with the code `.invalidComponent` that names what is missing and what there is instead.
    init(of component: Component, file: URL) throws {
        let text = ValueType.string
        execute = try Self.find("exec", [text], .result(ok: nil, error: text), in: component, file: file)
        let value = ValueType.variant([.init("json", text), .init("repr", text)])
        if let variant = try? Self.find("evaluate", [text], .result(ok: value, error: text), in: component, file: file)
        {
            evaluate = variant
            answersVariant = true
        } else {
            evaluate = try Self.find("eval", [text], .result(ok: text, error: text), in: component, file: file)
            answersVariant = false
        }
    }

    private static func find(
        _ name: String,
        _ parameters: [ValueType],
        _ result: ValueType,
        in component: Component,
        file: URL
    ) throws(SandboxError) -> FunctionExport {
        do {
            let export = try component.functionExport([name])
            guard export.type.parameters.map(\.type) == parameters, export.type.result == result else {
                throw SandboxError(
                    .invalidComponent,
                    "\(file.path) exports \(name) with another type than `exec: func(statements: string) -> "
                        + "result<_, string>` and `eval: func(expression: string) -> result<string, string>`."
                )
            }
            return export
        } catch let error as SandboxError {
            throw error
        } catch {
            let names = ((try? component.exports()) ?? []).map(\.name)
            throw SandboxError(
                .invalidComponent,
                "\(file.path) does not export `exec` and `eval`, which a sandbox needs; it exports "
                    + (names.isEmpty ? "nothing." : names.joined(separator: ", ") + ".")
            )
        }
    }
}
