// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// https://webassembly.github.io/spec/core/binary/types.html

extension BinaryReader {
    mutating func heapType() throws(ComponentsError) -> CoreHeapType {
        let start = position
        if try peek() == 0x65 {
            try skip(1)
            return .abstract(try abstractHeapType(), isShared: true)
        }
        let code = try s33()
        guard code < 0 else {
            guard let index = UInt32(exactly: code) else { throw malformed("a type index is too large", at: start) }
            return .index(index)
        }
        guard position == start + 1, (0x68...0x75).contains(bytes[start]) else {
            throw malformed("unknown heap type", at: start)
        }
        return .abstract(bytes[start])
    }

    private mutating func abstractHeapType() throws(ComponentsError) -> UInt8 {
        let code = try byte()
        guard (0x68...0x75).contains(code) else {
            throw malformed("0x\(hex: code) is no heap type", at: position - 1)
        }
        return code
    }

    mutating func referenceType() throws(ComponentsError) -> CoreReferenceType {
        switch try peek() {
        case 0x63:
            try skip(1)
            return CoreReferenceType(isNullable: true, heapType: try heapType())
        case 0x64:
            try skip(1)
            return CoreReferenceType(isNullable: false, heapType: try heapType())
        case 0x65:
            return CoreReferenceType(isNullable: true, heapType: try heapType())
        default:
            return CoreReferenceType(isNullable: true, heapType: .abstract(try abstractHeapType()))
        }
    }

    package mutating func coreValueType() throws(ComponentsError) -> CoreValueType {
        let type: CoreValueType
        switch try peek() {
        case 0x7f: type = .i32
        case 0x7e: type = .i64
        case 0x7d: type = .f32
        case 0x7c: type = .f64
        case 0x7b: type = .v128
        case 0x63, 0x64, 0x65, 0x68...0x75: return .reference(try referenceType())
        case let other: throw malformed("0x\(hex: other) is no value type")
        }
        try skip(1)
        return type
    }

    mutating func flag(_ what: StaticString) throws(ComponentsError) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        case let other: throw malformed("0x\(hex: other) is no \(what)", at: position - 1)
        }
    }

    private mutating func fieldType() throws(ComponentsError) -> CoreFieldType {
        let storage: CoreFieldType.Storage
        switch try peek() {
        case 0x78:
            try skip(1)
            storage = .i8
        case 0x77:
            try skip(1)
            storage = .i16
        default: storage = .value(try coreValueType())
        }
        return CoreFieldType(storage: storage, isMutable: try flag("mutability"))
    }

    mutating func coreFunctionType() throws(ComponentsError) -> CoreFunctionType {
        let parameters = try vector(of: "parameters", limit: 1000) { reader throws(ComponentsError) in
            try reader.coreValueType()
        }
        let results = try vector(of: "results", limit: 1000) { reader throws(ComponentsError) in
            try reader.coreValueType()
        }
        return CoreFunctionType(parameters: parameters, results: results)
    }

    private mutating func subType() throws(ComponentsError) -> CoreSubType {
        var result = CoreSubType(.structure([]))
        switch try peek() {
        case 0x50, 0x4f:
            result.isFinal = try byte() == 0x4f
            result.supertypes = try vector(of: "supertypes", limit: 1) { reader throws(ComponentsError) in
                try reader.u32()
            }
        default: break
        }
        if try peek() == 0x65 {
            try skip(1)
            result.isShared = true
        }
        switch try byte() {
        case 0x60: result.composite = .function(try coreFunctionType())
        case 0x5f:
            result.composite = .structure(
                try vector(of: "fields", limit: 10_000) { reader throws(ComponentsError) in try reader.fieldType() }
            )
        case 0x5e: result.composite = .array(try fieldType())
        case 0x5d: result.composite = .continuation(try u32())
        case let other: throw malformed("0x\(hex: other) is no defined type", at: position - 1)
        }
        return result
    }

    mutating func recursionGroup() throws(ComponentsError) -> CoreRecursionGroup {
        guard try peek() == 0x4e else { return CoreRecursionGroup(isExplicit: false, types: [try subType()]) }
        try skip(1)
        let types = try vector(of: "types in a group") { reader throws(ComponentsError) in try reader.subType() }
        return CoreRecursionGroup(isExplicit: true, types: types)
    }

    mutating func limits() throws(ComponentsError) -> CoreLimits {
        let start = position
        let flags = try byte()
        guard flags & 0xf0 == 0 else { throw malformed("0x\(hex: flags) are no limits", at: start) }
        var limits = CoreLimits(minimum: 0, is64Bit: flags & 4 != 0)
        limits.isShared = flags & 2 != 0
        if limits.is64Bit {
            limits.minimum = try u64()
            if flags & 1 != 0 { limits.maximum = try u64() }
        } else {
            limits.minimum = UInt64(try u32())
            if flags & 1 != 0 { limits.maximum = UInt64(try u32()) }
        }
        if flags & 8 != 0 {
            let log2 = try u32()
            guard log2 <= 16 else { throw malformed("pages of 2^\(log2) bytes are not allowed", at: start) }
            limits.pageSizeLog2 = log2
        }
        return limits
    }

    /// Reads the limits of a memory, whose size in bytes must have an address.
    mutating func memoryType() throws(ComponentsError) -> CoreLimits {
        let start = position
        let limits = try limits()
        for pages in [limits.minimum, limits.maximum ?? 0] where pages > limits.maximumPages {
            throw malformed("a memory of \(pages) pages is larger than its addresses reach", at: start)
        }
        return limits
    }

    mutating func tableType() throws(ComponentsError) -> CoreTableType {
        CoreTableType(element: try referenceType(), limits: try limits())
    }

    mutating func globalType() throws(ComponentsError) -> CoreGlobalType {
        let value = try coreValueType()
        let flags = try byte()
        guard flags & 0xfc == 0 else { throw malformed("0x\(hex: flags) is no mutability", at: position - 1) }
        var type = CoreGlobalType(value, isMutable: flags & 1 != 0)
        type.isShared = flags & 2 != 0
        return type
    }

    mutating func tagType() throws(ComponentsError) -> UInt32 {
        guard try byte() == 0 else { throw malformed("a tag's attribute is not 0", at: position - 1) }
        return try u32()
    }

    mutating func coreExternType() throws(ComponentsError) -> CoreExternType {
        switch try byte() {
        case 0: return .function(type: try u32())
        case 1: return .table(try tableType())
        case 2: return .memory(try memoryType())
        case 3: return .global(try globalType())
        case 4: return .tag(type: try tagType())
        case let other: throw malformed("0x\(hex: other) is no kind of import or export", at: position - 1)
        }
    }
}

extension BinaryWriter {
    mutating func heapType(_ type: CoreHeapType) {
        switch type {
        case .abstract(let code, let isShared):
            if isShared { byte(0x65) }
            byte(code)
        case .index(let index): signed(Int64(index))
        }
    }

    mutating func referenceType(_ type: CoreReferenceType) {
        if type.isNullable, case .abstract = type.heapType { return heapType(type.heapType) }
        byte(type.isNullable ? 0x63 : 0x64)
        heapType(type.heapType)
    }

    package mutating func coreValueType(_ type: CoreValueType) {
        switch type {
        case .i32: byte(0x7f)
        case .i64: byte(0x7e)
        case .f32: byte(0x7d)
        case .f64: byte(0x7c)
        case .v128: byte(0x7b)
        case .reference(let type): referenceType(type)
        }
    }

    private mutating func fieldType(_ type: CoreFieldType) {
        switch type.storage {
        case .value(let value): coreValueType(value)
        case .i8: byte(0x78)
        case .i16: byte(0x77)
        }
        byte(type.isMutable ? 1 : 0)
    }

    mutating func coreFunctionType(_ type: CoreFunctionType) {
        byte(0x60)
        vector(type.parameters) { $0.coreValueType($1) }
        vector(type.results) { $0.coreValueType($1) }
    }

    private mutating func subType(_ type: CoreSubType) {
        if !type.isFinal || !type.supertypes.isEmpty {
            byte(type.isFinal ? 0x4f : 0x50)
            vector(type.supertypes) { $0.u32($1) }
        }
        if type.isShared { byte(0x65) }
        switch type.composite {
        case .function(let type): coreFunctionType(type)
        case .structure(let fields):
            byte(0x5f)
            vector(fields) { $0.fieldType($1) }
        case .array(let field):
            byte(0x5e)
            fieldType(field)
        case .continuation(let index):
            byte(0x5d)
            u32(index)
        }
    }

    mutating func recursionGroup(_ group: CoreRecursionGroup) {
        if group.isExplicit || group.types.count != 1 {
            byte(0x4e)
            size(group.types.count)
        }
        for type in group.types { subType(type) }
    }

    mutating func limits(_ limits: CoreLimits) {
        var flags: UInt8 = limits.maximum == nil ? 0 : 1
        if limits.isShared { flags |= 2 }
        if limits.is64Bit { flags |= 4 }
        if limits.pageSizeLog2 != nil { flags |= 8 }
        byte(flags)
        u64(limits.minimum)
        if let maximum = limits.maximum { u64(maximum) }
        if let log2 = limits.pageSizeLog2 { u32(log2) }
    }

    mutating func tableType(_ type: CoreTableType) {
        referenceType(type.element)
        limits(type.limits)
    }

    mutating func globalType(_ type: CoreGlobalType) {
        coreValueType(type.value)
        byte((type.isMutable ? 1 : 0) | (type.isShared ? 2 : 0))
    }

    mutating func coreExternType(_ type: CoreExternType) {
        byte(type.kind.rawValue)
        switch type {
        case .function(let index): u32(index)
        case .table(let type): tableType(type)
        case .memory(let type): limits(type)
        case .global(let type): globalType(type)
        case .tag(let index): tagType(index)
        }
    }

    mutating func tagType(_ index: UInt32) {
        byte(0)
        u32(index)
    }
}
