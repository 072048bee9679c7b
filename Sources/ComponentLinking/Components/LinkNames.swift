// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The names that functions and types of a component came with, for naming what is made of them.
struct LinkNames {
    private typealias Name = (interface: String?, name: String)

    private var instances: [String?] = []
    private var functions: [Name?] = []
    private var types: [Name?] = []

    /// Follows a definition that adds to the index spaces.
    mutating func record(_ definition: Component.Definition) {
        switch definition {
        case .import(let item): add(item.type.sort, (nil, item.name.name))
        case .alias(let alias):
            guard case .export(let instance, let name) = alias.target else { return add(alias.sort, nil) }
            let interface = Int(instance) < instances.count ? instances[Int(instance)] : nil
            add(alias.sort, (interface, name))
        case .export(let export): add(export.item.sort, (nil, export.name.name))
        default: for sort in definition.produced() { add(sort, nil) }
        }
    }

    private mutating func add(_ sort: Component.Sort, _ name: Name?) {
        switch sort {
        case .instance: instances.append(name?.name)
        case .function: functions.append(name)
        case .type: types.append(name)
        default: break
        }
    }

    /// The interface and the name that describe a canonical function.
    func name(of canonical: Component.Canonical) -> (interface: String?, name: String) {
        switch canonical {
        case .lift(let function, _, _): return (nil, "lift-\(function)")
        case .lower(let function, _):
            return Int(function) < functions.count
                ? functions[Int(function)] ?? (nil, "function-\(function)") : (nil, "function-\(function)")
        case .builtin(let builtin, let operands):
            guard case .type(let type)? = operands.first, Int(type) < types.count, let name = types[Int(type)] else {
                return (nil, builtin.name)
            }
            return (name.interface, "[\(builtin.name)]\(name.name)")
        }
    }
}

extension Component.CanonicalBuiltin {
    /// The name in the style of the text format, such as `resource-drop`.
    var name: String {
        var result = ""
        for character in "\(self)" {
            if character.isUppercase { result.append("-") }
            result.append(character.lowercased())
        }
        return result
    }
}
