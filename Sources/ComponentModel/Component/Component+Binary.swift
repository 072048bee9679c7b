// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Component {
    /// The first eight bytes of every component.
    static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]

    /// Decodes a component with everything nested in it.
    ///
    /// - Throws: what is malformed, with its offset.
    package init(decoding bytes: [UInt8]) throws(ComponentsError) {
        try self.init(decoding: bytes[...])
    }

    /// Decodes a component from a part of a file.
    ///
    /// - Throws: what is malformed, with its offset.
    package init(decoding bytes: ArraySlice<UInt8>) throws(ComponentsError) {
        try self.init(bytes, depth: 0)
    }

    /// Returns whether bytes begin like a component, as opposed to a core module or something else.
    package static func isComponent(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: preamble)
    }

    private init(_ bytes: ArraySlice<UInt8>, depth: Int) throws(ComponentsError) {
        sections = []
        var reader = BinaryReader(bytes)
        guard bytes.starts(with: Self.preamble) else {
            throw reader.malformed(
                bytes.starts(with: CoreModule.preamble)
                    ? "this is a core module, not a component"
                    : "this is no component of the version that is understood"
            )
        }
        guard depth <= BinaryReader.maximumDepth else {
            throw reader.malformed("components nest more than \(BinaryReader.maximumDepth) deep")
        }
        try reader.skip(Self.preamble.count)
        while !reader.isAtEnd {
            let start = reader.position
            let id = try reader.byte()
            var section = BinaryReader(try reader.take(try reader.size()))
            let content = try Self.content(id, &section, start: start, depth: depth)
            guard section.isAtEnd else {
                throw section.malformed("\(section.remaining) bytes are left over in a section")
            }
            sections.append(Section(content, encoded: bytes[start..<reader.position]))
        }
    }

    private static func content(
        _ id: UInt8,
        _ reader: inout BinaryReader,
        start: Int,
        depth: Int
    ) throws(ComponentsError) -> Content {
        switch id {
        case 0: return .custom(CustomSection(name: try reader.name(), content: try reader.take(reader.remaining)))
        case 1: return .coreModule(try CoreModule(decoding: try reader.take(reader.remaining)))
        case 2:
            return .coreInstances(
                try reader.vector(of: "core instances") { r throws(ComponentsError) in try r.coreInstance() }
            )
        case 3:
            return .coreTypes(
                try reader.vector(of: "core types") { r throws(ComponentsError) in try r.coreType(depth: depth) }
            )
        case 4: return .component(try Component(try reader.take(reader.remaining), depth: depth + 1))
        case 5:
            return .instances(try reader.vector(of: "instances") { r throws(ComponentsError) in try r.instance() })
        case 6: return .aliases(try reader.vector(of: "aliases") { r throws(ComponentsError) in try r.alias() })
        case 7:
            return .types(
                try reader.vector(of: "types") { r throws(ComponentsError) in try r.typeDefinition(depth: depth) }
            )
        case 8:
            return .canonicals(
                try reader.vector(of: "canonical functions") { r throws(ComponentsError) in try r.canonical() }
            )
        case 9: return .start(try reader.start())
        case 10:
            return .imports(try reader.vector(of: "imports") { r throws(ComponentsError) in try r.componentImport() })
        case 11:
            return .exports(try reader.vector(of: "exports") { r throws(ComponentsError) in try r.componentExport() })
        case 12: return .values(try reader.vector(of: "values") { r throws(ComponentsError) in try r.value() })
        default: throw reader.malformed("0x\(hex: id) is no section of a component", at: start)
        }
    }

    /// Encodes the component.
    ///
    /// Sections that were decoded and not changed since are written with the bytes they had.
    package func encoded() -> [UInt8] {
        let known = sections.reduce(0) { $0 + ($1.encoded?.count ?? 0) }
        var writer = BinaryWriter(capacity: known + 65_536)
        writer.append(Self.preamble)
        for section in sections {
            if let encoded = section.encoded { writer.append(encoded) } else { writer.section(section.content) }
        }
        return writer.bytes
    }
}

extension BinaryWriter {
    fileprivate mutating func section(_ content: Component.Content) {
        switch content {
        case .custom(let section): customSection(section)
        case .coreModule(let module): section(1, module.encoded())
        case .component(let component): section(4, component.encoded())
        case .coreInstances(let instances): section(2) { $0.vector(instances) { $0.coreInstance($1) } }
        case .coreTypes(let types): section(3) { $0.vector(types) { $0.coreType($1) } }
        case .instances(let instances): section(5) { $0.vector(instances) { $0.instance($1) } }
        case .aliases(let aliases): section(6) { $0.vector(aliases) { $0.alias($1) } }
        case .types(let types): section(7) { $0.vector(types) { $0.typeDefinition($1) } }
        case .canonicals(let canonicals): section(8) { $0.vector(canonicals) { $0.canonical($1) } }
        case .start(let start): section(9) { $0.start(start) }
        case .imports(let imports): section(10) { $0.vector(imports) { $0.componentImport($1) } }
        case .exports(let exports): section(11) { $0.vector(exports) { $0.componentExport($1) } }
        case .values(let values): section(12) { $0.vector(values) { $0.value($1) } }
        }
    }

    private mutating func section(_ id: UInt8, _ content: [UInt8]) {
        byte(id)
        size(content.count)
        append(content)
    }

    private mutating func section(_ id: UInt8, _ write: (inout BinaryWriter) -> Void) {
        byte(id)
        block(write)
    }
}
