// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import ComponentModel
internal import WIT

/// The functions of an interface or world under the Swift names that they get.
struct NamedFunction {
    var function: WITFunction
    /// The name, without backticks.
    var name: String
}

/// The functions that belong to a resource: methods to its values, others to whoever has the resource's interface.
struct ResourceMembers {
    let methods: [NamedFunction]

    init(_ definition: WITTypeDefinition, _ names: SwiftNames) {
        let methods = definition.resourceFunctions.filter { if case .method = $0.kind { true } else { false } }
        self.methods = zip(methods, UniqueNames.members(methods.map(\.name))).map {
            NamedFunction(function: $0, name: $1)
        }
    }

    /// The functions of an interface or world, with constructors and static functions of its resources.
    static func functions(_ functions: [WITFunction], _ types: [WITTypeDefinition]) -> [NamedFunction] {
        var scope = UniqueNames()
        var result: [NamedFunction] = []
        for function in functions {
            result.append(NamedFunction(function: function, name: scope.take(SwiftNaming.memberName(function.name))))
        }
        for definition in types {
            for function in definition.resourceFunctions {
                let name: String
                switch function.kind {
                case .constructor: name = SwiftNaming.memberName("make", of: definition.name)
                case .static: name = SwiftNaming.memberName("\(definition.name)-\(function.name)")
                case .method, .freestanding: continue
                }
                result.append(NamedFunction(function: function, name: scope.take(name)))
            }
        }
        return result
    }
}
