// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITPrinter {
    /// Writes the definition of a type.
    mutating func typeDefinition(_ definition: WITSyntax.TypeDefinition) {
        attributes(definition.attributes)
        let name = Self.name(definition.name)
        switch definition.kind {
        case .alias(let type):
            line("type \(name) = \(Self.type(type));")
        case .record(let fields):
            block("record \(name)") { printer in
                for field in fields {
                    printer.docs(field.docs)
                    printer.line("\(Self.name(field.name)): \(Self.type(field.type)),")
                }
            }
        case .variant(let cases):
            block("variant \(name)") { printer in
                for variantCase in cases {
                    printer.docs(variantCase.docs)
                    printer.line(
                        Self.name(variantCase.name) + (variantCase.type.map { "(\(Self.type($0)))" } ?? "") + ","
                    )
                }
            }
        case .enum(let labels):
            block("enum \(name)") { $0.labels(labels) }
        case .flags(let labels):
            block("flags \(name)") { $0.labels(labels) }
        case .resource(let functions):
            guard !functions.isEmpty else { return line("resource \(name);") }
            block("resource \(name)") { printer in
                for function in functions {
                    printer.attributes(function.attributes)
                    let label = function.kind == .constructor ? "" : "\(Self.name(function.name)): "
                    printer.line("\(label)\(Self.signature(function));")
                }
            }
        }
    }

    private mutating func labels(_ labels: [WITSyntax.Label]) {
        for label in labels {
            docs(label.docs)
            line("\(Self.name(label.name)),")
        }
    }

    /// A function from `static` to its result.
    static func signature(_ function: WITSyntax.Function) -> String {
        var text =
            switch function.kind {
            case .plain: function.isAsync ? "async func" : "func"
            case .static: function.isAsync ? "static async func" : "static func"
            case .constructor: "constructor"
            }
        let parameters = function.parameters.map { "\(name($0.name)): \(type($0.type))" }
        text += "(\(parameters.joined(separator: ", ")))"
        if let result = function.result {
            text += " -> \(type(result))"
        }
        return text
    }

    /// A type where it is used.
    static func type(_ type: WITSyntax.TypeExpression) -> String {
        switch type {
        case .primitive(let primitive): primitive.rawValue
        case .name(let identifier): name(identifier)
        case .own(let identifier): "own<\(name(identifier))>"
        case .borrow(let identifier): "borrow<\(name(identifier))>"
        case .list(let element): "list<\(self.type(element))>"
        case .fixedLengthList(let element, let length): "list<\(self.type(element)), \(length)>"
        case .map(let key, let value, _): "map<\(self.type(key)), \(self.type(value))>"
        case .tuple(let elements): "tuple<\(elements.map { self.type($0) }.joined(separator: ", "))>"
        case .option(let value): "option<\(self.type(value))>"
        case .result(nil, nil): "result"
        case .result(let ok?, nil): "result<\(self.type(ok))>"
        case .result(nil, let error?): "result<_, \(self.type(error))>"
        case .result(let ok?, let error?): "result<\(self.type(ok)), \(self.type(error))>"
        case .stream(let element): element.map { "stream<\(self.type($0))>" } ?? "stream"
        case .future(let value): value.map { "future<\(self.type($0))>" } ?? "future"
        }
    }
}
