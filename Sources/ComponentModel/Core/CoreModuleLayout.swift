// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The kinds of sections of a core module, by their number in the binary format.
enum CoreSectionKind: UInt8, Sendable {
    case custom = 0, type, `import`, function, table, memory, global, export, start, element, code, data, dataCount, tag

    /// The order in which sections must appear, which is not that of their numbers.
    static let order: [CoreSectionKind] = [
        .type, .import, .function, .table, .memory, .tag, .global, .export, .start, .element, .dataCount, .code, .data,
    ]

    var rank: Int { Self.order.firstIndex(of: self) ?? 0 }
}

/// The order of a module's sections, with the bytes of those that did not change since they were decoded.
struct CoreModuleLayout: Sendable {
    enum Entry: Sendable {
        case standard(CoreSectionKind, encoded: ArraySlice<UInt8>?)
        case custom(CustomSection, encoded: ArraySlice<UInt8>?)
    }

    var entries: [Entry] = []

    var customSections: [CustomSection] {
        entries.compactMap { if case .custom(let section, _) = $0 { section } else { nil } }
    }

    /// Makes room for every standard section at its place.
    mutating func complete() {
        var completed: [Entry] = []
        var missing = CoreSectionKind.order[...]
        for entry in entries {
            if case .standard(let kind, _) = entry {
                while let next = missing.first, next.rank < kind.rank {
                    completed.append(.standard(missing.removeFirst(), encoded: nil))
                }
                missing = missing.drop { $0 == kind }
            }
            completed.append(entry)
        }
        entries = completed + missing.map { .standard($0, encoded: nil) }
    }

    /// Forgets the bytes of a section because its content changed.
    mutating func invalidate(_ kind: CoreSectionKind) {
        for (index, entry) in entries.enumerated() {
            guard case .standard(kind, encoded: .some) = entry else { continue }
            entries[index] = .standard(kind, encoded: nil)
        }
    }
}

extension CoreModule {
    /// Forgets the bytes of all sections, so that everything is encoded anew.
    mutating func forgetEncodings() {
        layout.entries = layout.entries.map {
            switch $0 {
            case .standard(let kind, _): .standard(kind, encoded: nil)
            case .custom(let section, _): .custom(section, encoded: nil)
            }
        }
    }
}
