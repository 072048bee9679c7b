// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

extension LinkedModule {
    /// The new indices and positions of the parts of a merged module.
    package struct Merged: Sendable {
        /// The new index of everything, by its index in the merged module.
        package var indices: CoreIndexMap
        /// The number of the function that the module wanted to run at instantiation; nothing calls it yet.
        package var start: UInt32?
        /// The positions of its element segments.
        package var elements: Range<Int>
        /// The positions of its data segments.
        package var data: Range<Int>
        /// Its exports with their new indices.
        package var exports: [CoreModule.Export]

        /// The export with a name.
        package func export(named name: String) -> CoreModule.Export? {
            exports.first { $0.name.hasSameBytes(as: name) }
        }
    }

    /// Adds everything that a module defines.
    ///
    /// Its active segments are applied at instantiation, after those that are there already. Its start function is
    /// not called. `resolve` says what an import stands for: a function's number, or the index of another thing.
    /// - Throws: an error of the code `invalid` if an index in the module leads nowhere, or what `resolve` throws.
    package mutating func merge(
        _ module: CoreModule,
        resolve: (CoreModule.Import) throws(ComponentsError) -> UInt32
    ) throws(ComponentsError) -> Merged {
        var indices = CoreIndexMap()
        let types = try merge(types: module.types)
        indices[.type] = types
        let names = NameSection(of: module)
        var spaces = Spaces()
        for item in module.imports { spaces[item.type.kind].append(try resolve(item)) }
        try mergeDefinitions(module, names, types: types, into: &spaces, &indices)

        let dataStart = data.count
        indices[.data] = module.data.indices.map { UInt32(dataStart + $0) }
        let elementStart = elements.count
        indices[.element] = module.elements.indices.map { UInt32(elementStart + $0) }
        try mergeElements(module, indices)
        for segment in module.data {
            switch segment.mode {
            case .passive: data.append(segment)
            case .active(let memory, let offset):
                let mode = CoreModule.DataSegment.Mode.active(
                    memory: try indices(memory, in: .memory),
                    offset: try merged(offset, indices)
                )
                data.append(CoreModule.DataSegment(mode: mode, bytes: segment.bytes))
            }
        }
        declaresDataCount = declaresDataCount || module.declaresDataCount
        try mergeBodies(module, indices)
        return Merged(
            indices: indices,
            start: try module.start.map { start throws(ComponentsError) in try indices(start, in: .function) },
            elements: elementStart..<elements.count,
            data: dataStart..<data.count,
            exports: try exports(of: module, indices)
        )
    }

    private struct Spaces {
        private var lists = [[UInt32]](repeating: [], count: 5)

        subscript(kind: CoreExternKind) -> [UInt32] {
            get { lists[Int(kind.rawValue)] }
            set { lists[Int(kind.rawValue)] = newValue }
        }
    }

    private mutating func merge(types groups: [CoreRecursionGroup]) throws(ComponentsError) -> [UInt32] {
        var map: [UInt32] = []
        for group in groups {
            let first = UInt32(map.count)
            let count = UInt32(group.types.count)
            let relative = try group.mapped { index throws(ComponentsError) in
                if index >= first, index < first + count { return index - first + Self.relativeBase }
                guard Int(index) < map.count else {
                    throw ComponentsError(.invalid, "type \(first) refers to type \(index), which comes later")
                }
                return map[Int(index)]
            }
            let position = self.index(of: relative)
            for offset in 0..<count { map.append(position + offset) }
        }
        return map
    }

    private mutating func mergeDefinitions(
        _ module: CoreModule,
        _ names: NameSection,
        types: [UInt32],
        into spaces: inout Spaces,
        _ indices: inout CoreIndexMap
    ) throws(ComponentsError) {
        let exportNames = Self.exportNames(module)
        // Bodies follow once all indices are known.
        for type in module.functions {
            let old = UInt32(spaces[.function].count)
            guard Int(type) < types.count else { throw ComponentsError(.invalid, "there is no type \(type)") }
            let name = names.names[.functions]?[old] ?? exportNames[.function]?[old]
            spaces[.function].append(UInt32(functions.count))
            functions.append(Function(type: types[Int(type)], origin: .defined([]), name: name))
        }
        indices[.function] = spaces[.function]
        for tag in module.tags {
            spaces[.tag].append(UInt32(tags.count))
            tags.append(try indices(tag, in: .type))
        }
        indices[.tag] = spaces[.tag]
        for memory in module.memories {
            spaces[.memory].append(UInt32(memories.count))
            memories.append(memory)
        }
        indices[.memory] = spaces[.memory]
        for global in module.globals {
            // An initialiser sees only the globals before its own.
            indices[.global] = spaces[.global]
            let old = UInt32(spaces[.global].count)
            let map = indices
            var type = global.type
            type.value = try type.value.mapped { index throws(ComponentsError) in try map(index, in: .type) }
            let initializer = try merged(global.initializer, indices)
            spaces[.global].append(UInt32(globals.count))
            let name = exportNames[.global]?[old] ?? names.names[.globals]?[old]
            globals.append(Global(type: type, initializer: initializer, name: name))
        }
        indices[.global] = spaces[.global]
        let map = indices
        for table in module.tables {
            var merged = table
            merged.type.element = try table.type.element.mapped { index throws(ComponentsError) in
                try map(index, in: .type)
            }
            if let initializer = table.initializer { merged.initializer = try self.merged(initializer, indices) }
            spaces[.table].append(UInt32(tables.count))
            tables.append(merged)
        }
        indices[.table] = spaces[.table]
    }

    private static func exportNames(_ module: CoreModule) -> [CoreExternKind: [UInt32: String]] {
        var result: [CoreExternKind: [UInt32: String]] = [:]
        for export in module.exports { result[export.kind, default: [:]][export.index] = export.name }
        return result
    }

    private mutating func mergeElements(_ module: CoreModule, _ indices: CoreIndexMap) throws(ComponentsError) {
        for segment in module.elements {
            var merged = segment
            if case .active(let table, let offset) = segment.mode {
                merged.mode = .active(table: try indices(table, in: .table), offset: try self.merged(offset, indices))
            }
            switch segment.items {
            case .functions(var functions):
                for index in functions.indices { functions[index] = try indices(functions[index], in: .function) }
                merged.items = .functions(functions)
            case .expressions(let type, var expressions):
                for index in expressions.indices { expressions[index] = try self.merged(expressions[index], indices) }
                let mapped = try type.mapped { index throws(ComponentsError) in try indices(index, in: .type) }
                merged.items = .expressions(mapped, expressions)
            }
            elements.append(merged)
        }
    }

    private mutating func mergeBodies(_ module: CoreModule, _ indices: CoreIndexMap) throws(ComponentsError) {
        let imported = module.imports.count { $0.type.kind == .function }
        guard let map = indices[.function] else { return }
        for (position, body) in module.bodies.enumerated() {
            let number = Int(map[imported + position])
            functions[number].origin = .defined(
                try IndexRewriter.rewriteBody(body, indices, references: &referencedFunctions)
            )
        }
    }

    private func exports(
        of module: CoreModule,
        _ indices: CoreIndexMap
    ) throws(ComponentsError) -> [CoreModule.Export] {
        var result: [CoreModule.Export] = []
        for export in module.exports {
            let index = try indices(export.index, in: export.kind.space)
            result.append(CoreModule.Export(name: export.name, kind: export.kind, index: index))
        }
        return result
    }

    /// An expression with its indices replaced; a number if it can be calculated already.
    private func merged(
        _ expression: ConstantExpression,
        _ indices: CoreIndexMap
    ) throws(ComponentsError) -> ConstantExpression {
        let value = expression.evaluate { index in
            guard let new = try? indices(index, in: .global) else { return nil }
            return constant(ofGlobal: new)
        }
        if let value { return .value(value) }
        return ConstantExpression(bytes: try IndexRewriter.rewriteExpression(expression.bytes, indices))
    }

    /// The value of a global that never changes.
    func constant(ofGlobal index: UInt32) -> CoreConstant? {
        guard Int(index) < globals.count, !globals[Int(index)].type.isMutable else { return nil }
        // References to other globals were calculated when the global was merged.
        return globals[Int(index)].initializer.evaluate { _ in nil }
    }
}

extension CoreExternKind {
    /// The index space of things of this kind.
    var space: CoreIndexSpace {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        }
    }
}
