// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension BinaryReader {
    mutating func componentValueType() throws(ComponentsError) -> Component.ValueType {
        let start = position
        let code = try s33()
        if code >= 0 {
            guard let index = UInt32(exactly: code) else { throw malformed("a type index is too large", at: start) }
            return .index(index)
        }
        guard position == start + 1, let primitive = Component.PrimitiveType(rawValue: bytes[start]) else {
            throw malformed("this is no value type", at: start)
        }
        return .primitive(primitive)
    }

    mutating func resultList() throws(ComponentsError) -> Component.ValueType? {
        switch try byte() {
        case 0: return try componentValueType()
        case 1:
            guard try byte() == 0 else { throw malformed("named results are no longer allowed", at: position - 1) }
            return nil
        case let other: throw malformed("0x\(hex: other) begins no results", at: position - 1)
        }
    }

    private mutating func labels() throws(ComponentsError) -> [String] {
        try vector(of: "labels") { r throws(ComponentsError) in try r.name() }
    }

    private mutating func optionalValueType() throws(ComponentsError) -> Component.ValueType? {
        try optional { r throws(ComponentsError) in try r.componentValueType() }
    }

    private mutating func labeledTypes() throws(ComponentsError) -> [Component.LabeledType] {
        try vector(of: "labelled types") { r throws(ComponentsError) in
            Component.LabeledType(try r.name(), try r.componentValueType())
        }
    }

    mutating func typeDefinition(depth: Int) throws(ComponentsError) -> Component.TypeDefinition {
        let start = position
        let code = try byte()
        if let primitive = Component.PrimitiveType(rawValue: code) { return .primitive(primitive) }
        switch code {
        case 0x72: return .record(try labeledTypes())
        case 0x71: return .variant(try vector(of: "cases") { r throws(ComponentsError) in try r.variantCase() })
        case 0x70: return .list(try componentValueType())
        case 0x67: return .fixedLengthList(try componentValueType(), count: try u32())
        case 0x6f: return .tuple(try vector(of: "types") { r throws(ComponentsError) in try r.componentValueType() })
        case 0x6e: return .flags(try labels())
        case 0x6d: return .enumeration(try labels())
        case 0x6b: return .option(try componentValueType())
        case 0x6a: return .result(success: try optionalValueType(), failure: try optionalValueType())
        case 0x69: return .own(try u32())
        case 0x68: return .borrow(try u32())
        case 0x66: return .stream(try optionalValueType())
        case 0x65: return .future(try optionalValueType())
        case 0x63: return .map(key: try componentValueType(), value: try componentValueType())
        case 0x40, 0x43:
            let parameters = try labeledTypes()
            return .function(
                Component.FunctionType(parameters: parameters, result: try resultList(), isAsync: code == 0x43)
            )
        case 0x41: return .component(try declarations(allowImports: true, depth: depth + 1))
        case 0x42: return .instance(try declarations(allowImports: false, depth: depth + 1))
        case 0x3f:
            let representation = try coreValueType()
            let destructor = try optional { r throws(ComponentsError) in try r.u32() }
            return .resource(representation: representation, destructor: destructor)
        default: throw malformed("0x\(hex: code) is no type", at: start)
        }
    }

    private mutating func variantCase() throws(ComponentsError) -> Component.VariantCase {
        let name = try name()
        let type = try optionalValueType()
        guard try byte() == 0 else { throw malformed("a case refines another, which is not allowed", at: position - 1) }
        return Component.VariantCase(name: name, type: type)
    }

    private mutating func declarations(
        allowImports: Bool,
        depth: Int
    ) throws(ComponentsError) -> [Component.Declaration] {
        guard depth <= Self.maximumDepth else { throw malformed("types nest more than \(Self.maximumDepth) deep") }
        return try vector(of: "declarations") { r throws(ComponentsError) -> Component.Declaration in
            switch try r.byte() {
            case 0: return .coreType(try r.coreType(depth: depth))
            case 1: return .type(try r.typeDefinition(depth: depth))
            case 2: return .alias(try r.alias())
            case 3 where allowImports: return .import(try r.externName(), try r.externType())
            case 4: return .export(try r.externName(), try r.externType())
            case let other: throw r.malformed("0x\(hex: other) is no declaration", at: r.position - 1)
            }
        }
    }

    mutating func externType() throws(ComponentsError) -> Component.ExternType {
        switch try byte() {
        case 0:
            guard try byte() == 0x11 else { throw malformed("only core modules can be imported", at: position - 1) }
            return .coreModule(type: try u32())
        case 1: return .function(type: try u32())
        case 2:
            switch try byte() {
            case 0: return .valueEqual(try u32())
            case 1: return .value(try componentValueType())
            case let other: throw malformed("0x\(hex: other) bounds no value", at: position - 1)
            }
        case 3:
            switch try byte() {
            case 0: return .typeEqual(try u32())
            case 1: return .resource
            case let other: throw malformed("0x\(hex: other) bounds no type", at: position - 1)
            }
        case 4: return .component(type: try u32())
        case 5: return .instance(type: try u32())
        case let other: throw malformed("0x\(hex: other) is no type of an import or export", at: position - 1)
        }
    }

    // MARK: - Core types

    mutating func coreType(depth: Int) throws(ComponentsError) -> Component.CoreType {
        guard depth <= Self.maximumDepth else { throw malformed("types nest more than \(Self.maximumDepth) deep") }
        switch try peek() {
        case 0x50:
            try skip(1)
            return .module(
                try vector(of: "declarations") { r throws(ComponentsError) in
                    try r.coreModuleDeclaration()
                }
            )
        case 0x00:
            // A non-final subtype would look like a module type, so here it is marked by a zero.
            try skip(1)
            guard try peek() == 0x50 else { throw malformed("this is no core type") }
            return .group(try recursionGroup())
        default: return .group(try recursionGroup())
        }
    }

    private mutating func coreModuleDeclaration() throws(ComponentsError) -> Component.CoreModuleDeclaration {
        switch try byte() {
        case 0: return .import(try coreImport())
        // Module types cannot be nested here, so what would begin one is a subtype.
        case 1: return .type(.group(try recursionGroup()))
        case 2:
            guard try byte() == 0x10, try byte() == 0x01 else { throw malformed("this is no alias of a core type") }
            return .outerAlias(count: try u32(), index: try u32())
        case 3: return .export(name: try name(), type: try coreExternType())
        case let other: throw malformed("0x\(hex: other) is no declaration", at: position - 1)
        }
    }
}
