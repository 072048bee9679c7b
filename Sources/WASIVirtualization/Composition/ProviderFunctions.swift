// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// Makes the functions that a WASI provider exports out of those that it imports.
///
/// The numbers passed are the same on both sides but for three things: what does not fit into one number is returned
/// by its address; resources that are returned become the provider's own; and handles that are given away, or that
/// belong to others, are dropped.
struct ProviderFunctions {
    /// The identities of the imported instances, by name.
    var instances: [String: UInt32] = [:]
    private let types: ComponentTypes
    private var layout: CanonicalLayout
    private var allocator: ProviderAllocator
    private var resources: [ComponentTypes.TypeID: Resource] = [:]
    private var handleTypes: [ComponentTypes.TypeID: Bool] = [:]

    /// A resource type of the provider, or one of another import that passes through it.
    private struct Resource {
        /// Makes a handle of an imported one; nil for resources of other imports.
        var new: UInt32?
        /// Drops a handle.
        var drop: UInt32
    }

    /// No function of WASI comes near this; types that make for longer ones exist only to make tools work hard.
    private static let maximumCodeBytes = 1 << 16
    private static let maximumDepth = 64

    init(_ types: ComponentTypes, _ linked: inout LinkedComponent) {
        self.types = types
        layout = CanonicalLayout(types)
        allocator = ProviderAllocator(addingTo: &linked.core)
    }

    // MARK: - Resources

    /// Adds a resource type that stands for an imported one, and returns it.
    mutating func addResource(
        _ name: String,
        of interface: String,
        _ instance: UInt32,
        to linked: inout LinkedComponent
    ) throws(ComponentsError) -> Component.Reference {
        guard case .instance(let items)? = types.import(named: interface), case .type(let id)? = items[name] else {
            throw ComponentsError(.invalid, "\(interface) has no resource \(name)")
        }
        let imported = linked.alias(.type, name, of: instance)
        let takesHandle = CoreFunctionType(parameters: [.i32])
        let drop = LinkedModule.HostFunction(
            interface: interface,
            name: "[resource-drop]\(name)",
            canonical: .builtin(.resourceDrop, [.type(imported)])
        )
        let destructor = linked.core.addHostFunction(drop, type: takesHandle)
        let type = linked.add(.type(.resource(representation: .i32, destructor: destructor)), sort: .type)
        resources[types.unaliased(id)] = Resource(
            new: Self.builtin(.resourceNew, type.index, CoreFunctionType(parameters: [.i32], results: [.i32]), &linked),
            drop: Self.builtin(.resourceDrop, type.index, takesHandle, &linked)
        )
        return type
    }

    /// Adds an operation of the engine on resources of a type.
    private static func builtin(
        _ builtin: Component.CanonicalBuiltin,
        _ resource: UInt32,
        _ type: CoreFunctionType,
        _ linked: inout LinkedComponent
    ) -> UInt32 {
        let host = LinkedModule.HostFunction(
            interface: nil,
            name: "\(builtin)-\(resource)",
            canonical: .builtin(builtin, [.type(resource)])
        )
        return linked.core.addHostFunction(host, type: type)
    }

    /// Returns the functions for handles of a resource, or nil if nothing is known about the resource.
    private mutating func resource(_ id: ComponentTypes.TypeID, _ linked: inout LinkedComponent) -> Resource? {
        let id = types.unaliased(id)
        if let known = resources[id] { return known }
        guard let owner = types[id].owner, let name = types[id].name, let instance = instances[owner] else {
            return nil
        }
        let imported = linked.alias(.type, name, of: instance)
        let drop = Self.builtin(.resourceDrop, imported, CoreFunctionType(parameters: [.i32]), &linked)
        resources[id] = Resource(new: nil, drop: drop)
        return resources[id]
    }

    // MARK: - Functions

    /// Adds a function of an interface, and returns what to export.
    mutating func add(
        _ name: String,
        of interface: String,
        _ instance: UInt32,
        type: UInt32,
        to linked: inout LinkedComponent
    ) throws(ComponentsError) -> Component.Reference {
        guard case .instance(let items)? = types.import(named: interface), case .function(let function)? = items[name],
            !function.isAsync
        else {
            throw ComponentsError(.unsupported, "\(interface)#\(name) is no function of WASI 0.2")
        }
        var flat = CanonicalLayout.Flat.numbers([])
        for parameter in function.parameters { flat = flat + (try layout.flat(parameter.type)) }
        let parameters = flat.types() ?? [.i32]
        let result = try function.result.map { type throws(ComponentsError) in try layout.flat(type) }
        let results = result.map { $0.types(limit: 1) } ?? []
        let imported = CoreFunctionType(
            parameters: results == nil ? parameters + [.i32] : parameters,
            results: results ?? []
        )
        let host = LinkedModule.HostFunction(
            interface: interface,
            name: name,
            canonical: .lower(
                function: linked.alias(.function, name, of: instance),
                options: [.memory(0), .realloc(allocator.realloc)]
            )
        )
        let target = linked.core.addHostFunction(host, type: imported)
        let exported = CoreFunctionType(parameters: parameters, results: results ?? [.i32])
        let handles = flat.types() == nil ? [] : try handles(in: function.parameters, &linked)
        let body = try body(function, calling: target, exported, returnsAddress: results == nil, handles)
        let wrapper = linked.core.addFunction(exported, body: body, name: "\(interface)#\(name)")
        let postReturn = allocator.postReturn(of: exported.results, in: &linked.core)
        let options: [Component.CanonicalOption] = [
            .memory(0), .realloc(allocator.realloc), .postReturn(postReturn),
        ]
        return linked.add(.canonical(.lift(function: wrapper, options: options, type: type)), sort: .function)
    }

    /// A handle among the parameters that is of no use to GuestWASI: one that belongs to others or is given away.
    private struct Handle {
        /// Which of the core function's parameters it is.
        var position: Int
        /// The function that drops it.
        var drop: UInt32
    }

    /// The handles among the parameters that the function has to drop.
    ///
    /// Those that are lent by others must be gone when it returns; and GuestWASI has no functions that take handles
    /// over, so they belong to one that refuses.
    private mutating func handles(
        in parameters: [ComponentTypes.Field],
        _ linked: inout LinkedComponent
    ) throws(ComponentsError) -> [Handle] {
        var result: [Handle] = []
        var position = 0
        for parameter in parameters {
            if case .defined(let id) = parameter.type {
                switch types.definition(of: id) {
                case .own(let type):
                    if let resource = resource(type, &linked) {
                        result.append(Handle(position: position, drop: resource.drop))
                    }
                case .borrow(let type):
                    if let resource = resource(type, &linked), resource.new == nil {
                        result.append(Handle(position: position, drop: resource.drop))
                    }
                default: break
                }
            }
            position += try layout.flat(parameter.type).types()?.count ?? 0
        }
        return result
    }

    private mutating func body(
        _ function: ComponentTypes.Function,
        calling target: UInt32,
        _ type: CoreFunctionType,
        returnsAddress: Bool,
        _ handles: [Handle]
    ) throws(ComponentsError) -> ArraySlice<UInt8> {
        var code = CodeWriter(parameterCount: type.parameters.count)
        let result = type.results.first.map { code.addLocal($0) }
        if returnsAddress, let result, let returned = function.result {
            guard let extent = layout.extent(of: returned) else { throw Self.tooLarge }
            for value in [0, 0, extent.alignment, extent.size] { code.constant(UInt32(value)) }
            code.call(allocator.realloc)
            code.set(result)
        }
        for parameter in type.parameters.indices {
            // No function accepts the handle 0.
            if handles.contains(where: { $0.position == parameter }) { code.constant(0) } else { code.get(parameter) }
        }
        if returnsAddress, let result { code.get(result) }
        code.call(target)
        if !returnsAddress, let result { code.set(result) }
        for handle in handles {
            code.get(handle.position)
            code.call(handle.drop)
        }
        if let result, let returned = function.result {
            if returnsAddress {
                try adopt(returned, base: result, offset: 0, &code)
            } else if let new = newHandle(of: returned) {
                code.get(result)
                code.call(new)
                code.set(result)
            }
            code.get(result)
        }
        return code.body()
    }

    private static let tooLarge = ComponentsError(.unsupported, "a function of WASI returns more than can be handled")

    // MARK: - Resources in results

    /// The function that makes a handle of a value that is one number, if it is a handle.
    private func newHandle(of type: ComponentTypes.ValueType) -> UInt32? {
        var type = type
        while case .defined(let id) = type {
            switch types.definition(of: id) {
            case .own(let resource): return resources[types.unaliased(resource)]?.new
            // A type refers only to types before it, so this ends.
            case .record(let fields) where fields.count == 1: type = fields[0].type
            case .tuple(let fields) where fields.count == 1: type = fields[0]
            default: return nil
            }
        }
        return nil
    }

    /// Replaces the handles in a value in memory by handles of the provider's resources.
    private mutating func adopt(
        _ type: ComponentTypes.ValueType,
        base: Int,
        offset: Int,
        _ code: inout CodeWriter
    ) throws(ComponentsError) {
        guard case .defined(let id) = type, try hasHandles(type, depth: 0) else { return }
        guard code.byteCount <= Self.maximumCodeBytes else { throw Self.tooLarge }
        let definition = types.definition(of: id)
        switch definition {
        case .own(let resource):
            guard let new = resources[types.unaliased(resource)]?.new else { return }
            code.get(base)
            code.get(base)
            code.memory(.i32Load, offset: UInt32(offset))
            code.call(new)
            code.memory(.i32Store, offset: UInt32(offset))
        case .record(let fields): try adopt(fields.map(\.type), base: base, offset: offset, &code)
        case .tuple(let fields): try adopt(fields, base: base, offset: offset, &code)
        case .variant, .option, .result:
            let cases = CanonicalLayout.cases(of: definition)
            guard let payload = layout.payload(of: definition) else { throw Self.tooLarge }
            let size = CanonicalLayout.discriminantSize(cases.count)
            for (position, payloadType) in cases.enumerated() {
                guard let payloadType, try hasHandles(payloadType, depth: 0) else { continue }
                code.get(base)
                code.memory(
                    size == 1 ? .i32Load8Unsigned : size == 2 ? .i32Load16Unsigned : .i32Load,
                    offset: UInt32(offset)
                )
                code.constant(UInt32(position))
                code.op(.i32Eq)
                code.begin(.if)
                try adopt(payloadType, base: base, offset: offset + payload.offset, &code)
                code.end()
            }
        case .list(let element): try adoptList(of: element, base: base, offset: offset, &code)
        default:
            throw ComponentsError(.unsupported, "a function of WASI returns handles in a type that WASI 0.2 has not")
        }
    }

    private mutating func adopt(
        _ fields: [ComponentTypes.ValueType],
        base: Int,
        offset: Int,
        _ code: inout CodeWriter
    ) throws(ComponentsError) {
        guard let offsets = layout.sequence(fields)?.offsets else { throw Self.tooLarge }
        for (field, position) in zip(fields, offsets) {
            try adopt(field, base: base, offset: offset + position, &code)
        }
    }

    private mutating func adoptList(
        of element: ComponentTypes.ValueType,
        base: Int,
        offset: Int,
        _ code: inout CodeWriter
    ) throws(ComponentsError) {
        guard let size = layout.extent(of: element)?.size else { throw Self.tooLarge }
        let address = code.addLocal()
        let end = code.addLocal()
        code.get(base)
        code.memory(.i32Load, offset: UInt32(offset))
        code.set(address)
        code.get(address)
        code.get(base)
        code.memory(.i32Load, offset: UInt32(offset + 4))
        code.constant(UInt32(size))
        code.op(.i32Multiply)
        code.op(.i32Add)
        code.set(end)
        code.begin(.block)
        code.begin(.loop)
        code.get(address)
        code.get(end)
        code.op(.i32GreaterOrEqualUnsigned)
        code.op(.branchIf, 1)
        try adopt(element, base: address, offset: 0, &code)
        code.get(address)
        code.constant(UInt32(size))
        code.op(.i32Add)
        code.set(address)
        code.op(.branch, 0)
        code.end()
        code.end()
    }

    /// Returns whether there are handles of the provider's resources in values of a type.
    private mutating func hasHandles(_ type: ComponentTypes.ValueType, depth: Int) throws(ComponentsError) -> Bool {
        guard case .defined(let id) = type else { return false }
        let unaliased = types.unaliased(id)
        if let known = handleTypes[unaliased] { return known }
        guard depth < Self.maximumDepth else { throw Self.tooLarge }
        let parts: [ComponentTypes.ValueType?]
        let definition = types.definition(of: unaliased)
        switch definition {
        case .own(let resource):
            handleTypes[unaliased] = resources[types.unaliased(resource)]?.new != nil
            return handleTypes[unaliased] ?? false
        case .record(let fields): parts = fields.map(\.type)
        case .tuple(let fields): parts = fields
        case .variant, .option, .result: parts = CanonicalLayout.cases(of: definition)
        case .list(let element), .fixedLengthList(let element, _): parts = [element]
        case .map(let key, let value): parts = [key, value]
        default: parts = []
        }
        var result = false
        for case let part? in parts where !result { result = try hasHandles(part, depth: depth + 1) }
        handleTypes[unaliased] = result
        return result
    }
}
