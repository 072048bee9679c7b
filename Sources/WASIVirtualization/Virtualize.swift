// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentLinking
package import ComponentModel

extension LinkedComponent {
    /// Binds the imports of WASI 0.2 to GuestWASI, an implementation that lives in the component's own memory.
    ///
    /// Afterwards the component imports ``GuestWASI/hostInterface`` instead of WASI, and exports
    /// ``GuestWASI/controlInterface``. Functions are matched by interface and name, whatever the version 0.2.x, and by
    /// core signature. What GuestWASI does not implement refuses; see ``VirtualizationReport``. Imports from other
    /// packages stay as they are.
    ///
    /// - Throws: an error of the code `notLinkable` if the memory is missing, too large or of another kind than that of
    ///   32 bits, or if imports are to be kept that share resources with others.
    @discardableResult
    package mutating func virtualize(
        _ options: Virtualization = Virtualization()
    ) throws(ComponentsError) -> VirtualizationReport {
        var virtualizer = try Virtualizer(self, options)
        try virtualizer.run()
        self = virtualizer.linked
        return virtualizer.report
    }

    /// The name of an interface without its version, if it is one of WASI 0.2.
    static func wasiInterface(_ name: String) -> String? {
        guard name.hasPrefix("wasi:") else { return nil }
        let parts = name.split(separator: "@", maxSplits: 1)
        guard parts.count == 1 || parts[1].hasPrefix("0.2.") || parts[1] == "0.2" else { return nil }
        return String(parts[0])
    }
}

/// Merges GuestWASI into a component and rewires it.
private struct Virtualizer {
    var linked: LinkedComponent
    var report = VirtualizationReport()
    private let options: Virtualization
    private let types: ComponentTypes
    /// The address at which GuestWASI's own data starts.
    private var base: UInt32 = 0
    /// The `realloc` functions that the imports name, by their numbers for GuestWASI.
    private var allocators: [UInt32] = []

    private static let pageBytes: UInt64 = 65_536
    /// The maximum size of the module's own data and stack in bytes.
    private static let staticBytes: UInt64 = 65_536

    /// An import of WASI that is to go.
    private struct Binding {
        var number: UInt32
        var interface: String
        var host: LinkedModule.HostFunction
        /// The name under which GuestWASI would have it.
        var name: String { "\(interface)#\(host.name)" }
        /// The function that allocates what the import returns.
        var realloc: UInt32? {
            guard case .lower(_, let options) = host.canonical else { return nil }
            for case .realloc(let function) in options { return function }
            return nil
        }
    }

    init(_ linked: LinkedComponent, _ options: Virtualization) throws(ComponentsError) {
        self.linked = linked
        self.options = options
        types = try ComponentTypes(of: try linked.importedTypes())
    }

    mutating func run() throws(ComponentsError) {
        let bindings = self.bindings()
        for binding in bindings {
            guard let realloc = binding.realloc.map(linked.core.resolved), !allocators.contains(realloc) else {
                continue
            }
            allocators.append(realloc)
        }
        let module = try place()
        let merged = try merge(module)
        var functions = Self.functions(of: merged)
        if let grants = options.grants { try addAdapter(for: grants, to: &functions) }
        try bind(bindings, to: functions)
        linked.core.mendWriteErrno(merged.export(named: "\(Self.imageInterface)#take-write-errno")?.index)
        linked.core.mendStatInode(merged.export(named: "\(Self.imageInterface)#take-stat-inode")?.index)
        if options.grants == nil { try exportControl(merged) }
        try linked.removeUnusedImports { LinkedComponent.wasiInterface($0) != nil || $0 == GuestWASI.hostInterface }
        try checkRemainingImports()
    }

    // MARK: - What is there

    private func bindings() -> [Binding] {
        linked.core.hostFunctions.compactMap { number, host in
            guard let name = host.interface, let interface = LinkedComponent.wasiInterface(name),
                !options.keeps(interface)
            else {
                return nil
            }
            return Binding(number: number, interface: interface, host: host)
        }
    }

    // MARK: - Merging

    /// Makes room behind the memory and puts the configuration into it.
    private mutating func place() throws(ComponentsError) -> CoreModule {
        if linked.core.memories.isEmpty, options.grants != nil {
            // A component may do without a memory, as one of numbers only does; GuestWASI needs one. Its first page stays
            // empty, so that nothing is at the address 0.
            linked.core.memories.append(CoreLimits(minimum: 1, maximum: nil))
        }
        guard let memory = linked.core.memories.first, !memory.is64Bit, memory.pageSize == Self.pageBytes else {
            throw ComponentsError(.notLinkable, "the component has no memory with 32-bit addresses and pages of 64 KiB")
        }
        let arena = max((UInt64(options.arenaBytes) + Self.pageBytes - 1) / Self.pageBytes, 2) * Self.pageBytes
        let configuration = options.configuration.encoded()
        let size = Self.staticBytes + arena + UInt64(configuration.count)
        let start = try linked.core.growMemory(byBytes: size)
        guard let base = UInt32(exactly: start), start + size <= 1 << 32 else {
            throw ComponentsError(.notLinkable, "the memory has no room for \(size) more bytes")
        }
        self.base = base
        report.addresses = start..<start + size
        let module = try RelocatableModule(GuestWASIModule.binary()).placed(at: base)
        // Without a configuration this may be the end of the address space.
        let configurationAddress = UInt32(truncatingIfNeeded: start + Self.staticBytes + arena)
        if !configuration.isEmpty {
            let mode = CoreModule.DataSegment.Mode.active(
                memory: 0,
                offset: .i32(Int32(bitPattern: configurationAddress))
            )
            linked.core.data.append(CoreModule.DataSegment(mode: mode, bytes: configuration[...]))
        }
        image = [
            "configuration-address": linked.core.addConstant(configurationAddress, name: "configuration-address"),
            "configuration-length": linked.core.addConstant(
                UInt32(configuration.count),
                name: "configuration-length"
            ),
            "arena-address": linked.core.addConstant(base + UInt32(Self.staticBytes), name: "arena-address"),
            "arena-length": linked.core.addConstant(UInt32(arena), name: "arena-length"),
            "grow-memory": linked.core.addGrowMemory(),
            "reallocate": linked.core.addReallocate(allocators),
        ]
        return module
    }

    /// The functions of `terrarium:sandbox/image`.
    private var image: [String: UInt32] = [:]

    private mutating func merge(_ module: CoreModule) throws(ComponentsError) -> LinkedModule.Merged {
        let host = try linked.addInterfaceImport(
            GuestWASI.hostInterface,
            GuestWASI.hostFunctions,
            passingLists: options.output.isList ? ["output"] : []
        )
        let image = self.image
        var module = module
        // One stack is enough: the guest's, as long as it has one that can be recognised.
        let stackPointer = try CodeUsage(of: linked).stackPointer(linked.core.globals)
        if stackPointer != nil { module.importStackPointer() }
        return try linked.core.merge(module) { item throws(ComponentsError) in
            switch item.type.kind {
            case .memory: return 0
            case .global:
                if let stackPointer { return stackPointer }
            case .function:
                let functions = item.module == GuestWASI.hostInterface ? host : image
                if let function = functions[item.name] { return function }
            case .table, .tag: break
            }
            throw ComponentsError(.invalid, "GuestWASI imports \(item.module)#\(item.name), which nothing provides")
        }
    }

    // MARK: - Binding

    private static func functions(of merged: LinkedModule.Merged) -> [String: UInt32] {
        let functions = merged.exports.filter { $0.kind == .function }
        return Dictionary(functions.map { ($0.name, $0.index) }) { first, _ in first }
    }

    /// Replaces the functions of ``GuestWASI/hostInterface`` by those of the adapter to the host's WASI.
    private mutating func addAdapter(
        for grants: WASIGrants,
        to functions: inout [String: UInt32]
    ) throws(ComponentsError) {
        let adapter = try HostAdapter(grants, options.configuration).add(to: &linked, guest: functions)
        if grants.inheritedEnvironment != .variables([]) {
            functions[HostAdapter.environmentName] = adapter["\(HostAdapter.interface)#get-environment"]
        }
        for (number, host) in linked.core.hostFunctions where host.interface == GuestWASI.hostInterface {
            guard let function = adapter["\(GuestWASI.hostInterface)#\(host.name)"] else { continue }
            try linked.core.replace(number, by: function)
        }
        // The adapter's page comes behind all others.
        report.addresses = report.addresses.lowerBound..<linked.initialMemorySize
    }

    private mutating func bind(_ bindings: [Binding], to functions: [String: UInt32]) throws(ComponentsError) {
        /// Resources go by many names, because interfaces pass on those of others; there is only one way to drop each.
        var drops: [String: UInt32] = [:]
        for (name, function) in functions {
            if let drop = name.split(separator: "#").last, drop.hasPrefix("[resource-drop]") {
                drops[String(drop)] = function
            }
        }
        guard let select = functions["\(Self.imageInterface)#select-allocator"] else {
            throw ComponentsError(.invalid, "GuestWASI lacks the function that selects allocators")
        }
        for binding in bindings {
            let target = functions[binding.name] ?? drops[binding.host.name]
            guard let target, linked.core.functionType(target) == linked.core.functionType(binding.number) else {
                try refuse(binding)
                continue
            }
            report.implemented.append(binding.name)
            let allocator = binding.realloc.flatMap { allocators.firstIndex(of: linked.core.resolved($0)) } ?? 0
            guard allocator > 0 else {
                try linked.core.replace(binding.number, by: target)
                continue
            }
            let wrapper = linked.core.addSelecting(UInt32(allocator), select, around: target, name: binding.name)
            try linked.core.replace(binding.number, by: wrapper)
        }
    }

    private static let imageInterface = "terrarium:sandbox/image"

    private mutating func refuse(_ binding: Binding) throws(ComponentsError) {
        let type = linked.core.functionType(binding.number)
        let body: ArraySlice<UInt8>
        if binding.host.name.hasPrefix("[resource-drop]"), type == CoreFunctionType(parameters: [.i32]) {
            body = Refusals.emptyBody()
            report.refused.append(binding.name)
        } else if let function = functionType(binding), let refusal = refusals.body(of: function, type: type) {
            body = refusal
            report.refused.append(binding.name)
        } else {
            body = Refusals.trappingBody()
            report.trapping.append(binding.name)
        }
        let number = linked.core.addFunction(type, body: body, name: "refusal of \(binding.name)")
        try linked.core.replace(binding.number, by: number)
    }

    private lazy var refusals = Refusals(types)

    private func functionType(_ binding: Binding) -> ComponentTypes.Function? {
        guard case .lower(_, let options) = binding.host.canonical, !options.contains(.async),
            let interface = binding.host.interface,
            case .instance(let instance)? = types.import(named: interface),
            case .function(let function)? = instance[binding.host.name]
        else { return nil }
        return function
    }

    // MARK: - The component's interfaces

    private mutating func exportControl(_ merged: LinkedModule.Merged) throws(ComponentsError) {
        var functions: [(GuestWASI.Function, UInt32)] = []
        for function in GuestWASI.controlFunctions {
            guard let export = merged.export(named: "\(GuestWASI.controlInterface)#\(function.name)") else {
                throw ComponentsError(.invalid, "GuestWASI lacks the function \(function.name) for the host")
            }
            functions.append((function, export.index))
        }
        try linked.addInterfaceExport(GuestWASI.controlInterface, functions)
    }

    private mutating func checkRemainingImports() throws(ComponentsError) {
        report.remainingImports = linked.entries.compactMap { entry in
            guard case .import(let item) = entry.definition, item.type.sort != .type else { return nil }
            return item.name.name
        }
        let shared = report.remainingImports.filter { name in
            guard let interface = LinkedComponent.wasiInterface(name) else { return false }
            return !options.keeps(interface) && (options.grants == nil || !HostAdapter.granted.contains(name))
        }
        guard shared.isEmpty else {
            throw ComponentsError(
                .notLinkable,
                """
                types of \(shared.joined(separator: ", ")) are part of what the component exports or of imports that \
                are to be kept: keep these imports, too, or none of them
                """
            )
        }
    }
}

extension CoreModule {
    /// Turns the one global that the module defines into an import.
    mutating func importStackPointer() {
        guard globals.count == 1 else { return }
        imports.append(Import(module: "env", name: "__stack_pointer", type: .global(globals[0].type)))
        globals = []
    }
}
