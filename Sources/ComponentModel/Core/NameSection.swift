// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The names that a module gives to its parts for people: the custom section `name`.
///
/// See the [name section](https://webassembly.github.io/spec/core/appendix/custom.html#name-section). It is no part of
/// what engines check, so whatever is wrong with it is passed over.
package struct NameSection: Hashable, Sendable {
    /// The module's name.
    package var module: String?
    /// Names by index, for each kind of thing that was named.
    package var names: [Subsection: [UInt32: String]] = [:]

    /// The kind of things that a subsection names.
    ///
    /// Only subsections that map one index to one name are kept.
    package enum Subsection: UInt8, Hashable, Sendable, CaseIterable {
        /// Functions.
        case functions = 1
        /// Types.
        case types = 4
        /// Tables.
        case tables = 5
        /// Memories.
        case memories = 6
        /// Globals.
        case globals = 7
        /// Element segments.
        case elements = 8
        /// Data segments.
        case data = 9
        /// Exception tags.
        case tags = 11
    }

    /// Creates an empty section.
    package init() {}

    /// Reads the name section of a module; what cannot be read is left out.
    package init(of module: CoreModule) {
        guard let section = module.customSection(named: "name") else { return }
        var reader = BinaryReader(section.content)
        while let id = try? reader.byte(), let size = try? reader.size(), let content = try? reader.take(size) {
            var part = BinaryReader(content)
            if id == 0 {
                self.module = try? part.name()
            } else if let kind = Subsection(rawValue: id), let map = try? part.nameMap() {
                names[kind] = map
            }
        }
    }

    /// The section's content.
    package func encoded() -> CustomSection {
        var writer = BinaryWriter()
        if let module {
            writer.byte(0)
            writer.block { $0.name(module) }
        }
        for kind in Subsection.allCases {
            guard let map = names[kind], !map.isEmpty else { continue }
            writer.byte(kind.rawValue)
            writer.block {
                $0.vector(map.sorted { $0.key < $1.key }) {
                    $0.u32($1.key)
                    $0.name($1.value)
                }
            }
        }
        return CustomSection(name: "name", content: writer.bytes[...])
    }
}

extension BinaryReader {
    fileprivate mutating func nameMap() throws(ComponentsError) -> [UInt32: String] {
        var map: [UInt32: String] = [:]
        for _ in 0..<(try count(of: "names")) {
            let index = try u32()
            map[index] = try name()
        }
        return map
    }
}
