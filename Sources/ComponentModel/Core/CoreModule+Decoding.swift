// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension CoreModule {
    /// The first eight bytes of every core module.
    static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

    /// Decodes a module.
    ///
    /// Function bodies are not looked into; an ``InstructionReader`` reports what is wrong in them.
    /// - Throws: what is malformed, with its offset.
    package init(decoding bytes: [UInt8]) throws(ComponentsError) {
        try self.init(decoding: bytes[...])
    }

    /// Decodes a module from a part of a file.
    ///
    /// - Throws: what is malformed, with its offset.
    package init(decoding bytes: ArraySlice<UInt8>) throws(ComponentsError) {
        var reader = BinaryReader(bytes)
        guard bytes.starts(with: Self.preamble) else {
            throw reader.malformed("this is no core module of version 1")
        }
        try reader.skip(Self.preamble.count)
        // The layout is filled in at the end, since setting the properties would invalidate its bytes.
        var layout = CoreModuleLayout()
        var lastRank = -1
        var dataCount: Int?
        while !reader.isAtEnd {
            let start = reader.position
            let id = try reader.byte()
            var section = BinaryReader(try reader.take(try reader.size()))
            let encoded = bytes[start..<reader.position]
            guard let kind = CoreSectionKind(rawValue: id) else {
                throw reader.malformed("0x\(hex: id) is no section", at: start)
            }
            guard kind != .custom else {
                let name = try section.name()
                let content = try section.take(section.remaining)
                layout.entries.append(.custom(CustomSection(name: name, content: content), encoded: encoded))
                continue
            }
            guard kind.rank > lastRank else { throw reader.malformed("the \(kind) section is out of order", at: start) }
            lastRank = kind.rank
            if kind == .dataCount {
                dataCount = try section.size()
                declaresDataCount = true
            } else {
                try decode(kind, &section)
            }
            guard section.isAtEnd else {
                throw section.malformed("\(section.remaining) bytes are left over in the \(kind) section")
            }
            layout.entries.append(.standard(kind, encoded: encoded))
        }
        guard functions.count == bodies.count else {
            throw reader.malformed("\(functions.count) functions are declared and \(bodies.count) defined")
        }
        guard dataCount == nil || dataCount == data.count else {
            throw reader.malformed("\(dataCount ?? 0) data segments are announced and \(data.count) defined")
        }
        self.layout = layout
    }

    private mutating func decode(_ kind: CoreSectionKind, _ reader: inout BinaryReader) throws(ComponentsError) {
        switch kind {
        case .type:
            types = try reader.vector(of: "types") { r throws(ComponentsError) in try r.recursionGroup() }
        case .import:
            imports = try reader.vector(of: "imports") { r throws(ComponentsError) in try r.coreImports() }.flatMap {
                $0
            }
        case .function:
            functions = try reader.vector(of: "functions") { r throws(ComponentsError) in try r.u32() }
        case .table:
            tables = try reader.vector(of: "tables") { r throws(ComponentsError) in try r.table() }
        case .memory:
            memories = try reader.vector(of: "memories") { r throws(ComponentsError) in try r.memoryType() }
        case .tag:
            tags = try reader.vector(of: "tags") { r throws(ComponentsError) in try r.tagType() }
        case .global:
            globals = try reader.vector(of: "globals") { r throws(ComponentsError) in
                Global(type: try r.globalType(), initializer: try r.constantExpression())
            }
        case .export:
            exports = try reader.vector(of: "exports") { r throws(ComponentsError) in try r.coreExport() }
        case .start: start = try reader.u32()
        case .element:
            elements = try reader.vector(of: "element segments") { r throws(ComponentsError) in try r.elementSegment() }
        case .code:
            bodies = try reader.vector(of: "function bodies") { r throws(ComponentsError) in try r.take(try r.size()) }
        case .data:
            data = try reader.vector(of: "data segments") { r throws(ComponentsError) in try r.dataSegment() }
        case .dataCount, .custom: break
        }
    }
}

extension BinaryReader {
    mutating func coreImport() throws(ComponentsError) -> CoreModule.Import {
        CoreModule.Import(module: try name(), name: try name(), type: try coreExternType())
    }

    /// Reads an entry of an import section: one import, or several in a
    /// [compact form](https://github.com/WebAssembly/compact-import-section).
    fileprivate mutating func coreImports() throws(ComponentsError) -> [CoreModule.Import] {
        let module = try name()
        let first = try name()
        switch first.isEmpty ? try peek() : 0 {
        case 0x7f:
            try skip(1)
            return try vector(of: "imports") { r throws(ComponentsError) in
                CoreModule.Import(module: module, name: try r.name(), type: try r.coreExternType())
            }
        case 0x7e:
            try skip(1)
            let type = try coreExternType()
            return try vector(of: "imports") { r throws(ComponentsError) in
                CoreModule.Import(module: module, name: try r.name(), type: type)
            }
        default:
            return [CoreModule.Import(module: module, name: first, type: try coreExternType())]
        }
    }

    fileprivate mutating func coreExport() throws(ComponentsError) -> CoreModule.Export {
        let name = try name()
        guard let kind = CoreExternKind(rawValue: try byte()) else {
            throw malformed("this is no kind of export", at: position - 1)
        }
        return CoreModule.Export(name: name, kind: kind, index: try u32())
    }

    fileprivate mutating func table() throws(ComponentsError) -> CoreModule.Table {
        guard try peek() == 0x40 else { return CoreModule.Table(type: try tableType()) }
        try skip(1)
        guard try byte() == 0 else { throw malformed("a reserved byte is not 0", at: position - 1) }
        return CoreModule.Table(type: try tableType(), initializer: try constantExpression())
    }

    fileprivate mutating func elementSegment() throws(ComponentsError) -> CoreModule.ElementSegment {
        let flags = try u32()
        guard flags < 8 else { throw malformed("\(flags) is no kind of element segment") }
        let mode: CoreModule.ElementSegment.Mode
        switch flags & 3 {
        case 1: mode = .passive
        case 3: mode = .declared
        case 2: mode = .active(table: try u32(), offset: try constantExpression())
        default: mode = .active(table: 0, offset: try constantExpression())
        }
        guard flags & 4 != 0 else {
            if flags != 0, try byte() != 0 { throw malformed("an element kind is not 0", at: position - 1) }
            let functions = try vector(of: "elements", limit: 10_000_000) { r throws(ComponentsError) in try r.u32() }
            return CoreModule.ElementSegment(mode: mode, items: .functions(functions))
        }
        let type = flags == 4 ? CoreReferenceType.function : try referenceType()
        let expressions = try vector(of: "elements", limit: 10_000_000) { r throws(ComponentsError) in
            try r.constantExpression()
        }
        return CoreModule.ElementSegment(mode: mode, items: .expressions(type, expressions))
    }

    fileprivate mutating func dataSegment() throws(ComponentsError) -> CoreModule.DataSegment {
        let mode: CoreModule.DataSegment.Mode
        switch try u32() {
        case 0: mode = .active(memory: 0, offset: try constantExpression())
        case 1: mode = .passive
        case 2: mode = .active(memory: try u32(), offset: try constantExpression())
        case let other: throw malformed("\(other) is no kind of data segment")
        }
        return CoreModule.DataSegment(mode: mode, bytes: try take(try size()))
    }
}
