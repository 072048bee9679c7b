// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The documentation and gates of a package of WIT that was encoded as a component, which has no other place for them.
///
/// They are in a custom section that `wasm-tools` writes: a byte for the version, and JSON.
struct WITPackageMetadata {
    /// The name of the custom section.
    static let sectionName = "package-docs"

    private let root: JSONValue

    init(decoding content: ArraySlice<UInt8>) throws(WITError) {
        guard let version = content.first, version <= 1, let root = JSONValue(content.dropFirst()) else {
            throw WITError(.invalid, "the section `\(Self.sectionName)` is not of the form that is known")
        }
        self.root = root
    }

    /// Says of the items of a package what is said of them here; what is said of others is passed over.
    func apply(to package: inout WITPackage) {
        package.docs = docs(root)
        for index in package.interfaces.indices {
            if let value = root["interfaces"]?[package.interfaces[index].name] {
                apply(value, to: &package.interfaces[index])
            }
        }
        for index in package.worlds.indices {
            if let value = root["worlds"]?[package.worlds[index].name] {
                apply(value, to: &package.worlds[index])
            }
        }
    }

    private func apply(_ value: JSONValue, to interface: inout WITInterface) {
        interface.docs = docs(value)
        interface.stability = stability(value["stability"])
        for index in interface.types.indices {
            apply(value["types"], functions: value["funcs"], to: &interface.types[index])
        }
        for index in interface.functions.indices {
            apply(value["funcs"], to: &interface.functions[index])
        }
    }

    private func apply(_ value: JSONValue, to world: inout WITWorld) {
        world.docs = docs(value)
        world.stability = stability(value["stability"])
        for index in world.types.indices {
            apply(value["types"], functions: value["funcs"], to: &world.types[index])
        }
        let imported = Set(world.imports.compactMap(\.plainName))
        for index in world.imports.indices {
            apply(
                value,
                interfaces: value["interfaces"],
                functions: value["funcs"],
                direction: "import",
                to: &world.imports[index]
            )
        }
        for index in world.exports.indices {
            // In the first version of the format, exports stand with the imports.
            let name = world.exports[index].plainName ?? ""
            let isImported = imported.contains(name)
            func members(_ exports: String, _ both: String) -> JSONValue? {
                value[exports]?[name] != nil || isImported ? value[exports] : value[both]
            }
            apply(
                value,
                interfaces: members("interface_exports", "interfaces"),
                functions: members("func_exports", "funcs"),
                direction: "export",
                to: &world.exports[index]
            )
        }
    }

    private func apply(
        _ world: JSONValue,
        interfaces: JSONValue?,
        functions: JSONValue?,
        direction: String,
        to item: inout WITWorldItem
    ) {
        switch item.kind {
        case .function(var function):
            apply(functions, to: &function)
            item.kind = .function(function)
        case .inlineInterface(var interface):
            guard let value = interfaces?[interface.name] else { return }
            apply(value, to: &interface)
            // The import or export holds what is written before it.
            (item.docs, item.stability) = (interface.docs, interface.stability)
            (interface.docs, interface.stability) = (nil, .ungated)
            item.kind = .inlineInterface(interface)
        case .interface:
            item.stability = stability(world["interface_\(direction)_stability"]?[item.externName])
            item.docs = world["interface_\(direction)_docs"]?[item.externName]?.text
                .flatMap(WITDocumentation.normalized)
        }
    }

    private func apply(_ values: JSONValue?, functions: JSONValue?, to definition: inout WITTypeDefinition) {
        let value = values?[definition.name] ?? .null
        definition.docs = self.docs(value)
        definition.stability = stability(value["stability"])
        func docs(of name: String) -> String? {
            value["items"]?[name]?.text.flatMap(WITDocumentation.normalized)
        }
        switch definition.kind {
        case .record(let fields):
            definition.kind = .record(fields.map { WITField(name: $0.name, docs: docs(of: $0.name), type: $0.type) })
        case .variant(let cases):
            definition.kind = .variant(cases.map { WITCase(name: $0.name, docs: docs(of: $0.name), type: $0.type) })
        case .enum(let labels):
            definition.kind = .enum(labels.map { WITLabel(name: $0.name, docs: docs(of: $0.name)) })
        case .flags(let labels):
            definition.kind = .flags(labels.map { WITLabel(name: $0.name, docs: docs(of: $0.name)) })
        case .resource(var resource):
            for index in resource.indices {
                apply(functions, to: &resource[index])
            }
            definition.kind = .resource(resource)
        case .alias: break
        case .use: definition.docs = nil
        }
    }

    private func apply(_ values: JSONValue?, to function: inout WITFunction) {
        guard let value = values?[function.externName] else { return }
        // In the first version of the format a function has its documentation alone.
        function.docs = (value.text ?? value["docs"]?.text).flatMap(WITDocumentation.normalized)
        function.stability = stability(value["stability"])
    }

    private func docs(_ value: JSONValue) -> String? {
        value["docs"]?.text.flatMap(WITDocumentation.normalized)
    }

    private func stability(_ value: JSONValue?) -> WITStability {
        let deprecated = (value?["stable"] ?? value?["unstable"])?["deprecated"]?.text.flatMap { WITVersion($0) }
        if let since = value?["stable"]?["since"]?.text, let version = WITVersion(since) {
            return .stable(since: version, deprecated: deprecated)
        }
        if let feature = value?["unstable"]?["feature"]?.text, WITCharacters.identifierFault(feature) == nil {
            return .unstable(feature: feature, deprecated: deprecated)
        }
        return .ungated
    }
}
