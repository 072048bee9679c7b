// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The modules: the small one with a table, the main one, and the one that fills the table.
extension ComponentAssembler {
    private func type(of slot: Slot) -> CoreFunctionType {
        switch slot {
        case .host(let number), .destructor(let number): linked.core.functionType(number)
        }
    }

    mutating func addShim() {
        var module = CoreModule()
        var types: [CoreFunctionType: UInt32] = [:]
        for (position, slot) in slots.enumerated() {
            let type = type(of: slot)
            let index = types[type] ?? UInt32(module.types.count)
            if types.updateValue(index, forKey: type) == nil { module.types.append(CoreRecursionGroup(type)) }
            var writer = BinaryWriter()
            writer.size(0)
            for parameter in type.parameters.indices {
                writer.opcode(.localGet)
                writer.size(parameter)
            }
            writer.constant(.i32(Int32(position)))
            writer.opcode(.callIndirect)
            writer.u32(index)
            writer.u32(0)
            writer.opcode(.end)
            module.functions.append(index)
            module.bodies.append(writer.bytes[...])
            module.exports.append(CoreModule.Export(name: "\(position)", kind: .function, index: UInt32(position)))
        }
        let size = UInt64(slots.count)
        let limits = CoreLimits(minimum: size, maximum: size)
        module.tables = [CoreModule.Table(type: CoreTableType(element: .function, limits: limits))]
        module.exports.append(CoreModule.Export(name: "table", kind: .table, index: 0))
        shim = builder.add(.instantiate(module: builder.add(module), arguments: []))
    }

    mutating func addMain() throws(ComponentsError) {
        var functions: [UInt32: UInt32] = [:]
        for (number, host) in linked.core.hostFunctions {
            if let slot = slotOfHost[number] {
                functions[number] = builder.alias("\(slot)", of: shim, .function)
            } else {
                let canonical = try host.canonical.mapped { reference throws(ComponentsError) in
                    try index(of: reference)
                }
                functions[number] = builder.add(.canonical(canonical)).first?.index
            }
        }
        let importNames = self.importNames()
        var encodable = try linked.core.encodable(importNames: importNames)
        try chooseExports(&encodable)
        var bundles: [(name: String, exports: [Component.CoreInstance.InlineExport])] = []
        var positions: [ExactName: Int] = [:]
        for number in encodable.hosts {
            guard let name = importNames[number], let index = functions[number] else { continue }
            let module = ExactName(name.module)
            let position = positions[module] ?? bundles.count
            if positions.updateValue(position, forKey: module) == nil { bundles.append((name.module, [])) }
            bundles[position].exports.append(
                Component.CoreInstance.InlineExport(name: name.name, sort: .function, index: index)
            )
        }
        let module = builder.add(encodable.module)
        let arguments = bundles.map { bundle in
            Component.CoreInstance.Argument(name: bundle.name, instance: builder.add(.exports(bundle.exports)))
        }
        main = builder.add(.instantiate(module: module, arguments: arguments))
        // A function of the host that is itself passed on needs no export.
        for (number, index) in functions { coreIndices[Component.Reference(.core(.function), number)] = index }
    }

    /// Readable names for the imports; the same function can be imported in several ways.
    private func importNames() -> [UInt32: (module: String, name: String)] {
        var used: Set<[String]> = []
        var attempts: [[String]: Int] = [:]
        var result: [UInt32: (module: String, name: String)] = [:]
        for (number, host) in linked.core.hostFunctions {
            let module = host.interface ?? "$root"
            var name = host.name
            while !used.insert([module, name]).inserted {
                attempts[[module, host.name], default: 1] += 1
                name = "\(host.name)#\(attempts[[module, host.name]] ?? 1)"
            }
            result[number] = (module, name)
        }
        return result
    }

    /// Exports what the component's definitions need, under the names that the original modules used.
    private mutating func chooseExports(_ encodable: inout LinkedModule.Encodable) throws(ComponentsError) {
        var needed: [Component.Reference] = []
        func need(_ reference: Component.Reference) -> UInt32 {
            if reference.isInModule { needed.append(resolved(reference)) }
            return reference.index
        }
        for entry in linked.entries {
            _ = try entry.definition.mapped { reference throws(ComponentsError) in need(reference) }
        }
        for (_, host) in linked.core.hostFunctions {
            _ = try host.canonical.mapped { reference throws(ComponentsError) in need(reference) }
        }
        if !slots.isEmpty, let start = linked.core.start {
            needed.append(Component.Reference(.core(.function), linked.core.resolved(start)))
            encodable.module.start = nil
        }
        var symbolNames: [Component.Reference: String] = [:]
        for symbol in linked.core.symbols {
            let sort = Component.CoreSort(rawValue: symbol.kind.rawValue) ?? .function
            let reference = resolved(Component.Reference(.core(sort), symbol.index))
            if symbolNames[reference] == nil { symbolNames[reference] = symbol.name }
        }
        var used: Set<String> = []
        var attempts: [String: Int] = [:]
        for reference in needed where exportNames[reference] == nil {
            guard case .core(let sort) = reference.sort, let kind = CoreExternKind(rawValue: sort.rawValue) else {
                continue
            }
            guard reference.index < count(of: kind) else {
                throw ComponentsError(.invalid, "the module has no \(kind) \(reference.index)")
            }
            if kind == .function, case .host = linked.core.functions[Int(reference.index)].origin { continue }
            let base = symbolNames[reference] ?? "\(kind)-\(reference.index)"
            var name = base
            while !used.insert(name).inserted {
                attempts[base, default: 1] += 1
                name = "\(base)#\(attempts[base] ?? 1)"
            }
            exportNames[reference] = name
            let index = kind == .function ? encodable.indices[Int(reference.index)] : reference.index
            encodable.module.exports.append(CoreModule.Export(name: name, kind: kind, index: index))
        }
        if !slots.isEmpty, let start = linked.core.start {
            startName = exportNames[Component.Reference(.core(.function), linked.core.resolved(start))]
        }
    }

    private func count(of kind: CoreExternKind) -> UInt32 {
        switch kind {
        case .function: UInt32(linked.core.functions.count)
        case .table: UInt32(linked.core.tables.count)
        case .memory: UInt32(linked.core.memories.count)
        case .global: UInt32(linked.core.globals.count)
        case .tag: UInt32(linked.core.tags.count)
        }
    }

    /// Fills the table, then runs the start function.
    mutating func addFixup() throws(ComponentsError) {
        var module = CoreModule()
        var exports: [Component.CoreInstance.InlineExport] = []
        for (position, slot) in slots.enumerated() {
            module.types.append(CoreRecursionGroup(type(of: slot)))
            let type = CoreExternType.function(type: UInt32(position))
            module.imports.append(CoreModule.Import(module: "", name: "\(position)", type: type))
            let index: UInt32
            switch slot {
            case .host(let number):
                guard case .host(let host) = linked.core.functions[Int(number)].origin else { continue }
                try prepareReferences(of: .canonical(host.canonical))
                let canonical = try host.canonical.mapped { reference throws(ComponentsError) in
                    try self.index(of: reference)
                }
                index = builder.add(.canonical(canonical)).first?.index ?? 0
            case .destructor(let number):
                let reference = Component.Reference(.core(.function), number)
                if let known = coreIndices[reference] {
                    index = known
                } else {
                    index = builder.alias(exportNames[reference] ?? "", of: main, .function)
                    coreIndices[reference] = index
                }
            }
            exports.append(Component.CoreInstance.InlineExport(name: "\(position)", sort: .function, index: index))
        }
        let size = UInt64(slots.count)
        let limits = CoreLimits(minimum: size, maximum: size)
        let table = CoreTableType(element: .function, limits: limits)
        module.imports.append(CoreModule.Import(module: "", name: "table", type: .table(table)))
        exports.append(
            Component.CoreInstance.InlineExport(
                name: "table",
                sort: .table,
                index: builder.alias("table", of: shim, .table)
            )
        )
        if let startName {
            let index = builder.alias(startName, of: main, .function)
            module.types.append(CoreRecursionGroup(CoreFunctionType()))
            let type = CoreExternType.function(type: UInt32(module.types.count - 1))
            module.imports.append(CoreModule.Import(module: "", name: "start", type: type))
            module.start = UInt32(slots.count)
            exports.append(Component.CoreInstance.InlineExport(name: "start", sort: .function, index: index))
        }
        let items = CoreModule.ElementSegment.Items.functions(slots.indices.map { UInt32($0) })
        module.elements = [CoreModule.ElementSegment(mode: .active(table: 0, offset: .i32(0)), items: items)]
        let bundle = builder.add(.exports(exports))
        let argument = Component.CoreInstance.Argument(name: "", instance: bundle)
        _ = builder.add(.instantiate(module: builder.add(module), arguments: [argument]))
    }
}
