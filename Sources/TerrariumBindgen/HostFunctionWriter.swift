// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// Writes the definitions of what the host provides, for the engine's linker.
struct HostFunctionWriter {
    private let marshalling: SwiftMarshalling

    init(_ marshalling: SwiftMarshalling) {
        self.marshalling = marshalling
    }

    /// Writes the definition of a function; `linker_in` is where, `host` has the Swift function.
    func definition(
        _ named: NamedFunction,
        host: String,
        _ writer: inout SwiftSourceWriter
    ) throws(BindgenError) {
        let function = named.function
        var types = function.parameters.map(\.type)
        var receiver = host
        var statements: [String] = []
        let parameterOffset: Int
        if case .method(let resource) = function.kind {
            parameterOffset = 1
            types.insert(.borrow(resource), at: 0)
            receiver = "self_in"
        } else {
            parameterOffset = 0
        }
        statements.append("try Wasmtime.BindingContext.check(arguments_in, count: \(types.count))")
        for (index, type) in types.enumerated() {
            let name = index < parameterOffset ? "self_in" : "argument_in_\(index - parameterOffset)"
            let decoded = try marshalling.decode(type, "arguments_in[\(index)]", context: "context_in")
            statements.append("let \(name) = \(decoded)")
        }
        let labels = UniqueNames.members(function.parameters.map(\.name))
        let list = labels.enumerated().map { "\(SwiftNaming.label($1)): argument_in_\($0)" }.joined(separator: ", ")
        let call = "\(receiver).\(SwiftNaming.escaped(named.name))(\(list))"
        statements += try self.call(call, function.result)
        writer.block("try linker_in.define(\"\(function.externName)\") { arguments_in in", closing: "}") {
            writer in
            for statement in statements { writer.line(statement) }
        }
    }

    private func call(_ call: String, _ result: WITType?) throws(BindgenError) -> [String] {
        let mapping = marshalling.mapping
        switch result {
        case nil: return ["await \(call)", "return nil"]
        case .result(let ok, let error):
            let failure = try marshalling.failureType(error)
            let success = try ok.map { type throws(BindgenError) in try mapping.fullType(type) }
            let encoded = try ok.map { type throws(BindgenError) in
                try marshalling.encode(type, "result_in", context: "context_in")
            }
            let reason = try error.map { type throws(BindgenError) in
                let value = marshalling.failureValue(type, "error_in")
                return try marshalling.encode(type, value, context: "context_in")
            }
            var statements = [success.map { "let result_in: \($0)" }].compactMap(\.self)
            statements.append("do throws(\(failure)) {")
            statements.append("    \(ok == nil ? "" : "result_in = ")try await \(call)")
            statements.append(error == nil ? "} catch _ {" : "} catch let error_in {")
            statements.append("    return .error(\(reason ?? "nil"))")
            statements.append("}")
            statements.append("return .ok(\(encoded ?? "nil"))")
            return statements
        case let type?:
            let encoded = try marshalling.encode(type, "result_in", context: "context_in")
            return ["let result_in = await \(call)", "return \(encoded)"]
        }
    }
}
