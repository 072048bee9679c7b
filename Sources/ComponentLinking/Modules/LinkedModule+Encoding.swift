// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension LinkedModule {
    /// A module that can be encoded, with the place of each function.
    struct Encodable {
        /// The module; its exports are still missing.
        var module: CoreModule
        /// The index of each function by its number; replaced ones have that of their replacement.
        var indices: [UInt32]
        /// The numbers of the imported functions, in the order of the imports.
        var hosts: [UInt32]
    }

    /// Puts the imported functions first and gives every reference its final index.
    ///
    /// The names of the imports are given for each host function by number.
    func encodable(importNames: [UInt32: (module: String, name: String)]) throws(ComponentsError) -> Encodable {
        var module = CoreModule()
        module.types = types
        var hosts: [UInt32] = []
        var defined: [UInt32] = []
        for (number, function) in functions.enumerated() {
            switch function.origin {
            case .host: hosts.append(UInt32(number))
            case .defined: defined.append(UInt32(number))
            case .replaced, .removed: break
            }
        }
        var indices = [UInt32](repeating: 0, count: functions.count)
        for (index, number) in (hosts + defined).enumerated() { indices[Int(number)] = UInt32(index) }
        for number in functions.indices {
            guard case .replaced = functions[number].origin else { continue }
            indices[number] = indices[Int(resolved(UInt32(number)))]
        }
        let isIdentity =
            hosts.count + defined.count == functions.count && indices.enumerated().allSatisfy { $0 == Int($1) }
        var map = CoreIndexMap()
        if !isIdentity { map[.function] = indices }

        module.imports = hosts.map { number in
            let name = importNames[number] ?? ("host", "\(number)")
            return CoreModule.Import(
                module: name.module,
                name: name.name,
                type: .function(type: functions[Int(number)].type)
            )
        }
        var bodies: [ArraySlice<UInt8>] = []
        bodies.reserveCapacity(defined.count)
        for number in defined {
            guard case .defined(let body) = functions[Int(number)].origin else { continue }
            module.functions.append(functions[Int(number)].type)
            bodies.append(isIdentity ? body : try IndexRewriter.rewriteBody(body, map))
        }
        module.bodies = bodies
        module.tables = tables
        module.memories = memories
        module.tags = tags
        var globals: [CoreModule.Global] = []
        for global in self.globals {
            let initializer = isIdentity ? global.initializer : try rewritten(global.initializer, map)
            globals.append(CoreModule.Global(type: global.type, initializer: initializer))
        }
        module.globals = globals
        for index in module.tables.indices {
            guard let initializer = module.tables[index].initializer, !isIdentity else { continue }
            module.tables[index].initializer = try rewritten(initializer, map)
        }
        module.elements = isIdentity ? elements : try rewrittenElements(map)
        module.data = data
        module.declaresDataCount = declaresDataCount && !data.isEmpty
        module.start = start.map { indices[Int($0)] }
        declareReferences(in: &module, indices)
        module.append(nameSection(indices).encoded())
        return Encodable(module: module, indices: indices, hosts: hosts)
    }

    private func rewritten(
        _ expression: ConstantExpression,
        _ map: CoreIndexMap
    ) throws(ComponentsError) -> ConstantExpression {
        ConstantExpression(bytes: try IndexRewriter.rewriteExpression(expression.bytes, map))
    }

    private func rewrittenElements(_ map: CoreIndexMap) throws(ComponentsError) -> [CoreModule.ElementSegment] {
        var result = elements
        for index in result.indices {
            switch result[index].items {
            case .functions(var functions):
                for position in functions.indices {
                    functions[position] = try map(functions[position], in: .function)
                }
                result[index].items = .functions(functions)
            case .expressions(let type, var expressions):
                for position in expressions.indices {
                    expressions[position] = try rewritten(expressions[position], map)
                }
                result[index].items = .expressions(type, expressions)
            }
        }
        return result
    }

    /// Declares the functions of which the code takes references; their modules may have done so by exporting them.
    private func declareReferences(in module: inout CoreModule, _ indices: [UInt32]) {
        guard !referencedFunctions.isEmpty else { return }
        var declared: Set<UInt32> = []
        for segment in module.elements {
            switch segment.items {
            case .functions(let functions): declared.formUnion(functions)
            case .expressions(_, let expressions): declared.formUnion(expressions.compactMap(\.functionReference))
            }
        }
        let missing = Set(referencedFunctions.map { indices[Int($0)] }).subtracting(declared).sorted()
        guard !missing.isEmpty else { return }
        module.elements.append(CoreModule.ElementSegment(mode: .declared, items: .functions(missing)))
    }

    private func nameSection(_ indices: [UInt32]) -> NameSection {
        var names = NameSection()
        var functionNames: [UInt32: String] = [:]
        for (number, function) in functions.enumerated() {
            switch function.origin {
            case .replaced, .removed: continue
            case .host, .defined: break
            }
            if let name = function.name { functionNames[indices[number]] = name }
        }
        names.names[.functions] = functionNames
        names.names[.globals] = Dictionary(
            uniqueKeysWithValues: globals.enumerated().compactMap { index, global in
                global.name.map { (UInt32(index), $0) }
            }
        )
        return names
    }
}
