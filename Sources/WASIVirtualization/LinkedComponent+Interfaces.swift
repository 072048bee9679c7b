// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

extension LinkedComponent {
    /// Adds an import of an instance with functions on numbers, and returns their numbers in ``core`` by name.
    ///
    /// Functions in `passingLists`, whose last two parameters are an address and a length, get the bytes there as a
    /// `list<u8>` instead.
    mutating func addInterfaceImport(
        _ name: String,
        _ functions: [GuestWASI.Function],
        passingLists: Set<String> = []
    ) throws(ComponentsError) -> [String: UInt32] {
        var declarations: [Component.Declaration] = []
        var typeCount: UInt32 = 0
        func declare(_ type: Component.TypeDefinition) -> UInt32 {
            declarations.append(.type(type))
            typeCount += 1
            return typeCount - 1
        }
        for function in functions {
            var parameters = function.parameters.map { Component.LabeledType($0.name, .primitive($0.type)) }
            if passingLists.contains(function.name), parameters.count >= 2 {
                let list = declare(.list(.primitive(.u8)))
                parameters.removeLast(2)
                parameters.append(Component.LabeledType("bytes", .index(list)))
            }
            let type = Component.FunctionType(
                parameters: parameters,
                result: function.result.map { .primitive($0) }
            )
            let index = declare(.function(type))
            declarations.append(.export(Component.ExternName(function.name), .function(type: index)))
        }
        let type = add(.type(.instance(declarations)), sort: .type)
        let item = Component.Import(name: Component.ExternName(name), type: .instance(type: type.index))
        let instance = add(.import(item), sort: .instance)
        var numbers: [String: UInt32] = [:]
        for function in functions {
            let target = Component.Alias.Target.export(instance: instance.index, name: function.name)
            let alias = add(.alias(Component.Alias(sort: .function, target: target)), sort: .function)
            let host = LinkedModule.HostFunction(
                interface: name,
                name: function.name,
                canonical: .lower(
                    function: alias.index,
                    options: passingLists.contains(function.name) ? [.memory(0)] : []
                )
            )
            let core = try Self.coreType(parameters: function.parameters, result: function.result)
            numbers[function.name] = self.core.addHostFunction(host, type: core)
        }
        return numbers
    }

    /// Adds an export of an instance with functions on numbers.
    mutating func addInterfaceExport(
        _ name: String,
        _ functions: [(function: GuestWASI.Function, number: UInt32)]
    ) throws(ComponentsError) {
        var exports: [Component.Instance.InlineExport] = []
        for (function, number) in functions {
            let expected = try Self.coreType(parameters: function.parameters, result: function.result)
            guard core.functionType(number) == expected else {
                throw ComponentsError(.invalid, "the core function for \(function.name) is not of the type \(expected)")
            }
            let type = addFunctionType(parameters: function.parameters, result: function.result)
            let lifted = add(
                .canonical(.lift(function: number, options: [], type: type.index)),
                sort: .function
            )
            exports.append(
                Component.Instance.InlineExport(name: Component.ExternName(function.name), item: lifted)
            )
        }
        let instance = add(.instance(.exports(exports)), sort: .instance)
        _ = add(
            .export(Component.Export(name: Component.ExternName(name), item: instance, type: nil)),
            sort: .instance
        )
    }

    /// A component of just the imports and the types around them.
    func importedTypes() throws(ComponentsError) -> Component {
        var builder = ComponentBuilder()
        var indices: [Component.Reference: UInt32] = [:]
        for entry in entries {
            switch entry.definition {
            case .type, .import, .alias, .coreType: break
            default: continue
            }
            // Types of the component's own resources and aliases of its instances have no place here.
            var isKnown = true
            let definition = try entry.definition.mapped { reference throws(ComponentsError) in
                guard let index = indices[reference] else {
                    isKnown = false
                    return 0
                }
                return index
            }
            guard isKnown else { continue }
            for (identity, reference) in zip(entry.identities, builder.add(definition)) {
                indices[identity] = reference.index
            }
        }
        return builder.finish()
    }
}
