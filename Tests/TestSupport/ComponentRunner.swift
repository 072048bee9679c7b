// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// Runs components under Wasmtime, through its Python package.
package struct ComponentRunner {
    package let tools: WasmTools

    package init(tools: WasmTools) {
        self.tools = tools
    }

    /// A call of an exported function with its arguments.
    package struct Call: Encodable {
        package var function: String
        package var arguments: [Argument] = []

        package init(_ function: String, _ arguments: Argument...) {
            self.function = function
            self.arguments = arguments
        }
    }

    package enum Argument: Encodable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
        case number(Int)
        case text(String)

        package init(integerLiteral value: Int) { self = .number(value) }
        package init(stringLiteral value: String) { self = .text(value) }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    /// Makes calls of one instance of each component, and returns what Python prints of the results.
    ///
    /// Functions of the world that the component imports record their arguments, which are then part of the results.
    package func run(_ component: [UInt8], _ calls: [Call], instances: Int = 1) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(component).write(to: folder.appending(path: "component.wasm"))
        let calls = String(decoding: try JSONEncoder().encode(calls), as: UTF8.self)
        let output = try tools.python(Self.program, ["component.wasm", calls, "\(instances)"], directory: folder)
        return output.split(separator: "\n").map(String.init)
    }

    private static let program = """
        import json, sys
        from wasmtime import Config, Engine, Store, WasiConfig
        from wasmtime import component as c
        config = Config()
        config.cranelift_opt_level = "none"
        config.wasm_component_model_async = True
        engine = Engine(config)
        component = c.Component(engine, open(sys.argv[1], "rb").read())
        linker = c.Linker(engine)
        linker.add_wasip2()
        log = []
        def record(name):
            def function(store, *arguments):
                log.append("%s%r" % (name, arguments))
                return len(log)
            return function
        with linker.root() as root:
            for name in ("log", "note", "tick"):
                root.add_func(name, record(name))
            with root.add_instance("test:guest/log") as interface:
                interface.add_func("write", record("write"))
        for _ in range(int(sys.argv[3])):
            result = None
            store = Store(engine)
            store.set_wasi(WasiConfig())
            try:
                instance = linker.instantiate(store, component)
            except Exception as error:
                print("instantiation:", str(error).split("\\n")[-1])
                continue
            for call in json.loads(sys.argv[2]):
                path = call["function"].split("#")
                try:
                    index = None
                    for name in path:
                        index = instance.get_export_index(store, name, index)
                    function = instance.get_func(store, index)
                    # "$" stands for the result of the call before.
                    result = function(store, *[result if a == "$" else a for a in call["arguments"]])
                    text = repr(getattr(result, "payload", result))
                    print(call["function"], type(result).__name__ if text.startswith("<") else text)
                except Exception as error:
                    print(call["function"], "failed:", str(error).strip().split("\\n")[-1].strip())
        for line in log:
            print(line)
        """
}
