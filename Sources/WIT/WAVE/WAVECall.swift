// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A call of an exported function, written as text: `name(argument, …)`.
///
///     let call = try WAVECall(parsing: "add(1, 2)", world: world, in: model)
///     call.function.name  // add
package struct WAVECall: Hashable, Sendable {
    /// The export of the world that holds the function, or that is the function.
    package var export: WITWorldItem
    /// The function.
    package var function: WITFunction
    /// The arguments, one for each parameter.
    package var arguments: [WAVEValue]

    /// Parses a call of a function that a world exports.
    ///
    /// A function of an exported interface is named with it: `interface.function(…)`, or in full
    /// `namespace:package/interface@version.function(…)`; the version may stand at the end, too. What only one export
    /// could mean may be left out.
    /// - Parameters:
    ///   - text: The text of the call.
    ///   - world: The world that exports the function.
    ///   - model: The model that the world belongs to.
    ///   - path: The name of the text in error messages.
    /// - Throws: ``WITError`` with the place and what was expected.
    package init(
        parsing text: String,
        world: WITWorld,
        in model: WITModel,
        path: String = "call"
    ) throws(WITError) {
        var parser = WAVEParser(text, path: path, model: model)
        parser.skipSpace()
        let start = parser.position
        while let next = parser.byte(), next != UInt8(ascii: "("), next > 0x20 {
            parser.advance()
        }
        let name = String(decoding: parser.bytes[start..<parser.position], as: UTF8.self)
        guard !name.isEmpty else {
            throw parser.unexpected("the name of a function")
        }
        let matches = Self.matches(name, world, model)
        guard let match = matches.first, matches.count == 1 else {
            throw parser.error(Self.message(name, matches, world, model), from: start, code: .unknownName)
        }
        export = match.export
        function = match.function
        parser.skipSpace()
        guard parser.byte() == UInt8(ascii: "(") else { throw parser.unexpected("`(` and the arguments") }
        arguments = try parser.arguments(function.parameters)
        try parser.expectEnd()
    }

    /// A function with the names that it goes by, the most exact first.
    private typealias Match = (export: WITWorldItem, function: WITFunction, names: [[String]])

    /// The functions that a name could mean.
    private static func matches(_ name: String, _ world: WITWorld, _ model: WITModel) -> [Match] {
        let functions = functions(of: world, model)
        // The more exact a name, the sooner it counts.
        for precision in 0..<4 {
            let found = functions.filter { precision < $0.names.count && $0.names[precision].contains(name) }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The functions of a world that belong to no resource.
    private static func functions(of world: WITWorld, _ model: WITModel) -> [Match] {
        world.exports.flatMap { export -> [Match] in
            switch export.kind {
            case .function(let function): return [(export, function, [[function.name]])]
            case .interface, .inlineInterface:
                guard let id = export.interface, let interface = model.interface(id) else { return [] }
                return interface.functions.map { function in
                    let plain = "\(export.plainName ?? interface.name).\(function.name)"
                    guard export.plainName == nil, case .named(let package, let name) = id else {
                        return (export, function, [[plain], [function.name]])
                    }
                    let qualified = "\(package.namespace):\(package.name)/\(name)"
                    let unversioned = "\(qualified).\(function.name)"
                    guard let version = package.version else {
                        return (export, function, [[unversioned], [plain], [function.name]])
                    }
                    let full = ["\(unversioned)@\(version)", "\(qualified)@\(version).\(function.name)"]
                    let short = [plain, "\(name)@\(version).\(function.name)"]
                    return (export, function, [full, [unversioned], short, [function.name]])
                }
            }
        }
    }

    private static func message(_ name: String, _ matches: [Match], _ world: WITWorld, _ model: WITModel) -> String {
        guard matches.isEmpty else {
            return "`\(name)` could be any of \(WITError.list(matches.map { $0.names[0][0] }))"
        }
        let known = functions(of: world, model).compactMap(\.names.first?.first)
        guard !known.isEmpty else { return "there is no function `\(name)`; nothing is exported that can be called" }
        return "there is no function `\(name)`; known are \(WITError.list(known))"
    }
}
