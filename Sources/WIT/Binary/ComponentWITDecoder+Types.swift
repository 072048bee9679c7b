// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension ComponentWITDecoder {
    /// Takes in a type with a name.
    mutating func addType(
        _ type: ComponentTypes.TypeID,
        _ item: ComponentTypes.NamedItem,
        owner: WITOwner,
        onlyNames: Bool = false
    ) throws(WITError) {
        let id = WITTypeID(owner: owner, name: try identifier(item.name))
        if !onlyNames, members[owner]?.typeIndices[id.name] == nil {
            let (kind, depth) = try kind(of: type, named: id)
            guard depth <= WITResolver.maxDepth else {
                throw WITError(.limit, "types refer to one another more than \(WITResolver.maxDepth) deep")
            }
            depths[id] = depth
            define(
                WITTypeDefinition(
                    id: id,
                    externalID: item.attributes.lazy.compactMap(\.externalID).first,
                    kind: kind
                )
            )
        }
        names[type] = id
        let root = types.unaliased(type)
        if localNames[LocalType(owner: owner, type: root)] == nil {
            localNames[LocalType(owner: owner, type: root)] = id
        }
        if globalNames[root] == nil {
            globalNames[root] = id
        }
    }

    private mutating func define(_ definition: WITTypeDefinition) {
        let owner = definition.id.owner
        let index = members[owner]?.types.count
        members[owner]?.typeIndices[definition.name] = index
        members[owner]?.types.append(definition)
    }

    /// Returns the kind of a named type, with its depth.
    private mutating func kind(
        of type: ComponentTypes.TypeID,
        named id: WITTypeID
    ) throws(WITError) -> (WITTypeDefinition.Kind, depth: Int) {
        var current = type
        while case .alias(let target) = types[current].definition {
            current = target
            if let name = names[target], name != id {
                return (name.owner == id.owner ? .alias(.named(name)) : .use(name), (depths[name] ?? 0) + 1)
            }
        }
        var depth = 0
        let kind: WITTypeDefinition.Kind
        switch types[current].definition {
        case .resource:
            if let name = globalNames[current], name != id {
                return (name.owner == id.owner ? .alias(.named(name)) : .use(name), (depths[name] ?? 0) + 1)
            }
            kind = .resource([])
        case .record(let fields):
            var converted: [WITField] = []
            for field in fields {
                let type = try value(field.type, id.owner, &depth)
                converted.append(WITField(name: try identifier(field.name), type: type))
            }
            kind = .record(converted)
        case .variant(let cases):
            var converted: [WITCase] = []
            for item in cases {
                let payload = try optional(item.type, id.owner, &depth)
                converted.append(WITCase(name: try identifier(item.name), type: payload))
            }
            kind = .variant(converted)
        case .enumeration(let labels): kind = .enum(try self.labels(labels))
        case .flags(let labels): kind = .flags(try self.labels(labels))
        case .alias, .primitive, .list, .fixedLengthList, .tuple, .option, .result, .map, .own, .borrow, .stream,
            .future:
            kind = .alias(try anonymous(current, id.owner, &depth, nesting: 0))
        }
        return (kind, depth + 1)
    }

    private func labels(_ labels: [String]) throws(WITError) -> [WITLabel] {
        var converted: [WITLabel] = []
        for label in labels {
            converted.append(WITLabel(name: try identifier(label)))
        }
        return converted
    }

    // MARK: - Types without names

    private mutating func optional(
        _ type: ComponentTypes.ValueType?,
        _ owner: WITOwner,
        _ depth: inout Int,
        nesting: Int = 0
    ) throws(WITError) -> WITType? {
        guard let type else { return nil }
        return try value(type, owner, &depth, nesting: nesting)
    }

    /// A type where it is used within an interface or world.
    private mutating func value(
        _ type: ComponentTypes.ValueType,
        _ owner: WITOwner,
        _ depth: inout Int,
        nesting: Int = 0
    ) throws(WITError) -> WITType {
        switch type {
        case .primitive(let primitive): return .primitive(WITPrimitiveType(primitive))
        case .defined(let id):
            guard let name = try name(of: id, in: owner) else {
                return try anonymous(types.unaliased(id), owner, &depth, nesting: nesting)
            }
            depth = max(depth, depths[name] ?? 0)
            return .named(name)
        }
    }

    /// A type that no name leads to.
    private mutating func anonymous(
        _ id: ComponentTypes.TypeID,
        _ owner: WITOwner,
        _ depth: inout Int,
        nesting: Int
    ) throws(WITError) -> WITType {
        budget -= 1
        guard budget > 0, nesting < WITParser.maxTypeDepth else {
            throw WITError(.limit, "the types of the component are nested too deeply, or unfold to too many")
        }
        let inner = nesting + 1
        switch types[id].definition {
        case .primitive(let primitive): return .primitive(WITPrimitiveType(primitive))
        case .list(let element): return .list(try value(element, owner, &depth, nesting: inner))
        case .fixedLengthList(let element, let count):
            return .fixedLengthList(try value(element, owner, &depth, nesting: inner), length: count)
        case .tuple(let elements):
            var converted: [WITType] = []
            for element in elements {
                converted.append(try value(element, owner, &depth, nesting: inner))
            }
            return .tuple(converted)
        case .option(let type): return .option(try value(type, owner, &depth, nesting: inner))
        case .result(let success, let failure):
            return .result(
                ok: try optional(success, owner, &depth, nesting: inner),
                error: try optional(failure, owner, &depth, nesting: inner)
            )
        case .map(let key, let type):
            return .map(
                key: try value(key, owner, &depth, nesting: inner),
                value: try value(type, owner, &depth, nesting: inner)
            )
        case .stream(let type): return .stream(try optional(type, owner, &depth, nesting: inner))
        case .future(let type): return .future(try optional(type, owner, &depth, nesting: inner))
        case .own(let resource): return .own(try self.resource(resource, owner))
        case .borrow(let resource): return .borrow(try self.resource(resource, owner))
        case .record, .variant, .enumeration, .flags, .resource, .alias:
            throw invalid("a record, variant, enum, flags or resource type is used that has no name")
        }
    }

    private mutating func resource(_ id: ComponentTypes.TypeID, _ owner: WITOwner) throws(WITError) -> WITTypeID {
        guard case .resource = types.definition(of: id), let name = try name(of: id, in: owner) else {
            throw invalid("a handle is used to a resource that has no name")
        }
        return name
    }

    /// The name of a type within an interface or world; nil if it has none.
    private mutating func name(of id: ComponentTypes.TypeID, in owner: WITOwner) throws(WITError) -> WITTypeID? {
        var foreign: WITTypeID?
        var current = id
        while true {
            if let name = names[current] {
                if name.owner == owner { return name }
                foreign = foreign ?? name
            }
            guard case .alias(let target) = types[current].definition else { break }
            current = target
        }
        if let name = localNames[LocalType(owner: owner, type: current)], isNominal(current) { return name }
        if foreign == nil, isNominal(current) {
            foreign = globalNames[current]
        }
        guard let foreign else { return nil }
        // WIT has no word for a type of another interface: bring it in with `use`.
        return use(foreign, of: current, in: owner)
    }

    /// Returns whether a type without a name is no type.
    private func isNominal(_ id: ComponentTypes.TypeID) -> Bool {
        switch types[id].definition {
        case .record, .variant, .enumeration, .flags, .resource: true
        default: false
        }
    }

    private mutating func use(_ target: WITTypeID, of type: ComponentTypes.TypeID, in owner: WITOwner) -> WITTypeID {
        var name = target.name
        var number = members[owner]?.usedNames[target.name] ?? 1
        while members[owner]?.typeIndices[name] != nil || members[owner]?.functionNames.contains(name) == true {
            number += 1
            name = "\(target.name)-\(number)"
        }
        members[owner]?.usedNames[target.name] = number
        let id = WITTypeID(owner: owner, name: name)
        define(WITTypeDefinition(id: id, kind: .use(target)))
        depths[id] = (depths[target] ?? 0) + 1
        localNames[LocalType(owner: owner, type: type)] = id
        return id
    }

    // MARK: - Functions

    /// A function with its name taken apart.
    mutating func function(
        _ item: ComponentTypes.NamedItem,
        _ type: ComponentTypes.Function,
        owner: WITOwner
    ) throws(WITError) -> WITFunction {
        guard let externName = WITExternName(item.name) else {
            throw invalid("`\(WITCharacters.shown(item.name))` is not the name of a function")
        }
        var function = WITFunction(
            name: "",
            isAsync: type.isAsync,
            externalID: item.attributes.lazy.compactMap(\.externalID).first
        )
        var parameters = type.parameters[...]
        switch externName {
        case .plain(let name): function.name = name
        case .constructor(let resource):
            function.name = "constructor"
            function.kind = .constructor(WITTypeID(owner: owner, name: resource))
        case .static(let resource, let name):
            function.name = name
            function.kind = .static(WITTypeID(owner: owner, name: resource))
        case .method(let resource, let name):
            guard parameters.first?.name == "self" else {
                throw invalid("the method `\(item.name)` has no parameter `self`")
            }
            parameters.removeFirst()
            function.name = name
            function.kind = .method(WITTypeID(owner: owner, name: resource))
        case .interface: throw invalid("`\(item.name)` is the name of an interface, but a function")
        }
        var depth = 0
        for parameter in parameters {
            let type = try value(parameter.type, owner, &depth)
            function.parameters.append(WITParameter(name: try identifier(parameter.name), type: type))
        }
        function.result = try optional(type.result, owner, &depth)
        return function
    }
}

extension WITPrimitiveType {
    /// The type that a binary names.
    init(_ primitive: Component.PrimitiveType) {
        self =
            switch primitive {
            case .bool: .bool
            case .s8: .s8
            case .u8: .u8
            case .s16: .s16
            case .u16: .u16
            case .s32: .s32
            case .u32: .u32
            case .s64: .s64
            case .u64: .u64
            case .f32: .f32
            case .f64: .f64
            case .char: .char
            case .string: .string
            case .errorContext: .errorContext
            }
    }
}

extension WITCharacters {
    /// A text of unknown origin as it may be shown to people.
    static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(80) {
            shown.unicodeScalars.append(isForbidden(scalar) || scalar == "\n" || scalar == "\r" ? "?" : scalar)
        }
        return shown
    }
}
