// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension HostFunction {
    /// The parameters as a [JSON Schema](https://json-schema.org/draft/2020-12) of an object, as models are told what a
    /// tool takes.
    public var parametersSchema: String {
        var properties: [PythonValue.Item] = []
        for parameter in parameters {
            guard case .dict(var schema) = parameter.type.schema else { continue }
            if !parameter.documentation.isEmpty {
                schema.append(.init(key: "description", value: .string(PythonString(parameter.documentation))))
            }
            if let value = parameter.defaultValue, Self.isPlain(value) {
                schema.append(.init(key: "default", value: value))
            }
            properties.append(.init(key: PythonString(parameter.name), value: .dict(schema)))
        }
        let required = parameters.filter { $0.defaultValue == nil }.map { PythonValue.string(PythonString($0.name)) }
        var schema: [PythonValue.Item] = [
            .init(key: "type", value: "object"), .init(key: "properties", value: .dict(properties)),
            .init(key: "required", value: .list(required)), .init(key: "additionalProperties", value: false),
        ]
        if !records.isEmpty {
            let definitions = records.map { PythonValue.Item(key: PythonString($0.name), value: $0.schema) }
            schema.append(.init(key: "$defs", value: .dict(definitions)))
        }
        return Self.json(.dict(schema))
    }

    private static func isPlain(_ value: PythonValue) -> Bool {
        switch value {
        case .null, .bool, .int, .string: true
        case .float(let number): number.isFinite
        default: false
        }
    }

    /// JSON as everybody writes it: keys that look like tags are just keys.
    private static func json(_ value: PythonValue) -> String {
        switch value {
        case .dict(let items):
            "{" + items.map { "\(quoted($0.key.text)):\(json($0.value))" }.joined(separator: ",") + "}"
        case .list(let elements): "[" + elements.map { json($0) }.joined(separator: ",") + "]"
        case .string(let text): quoted(text.text)
        default: (try? MessageWriter.text { try $0.value(value) }) ?? "null"
        }
    }

    private static func quoted(_ text: String) -> String { MessageWriter.text { $0.string(text) } }

    /// Appends the description that `configure` takes.
    ///
    /// - Throws: `SandboxError` if the declaration has a mistake.
    func write(to writer: inout MessageWriter) throws {
        if let mistake { throw SandboxError(.invalidFunction, mistake) }
        try writer.object { writer in
            writer.member("name", name)
            if !documentation.isEmpty { writer.member("doc", documentation) }
            writer.member("async") { $0.raw(isAsync ? "true" : "false") }
            try writer.member("parameters") { writer in
                try writer.array(parameters) { writer, parameter in try parameter.write(to: &writer) }
            }
            writer.member("returns", result.annotation)
            if !raises.isEmpty {
                writer.member("raises") { writer in
                    writer.array(raises) { writer, raised in
                        writer.object { writer in
                            writer.member("type", raised.type)
                            writer.member("base", raised.base)
                            if !raised.documentation.isEmpty { writer.member("doc", raised.documentation) }
                        }
                    }
                }
            }
        }
    }
}

extension HostFunction.Parameter {
    fileprivate func write(to writer: inout MessageWriter) throws {
        try writer.object { writer in
            writer.member("name", name)
            if type != .any { writer.member("type", type.annotation) }
            writer.member("kind", kind.name.rawValue)
            if let defaultValue {
                try writer.member("default") { try $0.value(defaultValue) }
            }
            if !documentation.isEmpty { writer.member("doc", documentation) }
        }
    }
}

extension PythonType.Record {
    fileprivate var schema: PythonValue {
        let required = fields.filter { !$0.isOptional }.map { PythonValue.string(PythonString($0.name)) }
        let properties = fields.map { PythonValue.Item(key: PythonString($0.name), value: $0.type.schema) }
        return ["type": "object", "properties": .dict(properties), "required": .list(required)]
    }

    /// Appends the description that `configure` takes.
    func write(to writer: inout MessageWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("fields") { writer in
                writer.array(fields) { writer, field in
                    writer.object { writer in
                        writer.member("name", field.name)
                        writer.member("type", field.type.annotation)
                        writer.member("optional") { $0.raw(field.isOptional ? "true" : "false") }
                    }
                }
            }
        }
    }
}
