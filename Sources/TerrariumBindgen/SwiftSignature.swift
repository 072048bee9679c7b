// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// The declaration of a Swift function that stands for one of WIT.
struct SwiftSignature: Hashable {
    /// The name, without backticks; `init` for a constructor.
    var name: String
    /// A Boolean value that tells whether the function belongs to the type and not to its values.
    var isStatic: Bool
    /// The labels, without backticks, and types of the parameters.
    var parameters: [(label: String, type: String)]
    /// The type of the result, if there is one.
    var result: String?
    /// The type of the errors that are thrown, if the result of the WIT function is a `result`.
    var failure: String?

    /// Maps a function.
    ///
    /// A `result` that a function returns is thrown or returned; one within something else stays a `Result`.
    init(_ function: WITFunction, _ mapping: SwiftTypeMapping) throws(BindgenError) {
        let context = "the function `\(function.externName)`"
        // A component with such a function does not load: see Engine.Configuration.
        guard !function.isAsync else {
            throw BindgenError(
                code: .unsupported,
                message: "\(context) is an `async func`, for which no bindings are generated yet; "
                    + "a function without `async` can be awaited in Swift, too"
            )
        }
        isStatic = false
        switch function.kind {
        case .constructor: name = "init"
        case .static:
            name = SwiftNaming.memberName(function.name)
            isStatic = true
        case .freestanding, .method: name = SwiftNaming.memberName(function.name)
        }
        let labels = UniqueNames.members(function.parameters.map(\.name))
        parameters = []
        for (label, parameter) in zip(labels, function.parameters) {
            parameters.append((label, try mapping.swiftType(parameter.type, context)))
        }
        switch function.result {
        case nil: break
        case .result(let ok, let error):
            result = try ok.map { type throws(BindgenError) in try mapping.swiftType(type, context) }
            failure = try mapping.failureType(error, context)
        case let type?: result = try mapping.swiftType(type, context)
        }
    }

    /// The declaration as a requirement of a protocol that the host implements.
    var declaration: String { declaration(named: nil) }

    /// The declaration of a function of the host's, under another name.
    ///
    /// If the function makes a resource, or belongs to no value, it is declared as a function under that name too.
    func declaration(named other: String?) -> String {
        let isType = other == nil
        var text =
            isType && name == "init"
            ? "init(\(parameterList))" : "func \(SwiftNaming.escaped(other ?? name))(\(parameterList))"
        text = (isStatic && isType ? "static " : "") + text + " async"
        if let failure {
            text += " throws(\(failure))"
        }
        if let result = isType && name == "init" ? nil : result {
            text += " -> \(result)"
        }
        return text
    }

    /// The declaration of a function that calls the component, which may fail for more reasons.
    func guestDeclaration(named other: String, never: String) -> String {
        let head = "nonisolated(nonsending) func \(SwiftNaming.escaped(other))(\(parameterList)) async "
        let text = head + "throws(Wasmtime.ComponentCallError<\(failure ?? never)>)"
        return result.map { "\(text) -> \($0)" } ?? text
    }

    /// The names by which the body knows the parameters.
    var arguments: [String] { parameters.map { SwiftNaming.escaped($0.label) } }

    private var parameterList: String {
        parameters.map { "\(SwiftNaming.escaped($0.label)): \($0.type)" }.joined(separator: ", ")
    }

    static func == (left: SwiftSignature, right: SwiftSignature) -> Bool {
        left.declaration == right.declaration
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(declaration)
    }
}
