// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// Adds imports of WASI to a component that has none: the few functions that ``HostAdapter`` is made of.
///
/// They are of version 0.2.0, which every runtime of WASI 0.2 has. The types are those of
/// [WASI 0.2](https://github.com/WebAssembly/WASI/tree/main/proposals), as far as these functions need them.
struct WASIImports {
    /// The interfaces, by their names without a version.
    enum Interface: String, CaseIterable {
        case error = "wasi:io/error"
        case poll = "wasi:io/poll"
        case streams = "wasi:io/streams"
        case standardInput = "wasi:cli/stdin"
        case standardOutput = "wasi:cli/stdout"
        case standardError = "wasi:cli/stderr"
        case monotonicClock = "wasi:clocks/monotonic-clock"
        case wallClock = "wasi:clocks/wall-clock"
        case random = "wasi:random/random"
        case exit = "wasi:cli/exit"
        case environment = "wasi:cli/environment"

        var importName: String { "\(rawValue)@0.2.0" }
    }

    private var instances: [Interface: UInt32] = [:]

    /// Adds a function of an interface, and returns its number in the component's module.
    ///
    /// Functions that return lists lack their allocator until ``LinkedComponent/completeWASIImports(realloc:)``.
    mutating func add(
        _ name: String,
        of interface: Interface,
        _ type: CoreFunctionType,
        to linked: inout LinkedComponent
    ) throws(ComponentsError) -> UInt32 {
        let instance = instance(of: interface, in: &linked)
        let canonical: Component.Canonical
        if name.hasPrefix("[resource-drop]") {
            let resource = linked.alias(.type, String(name.dropFirst("[resource-drop]".count)), of: instance)
            canonical = .builtin(.resourceDrop, [.type(resource)])
        } else {
            let function = linked.alias(.function, name, of: instance)
            let needsMemory = type.results.isEmpty || name.contains("write")
            canonical = .lower(function: function, options: needsMemory ? [.memory(0)] : [])
        }
        let host = LinkedModule.HostFunction(interface: interface.importName, name: name, canonical: canonical)
        return linked.core.addHostFunction(host, type: type, name: "\(interface.rawValue)#\(name)")
    }

    private mutating func instance(of interface: Interface, in linked: inout LinkedComponent) -> UInt32 {
        if let instance = instances[interface] { return instance }
        var declarations = Declarations()
        switch interface {
        case .error: _ = declarations.resource("error")
        case .poll:
            let pollable = declarations.resource("pollable")
            declarations.function("[method]pollable.block", [("self", .borrow(pollable))])
        case .streams: declareStreams(&declarations, in: &linked)
        case .standardInput: declareGetter("get-stdin", "input-stream", &declarations, in: &linked)
        case .standardOutput: declareGetter("get-stdout", "output-stream", &declarations, in: &linked)
        case .standardError: declareGetter("get-stderr", "output-stream", &declarations, in: &linked)
        case .monotonicClock:
            let pollable = declarations.outer(resource("pollable", of: .poll, in: &linked))
            declarations.function("now", [], .primitive(.u64))
            let owned = declarations.type(.own(pollable))
            declarations.function("subscribe-duration", [("when", .primitive(.u64))], .index(owned))
        case .wallClock:
            let record = declarations.type(
                .record([.init("seconds", .primitive(.u64)), .init("nanoseconds", .primitive(.u32))])
            )
            let time = declarations.named("datetime", record)
            declarations.function("now", [], .index(time))
        case .random: declarations.function("get-random-u64", [], .primitive(.u64))
        case .exit:
            let result = declarations.type(.result(success: nil, failure: nil))
            declarations.function("exit", [("status", .index(result))])
        case .environment:
            let pair = declarations.type(.tuple([.primitive(.string), .primitive(.string)]))
            let list = declarations.type(.list(.index(pair)))
            declarations.function("get-environment", [], .index(list))
        }
        let type = linked.add(.type(.instance(declarations.all)), sort: .type).index
        let item = Component.Import(
            name: Component.ExternName(interface.importName),
            type: .instance(type: type)
        )
        let instance = linked.add(.import(item), sort: .instance).index
        instances[interface] = instance
        return instance
    }

    private mutating func declareStreams(_ declarations: inout Declarations, in linked: inout LinkedComponent) {
        let error = declarations.outer(resource("error", of: .error, in: &linked))
        let owned = declarations.type(.own(error))
        let variant = declarations.type(
            .variant([.init(name: "last-operation-failed", type: .index(owned)), .init(name: "closed", type: nil)])
        )
        let failure = Component.ValueType.index(declarations.named("stream-error", variant))
        let bytes = Component.ValueType.index(declarations.type(.list(.primitive(.u8))))
        let input = declarations.resource("input-stream")
        let read = declarations.type(.result(success: bytes, failure: failure))
        declarations.function(
            "[method]input-stream.blocking-read",
            [("self", .borrow(input)), ("len", .value(.primitive(.u64)))],
            .index(read)
        )
        let output = declarations.resource("output-stream")
        let written = declarations.type(.result(success: nil, failure: failure))
        declarations.function(
            "[method]output-stream.blocking-write-and-flush",
            [("self", .borrow(output)), ("contents", .value(bytes))],
            .index(written)
        )
    }

    private mutating func declareGetter(
        _ name: String,
        _ resource: String,
        _ declarations: inout Declarations,
        in linked: inout LinkedComponent
    ) {
        let stream = declarations.outer(self.resource(resource, of: .streams, in: &linked))
        let owned = declarations.type(.own(stream))
        declarations.function(name, [], .index(owned))
    }

    /// The index of a resource type of another interface in the component.
    private mutating func resource(
        _ name: String,
        of interface: Interface,
        in linked: inout LinkedComponent
    ) -> UInt32 {
        let instance = instance(of: interface, in: &linked)
        return linked.alias(.type, name, of: instance)
    }
}

/// The declarations of an instance's type, in the making.
private struct Declarations {
    private(set) var all: [Component.Declaration] = []
    private var typeCount: UInt32 = 0

    /// The type of a parameter.
    enum Parameter {
        case borrow(UInt32)
        case value(Component.ValueType)

        static func primitive(_ type: Component.PrimitiveType) -> Parameter { .value(.primitive(type)) }
        static func index(_ index: UInt32) -> Parameter { .value(.index(index)) }
    }

    private mutating func next() -> UInt32 {
        typeCount += 1
        return typeCount - 1
    }

    mutating func type(_ definition: Component.TypeDefinition) -> UInt32 {
        all.append(.type(definition))
        return next()
    }

    /// A type of the component around the instance's type.
    mutating func outer(_ index: UInt32) -> UInt32 {
        all.append(.alias(Component.Alias(sort: .type, target: .outer(count: 1, index: index))))
        return next()
    }

    mutating func resource(_ name: String) -> UInt32 {
        all.append(.export(Component.ExternName(name), .resource))
        return next()
    }

    mutating func named(_ name: String, _ type: UInt32) -> UInt32 {
        all.append(.export(Component.ExternName(name), .typeEqual(type)))
        return next()
    }

    mutating func function(
        _ name: String,
        _ parameters: [(String, Parameter)],
        _ result: Component.ValueType? = nil
    ) {
        var types: [Component.LabeledType] = []
        for (name, parameter) in parameters {
            switch parameter {
            case .borrow(let resource): types.append(.init(name, .index(type(.borrow(resource)))))
            case .value(let type): types.append(.init(name, type))
            }
        }
        let function = type(.function(Component.FunctionType(parameters: types, result: result)))
        all.append(.export(Component.ExternName(name), .function(type: function)))
    }
}

extension LinkedComponent {
    /// Gives functions of WASI that return lists the allocator for them.
    mutating func completeWASIImports(realloc: UInt32) {
        let names: Set = ["[method]input-stream.blocking-read", "get-environment"]
        let interfaces = HostAdapter.granted
        for number in core.functions.indices {
            guard case .host(var host) = core.functions[number].origin, names.contains(host.name),
                let interface = host.interface, interfaces.contains(interface),
                case .lower(let function, let options) = host.canonical, !options.contains(where: \.isRealloc)
            else { continue }
            host.canonical = .lower(function: function, options: options + [.realloc(realloc)])
            core.functions[number].origin = .host(host)
        }
    }
}

extension Component.CanonicalOption {
    fileprivate var isRealloc: Bool {
        if case .realloc = self { true } else { false }
    }
}
