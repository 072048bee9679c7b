// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// The one module of a linked component, in the form in which a compiler other than the engine's takes it.
///
/// All names that the host needs are `e0`, `e1` … for exports and `i0`, `i1` … for imports, of the module `h`; the memory is
/// called `memory`. Functions that cannot be reached are gone, and constants stand where unchanging globals were read.
package struct NativeModule: Sendable {
    /// A function that the host calls.
    package struct Export: Sendable {
        /// The path of the component's function: its name, after the interface that it is in.
        package var path: [String]
        /// Its core type.
        package var type: CoreFunctionType
        /// The position among the exports of the function to call once the result was read.
        package var postReturn: Int?
    }

    /// A function that the host provides.
    package struct Import: Sendable {
        /// The interface that it is in; nil for functions of the world itself.
        package var interface: String?
        /// Its name.
        package var name: String
        /// Its core type.
        package var type: CoreFunctionType
    }

    /// The module.
    package var module: CoreModule
    /// The functions that the host calls, in the order of their names `e0`, `e1` ….
    package var exports: [Export]
    /// The functions that the host provides, in the order of their names `i0`, `i1` ….
    package var imports: [Import]
    /// The position among the exports of the function that allocates memory.
    package var realloc: Int?
    /// The number of elements that all tables have together.
    package var tableElementCount: Int
}

extension LinkedComponent {
    /// Makes the form for a compiler, with the functions that the host wants to call.
    ///
    /// - Parameter isWanted: Answers whether the host calls the function with a path.
    /// - Returns: The module, with what is known of its imports and exports.
    /// - Throws: an error of the code `unsupported` that says why if the module cannot be compiled this way.
    package func nativeModule(calling isWanted: ([String]) -> Bool) throws(ComponentsError) -> NativeModule {
        try checkForNative()
        let lifted = liftedExports().filter { isWanted($0.path) }
        var exports: [NativeModule.Export] = []
        var numbers: [UInt32] = []
        var positions: [UInt32: Int] = [:]
        func export(_ function: UInt32, _ path: [String]) -> Int {
            let number = core.resolved(function)
            exports.append(.init(path: path, type: core.functionType(number)))
            numbers.append(number)
            positions[number] = exports.count - 1
            return exports.count - 1
        }
        for item in lifted { _ = export(item.function, item.path) }
        var reallocs: Set<UInt32> = []
        for (position, item) in lifted.enumerated() {
            for option in item.options {
                switch option {
                case .postReturn(let function):
                    let known = positions[core.resolved(function)]
                    exports[position].postReturn = known ?? export(function, item.path + ["post-return"])
                case .realloc(let function): reallocs.insert(core.resolved(function))
                case .memory, .utf8: break
                default:
                    throw ComponentsError(
                        .unsupported,
                        "\(item.path.joined(separator: "/")) is called in an unusual way"
                    )
                }
            }
        }
        let imports = try nativeImports(&reallocs)
        guard reallocs.count <= 1 else {
            throw ComponentsError(.unsupported, "there is more than one function that allocates memory")
        }
        let realloc = reallocs.first.map { positions[$0] ?? export($0, ["realloc"]) }

        var pruned = core
        let reached = try CodeUsage(of: self).reached(from: numbers, in: core)
        for number in pruned.functions.indices where !reached.contains(UInt32(number)) {
            if case .defined = pruned.functions[number].origin { pruned.functions[number].origin = .removed }
        }
        for index in pruned.tables.indices {
            pruned.tables[index].type.limits.maximum = pruned.tables[index].type.limits.minimum
        }
        try pruned.foldConstantGlobals()
        var names: [UInt32: (module: String, name: String)] = [:]
        for (position, host) in core.hostFunctions.enumerated() { names[host.number] = ("h", "i\(position)") }
        var encodable = try pruned.encodable(importNames: names)
        encodable.module.exports = [CoreModule.Export(name: "memory", kind: .memory, index: 0)]
        for (position, number) in numbers.enumerated() {
            let index = encodable.indices[Int(number)]
            encodable.module.exports.append(.init(name: "e\(position)", kind: .function, index: index))
        }
        return NativeModule(
            module: encodable.module,
            exports: exports,
            imports: imports,
            realloc: realloc,
            tableElementCount: core.tables.reduce(0) { $0 + Int(clamping: $1.type.limits.minimum) }
        )
    }

    /// The functions that the host provides; those it calls to allocate memory are added to `reallocs`.
    private func nativeImports(_ reallocs: inout Set<UInt32>) throws(ComponentsError) -> [NativeModule.Import] {
        var imports: [NativeModule.Import] = []
        for (number, host) in core.hostFunctions {
            guard case .lower(_, let options) = host.canonical else {
                throw ComponentsError(.unsupported, "it needs \(host.name) of the engine")
            }
            for option in options {
                switch option {
                case .realloc(let function): reallocs.insert(core.resolved(function))
                case .memory, .utf8: break
                default: throw ComponentsError(.unsupported, "\(host.name) is called in an unusual way")
                }
            }
            imports.append(.init(interface: host.interface, name: host.name, type: core.functionType(number)))
        }
        return imports
    }

    private struct Lifted {
        let path: [String]
        let function: UInt32
        let options: [Component.CanonicalOption]
    }

    /// The component's exported functions that are functions of the module.
    private func liftedExports() -> [Lifted] {
        var functions: [UInt32: (UInt32, [Component.CanonicalOption])] = [:]
        var instances: [UInt32: [Component.Instance.InlineExport]] = [:]
        var result: [Lifted] = []
        func add(_ path: [String], _ function: UInt32) {
            guard let (number, options) = functions[function] else { return }
            result.append(Lifted(path: path, function: number, options: options))
        }
        for entry in entries {
            guard let identity = entry.identities.first else { continue }
            switch entry.definition {
            case .canonical(.lift(let function, let options, _)): functions[identity.index] = (function, options)
            case .instance(.exports(let items)): instances[identity.index] = items
            case .export(let export) where export.item.sort == .function: add([export.name.name], export.item.index)
            case .export(let export) where export.item.sort == .instance:
                for item in instances[export.item.index] ?? [] where item.item.sort == .function {
                    add([export.name.name, item.name.name], item.item.index)
                }
            default: break
            }
        }
        return result
    }

    private func checkForNative() throws(ComponentsError) {
        func unsupported(_ reason: String) -> ComponentsError { ComponentsError(.unsupported, reason) }
        guard core.memories.count == 1, let memory = core.memories.first, !memory.is64Bit, !memory.isShared else {
            throw unsupported("it has no memory of 32 bits of its own")
        }
        guard core.start == nil else { throw unsupported("it has a start function") }
        guard core.tags.isEmpty else {
            throw unsupported("it throws exceptions of WebAssembly, which only the engine can compile")
        }
        guard !core.data.contains(where: \.isActive) else { throw unsupported("its data was not taken out") }
        for function in core.functions {
            guard case .defined(let body) = function.origin else { continue }
            var visitor = TableWrites()
            try InstructionReader.walkBody(body, &visitor)
            if visitor.found { throw unsupported("it changes its tables of functions while it runs") }
        }
    }
}

/// Notices instructions that change a table.
private struct TableWrites: InstructionVisitor {
    var found = false

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        // `table.set`, `table.init`, `table.copy`, `table.grow` and `table.fill`.
        if [0x26, 0xfc_000c, 0xfc_000e, 0xfc_000f, 0xfc_0011].contains(opcode.rawValue) { found = true }
    }
}
