// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension CoreModule {
    /// Encodes the module.
    ///
    /// Sections that were decoded and not changed since are written with the bytes they had.
    package func encoded() -> [UInt8] {
        let bulk = bodies.reduce(0) { $0 + $1.count + 5 } + data.reduce(0) { $0 + $1.bytes.count + 16 }
        var writer = BinaryWriter(capacity: bulk + 65_536)
        writer.append(Self.preamble)
        var missing = missingSections[...]
        // The name section has to come after the data, new or not; engines ignore it elsewhere.
        let lastStandard = layout.entries.lastIndex { if case .standard = $0 { true } else { false } } ?? -1
        for (position, entry) in layout.entries.enumerated() {
            if position == lastStandard + 1 {
                while !missing.isEmpty { write(missing.removeFirst(), to: &writer) }
            }
            switch entry {
            case .standard(let kind, let encoded):
                while let first = missing.first, first.rank < kind.rank {
                    write(missing.removeFirst(), to: &writer)
                }
                if let encoded { writer.append(encoded) } else { write(kind, to: &writer) }
            case .custom(let section, let encoded):
                if let encoded { writer.append(encoded) } else { writer.customSection(section) }
            }
        }
        for kind in missing { write(kind, to: &writer) }
        return writer.bytes
    }

    /// Sections with content that were not there when the module was decoded.
    private var missingSections: [CoreSectionKind] {
        let present = layout.entries.compactMap { if case .standard(let kind, _) = $0 { kind } else { nil } }
        return CoreSectionKind.order.filter { !present.contains($0) }
    }

    private func write(_ kind: CoreSectionKind, to writer: inout BinaryWriter) {
        guard !isEmpty(kind) else { return }
        writer.byte(kind.rawValue)
        writer.block { content in
            switch kind {
            case .type: content.vector(types) { $0.recursionGroup($1) }
            case .import: content.vector(imports) { $0.coreImport($1) }
            case .function: content.vector(functions) { $0.u32($1) }
            case .table: content.vector(tables) { $0.table($1) }
            case .memory: content.vector(memories) { $0.limits($1) }
            case .tag: content.vector(tags) { $0.tagType($1) }
            case .global:
                content.vector(globals) {
                    $0.globalType($1.type)
                    $0.append($1.initializer.bytes)
                }
            case .export:
                content.vector(exports) {
                    $0.name($1.name)
                    $0.byte($1.kind.rawValue)
                    $0.u32($1.index)
                }
            case .start: content.u32(start ?? 0)
            case .element: content.vector(elements) { $0.elementSegment($1) }
            case .dataCount: content.size(data.count)
            case .code:
                content.vector(bodies) {
                    $0.size($1.count)
                    $0.append($1)
                }
            case .data: content.vector(data) { $0.dataSegment($1) }
            case .custom: break
            }
        }
    }

    private func isEmpty(_ kind: CoreSectionKind) -> Bool {
        switch kind {
        case .type: types.isEmpty
        case .import: imports.isEmpty
        case .function: functions.isEmpty
        case .table: tables.isEmpty
        case .memory: memories.isEmpty
        case .tag: tags.isEmpty
        case .global: globals.isEmpty
        case .export: exports.isEmpty
        case .start: start == nil
        case .element: elements.isEmpty
        case .dataCount: !declaresDataCount
        case .code: bodies.isEmpty
        case .data: data.isEmpty
        case .custom: true
        }
    }
}

extension BinaryWriter {
    mutating func customSection(_ section: CustomSection) {
        byte(0)
        block {
            $0.name(section.name)
            $0.append(section.content)
        }
    }

    mutating func coreImport(_ item: CoreModule.Import) {
        name(item.module)
        name(item.name)
        coreExternType(item.type)
    }

    fileprivate mutating func table(_ table: CoreModule.Table) {
        if table.initializer != nil { append([0x40, 0x00]) }
        tableType(table.type)
        if let initializer = table.initializer { append(initializer.bytes) }
    }

    fileprivate mutating func elementSegment(_ segment: CoreModule.ElementSegment) {
        var flags: UInt8
        var table: UInt32 = 0
        switch segment.mode {
        case .passive: flags = 1
        case .declared: flags = 3
        case .active(let index, _):
            table = index
            flags = index == 0 ? 0 : 2
        }
        switch segment.items {
        case .functions: break
        case .expressions(let type, _):
            flags |= 4
            // The short form of an active segment of expressions has no room for another type.
            if flags == 4, type != .function { flags = 6 }
        }
        byte(flags)
        if case .active(_, let offset) = segment.mode {
            if flags & 2 != 0 { u32(table) }
            append(offset.bytes)
        }
        switch segment.items {
        case .functions(let functions):
            if flags != 0 { byte(0) }
            vector(functions) { $0.u32($1) }
        case .expressions(let type, let expressions):
            if flags != 4 { referenceType(type) }
            vector(expressions) { $0.append($1.bytes) }
        }
    }

    fileprivate mutating func dataSegment(_ segment: CoreModule.DataSegment) {
        switch segment.mode {
        case .active(0, let offset):
            byte(0)
            append(offset.bytes)
        case .active(let memory, let offset):
            byte(2)
            u32(memory)
            append(offset.bytes)
        case .passive: byte(1)
        }
        size(segment.bytes.count)
        append(segment.bytes)
    }
}
