// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

extension ImageRuntime.Exports {
    /// Finds the exports of a component and checks their types.
    ///
    /// - Throws: `SandboxError` with the code `.invalidComponent` that names what is missing and what there is instead.
    init(of component: Component, name: String) throws {
        let text = ValueType.string
        execute = try Self.find("exec", [text], .result(ok: nil, error: text), in: component, name: name)
        // Only our own guest answers a variant of JSON and `repr`.
        let value = ValueType.variant([.init("json", text), .init("repr", text)])
        let variant = try? Self.find("evaluate", [text], .result(ok: value, error: text), in: component, name: name)
        evaluate =
            try variant ?? Self.find("eval", [text], .result(ok: text, error: text), in: component, name: name)
        var control: [ControlFunction: FunctionExport] = [:]
        for function in ControlFunction.allCases {
            control[function] = try? component.functionExport(HostInterface.controlPath(function))
        }
        self.control = control
        var session: [GuestFunction: FunctionExport] = [:]
        for function in GuestFunction.allCases {
            session[function] = try? Self.find(function.rawValue, [text], text, in: component, name: name)
        }
        self.session = session
        var seed: [SeedFunction: FunctionExport] = [:]
        for function in SeedFunction.allCases {
            seed[function] = try? Self.find(function.rawValue, [], nil, in: component, name: name)
        }
        self.seed = seed
    }

    private static func find(
        _ export: String,
        _ parameters: [ValueType],
        _ result: ValueType?,
        in component: Component,
        name: String
    ) throws(SandboxError) -> FunctionExport {
        guard let function = try? component.functionExport([export]) else {
            let names = ((try? component.exports()) ?? []).map(\.name)
            throw SandboxError(
                .invalidComponent,
                "\(name) does not export `exec` and `eval`, which a sandbox needs; it exports "
                    + (names.isEmpty ? "nothing." : names.joined(separator: ", ") + ".")
            )
        }
        guard function.type.parameters.map(\.type) == parameters, function.type.result == result else {
            throw SandboxError(
                .invalidComponent,
                "\(name) exports \(export) with another type than `exec: func(statements: string) -> "
                    + "result<_, string>` and `eval: func(expression: string) -> result<string, string>`."
            )
        }
        return function
    }
}
