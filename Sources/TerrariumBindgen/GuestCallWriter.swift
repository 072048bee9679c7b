// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// Writes functions that call the component.
struct GuestCallWriter {
    private let marshalling: SwiftMarshalling
    private let access: String

    init(_ marshalling: SwiftMarshalling, _ access: String) {
        self.marshalling = marshalling
        self.access = access
    }

    private var names: SwiftNames { marshalling.mapping.names }

    /// Writes a method of a resource that the component implements.
    func method(
        _ method: NamedFunction,
        of definition: WITTypeDefinition,
        _ writer: inout SwiftSourceWriter
    ) throws(BindgenError) {
        try function(method, path(of: definition.id.owner), handle: "try resource_handle.lend()", &writer)
    }

    /// Writes a function of an interface or of the world.
    func function(
        _ named: NamedFunction,
        _ path: [String],
        handle: String? = nil,
        _ writer: inout SwiftSourceWriter
    ) throws(BindgenError) {
        let function = named.function
        let mapping = marshalling.mapping
        let signature = try SwiftSignature(function, mapping)
        var arguments = [handle].compactMap(\.self)
        for (name, parameter) in zip(signature.arguments, function.parameters) {
            arguments.append(try marshalling.encode(parameter.type, name, context: "world_context"))
        }
        let words = (path + [function.externName]).map { "\"\($0)\"" }.joined(separator: ", ")
        let call = "try await world_context.base.call([\(words)], [\(arguments.joined(separator: ", "))])"
        writer.docs(function.docs ?? "Calls `\(function.externName)`.")
        let declaration = signature.guestDeclaration(named: named.name, never: names.standard("Never"))
        try writer.block("\(access)\(declaration)") { writer throws(BindgenError) in
            if let result = function.result {
                writer.line("let value_out: \(try mapping.fullType(result))")
                writer.line("do {")
                writer.line("    let result_out = \(call)")
                let decoded = try marshalling.decode(
                    result,
                    "ComponentValue.present(result_out)",
                    context: "world_context"
                )
                writer.line("    value_out = \(decoded)")
            } else {
                writer.line("do {")
                writer.line("    _ = \(call)")
            }
            writer.line("} catch {")
            writer.line("    throw .interrupted(error)")
            writer.line("}")
            switch function.result {
            case nil: break
            case .result?:
                writer.line("switch value_out {")
                writer.line("case .success(let success_out): return success_out")
                writer.line("case .failure(let failure_out): throw .failure(failure_out)")
                writer.line("}")
            default: writer.line("return value_out")
            }
        }
    }

    /// The name of the instance that an interface is exported as.
    func path(of owner: WITOwner) -> [String] {
        guard case .interface(let id) = owner else { return [] }
        return marshalling.world.exports.filter { $0.interface == id }.prefix(1).map(\.externName)
    }
}
