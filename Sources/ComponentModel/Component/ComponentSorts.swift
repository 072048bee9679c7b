// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Component {
    /// The kind of definition that a core index refers to.
    package enum CoreSort: UInt8, Hashable, Sendable, CaseIterable {
        /// A core function.
        case function = 0x00
        /// A table.
        case table = 0x01
        /// A memory.
        case memory = 0x02
        /// A global.
        case global = 0x03
        /// An exception tag.
        case tag = 0x04
        /// A core type.
        case type = 0x10
        /// A core module.
        case module = 0x11
        /// An instance of a core module.
        case instance = 0x12
    }

    /// The kind of definition that an index refers to.
    ///
    /// Each kind has an index space of its own.
    package enum Sort: Hashable, Sendable {
        /// Something of the core.
        case core(CoreSort)
        /// A component function.
        case function
        /// A value.
        case value
        /// A type.
        case type
        /// A component.
        case component
        /// An instance of a component.
        case instance
    }

    /// A reference to a definition.
    package struct Reference: Hashable, Sendable {
        /// The index space.
        package var sort: Sort
        /// The index in it.
        package var index: UInt32

        /// Creates a reference.
        package init(_ sort: Sort, _ index: UInt32) {
            self.sort = sort
            self.index = index
        }
    }

    /// The name of an import or export with its attributes.
    package struct ExternName: Hashable, Sendable {
        /// The name, such as `run` or `wasi:io/streams@0.2.9`.
        package var name: String
        /// The attributes of the name.
        package var attributes: [Attribute]
        /// The byte that precedes the name; 0 and 1 mean the same.
        var form: UInt8

        /// Creates a name without attributes.
        package init(_ name: String) {
            self.name = name
            attributes = []
            form = 0
        }

        init(name: String, attributes: [Attribute], form: UInt8) {
            self.name = name
            self.attributes = attributes
            self.form = form
        }

        /// An attribute of a name.
        package enum Attribute: Hashable, Sendable {
            /// The interface that an instance with a plain name implements.
            case implements(String)
            /// The rest of a version of which the name only has the compatible part.
            case versionSuffix(String)
            /// A name that means something elsewhere.
            case externalID(String)
        }
    }
}

extension BinaryReader {
    mutating func coreSort() throws(ComponentsError) -> Component.CoreSort {
        let code = try byte()
        guard let sort = Component.CoreSort(rawValue: code) else {
            throw malformed("0x\(hex: code) is no core sort", at: position - 1)
        }
        return sort
    }

    mutating func sort() throws(ComponentsError) -> Component.Sort {
        switch try byte() {
        case 0: return .core(try coreSort())
        case 1: return .function
        case 2: return .value
        case 3: return .type
        case 4: return .component
        case 5: return .instance
        case let other: throw malformed("0x\(hex: other) is no sort", at: position - 1)
        }
    }

    mutating func reference() throws(ComponentsError) -> Component.Reference {
        Component.Reference(try sort(), try u32())
    }

    mutating func externName() throws(ComponentsError) -> Component.ExternName {
        let form = try byte()
        guard form <= 2 else { throw malformed("0x\(hex: form) begins no name", at: position - 1) }
        let name = try name()
        guard form == 2 else { return Component.ExternName(name: name, attributes: [], form: form) }
        let attributes = try vector(of: "attributes") { r throws(ComponentsError) -> Component.ExternName.Attribute in
            switch try r.byte() {
            case 0: return .implements(try r.name())
            case 1: return .versionSuffix(try r.name())
            case 2: return .externalID(try r.name())
            case let other: throw r.malformed("0x\(hex: other) is no attribute", at: r.position - 1)
            }
        }
        return Component.ExternName(name: name, attributes: attributes, form: form)
    }
}

extension BinaryWriter {
    mutating func sort(_ sort: Component.Sort) {
        switch sort {
        case .core(let sort):
            byte(0)
            byte(sort.rawValue)
        case .function: byte(1)
        case .value: byte(2)
        case .type: byte(3)
        case .component: byte(4)
        case .instance: byte(5)
        }
    }

    mutating func reference(_ reference: Component.Reference) {
        sort(reference.sort)
        u32(reference.index)
    }

    mutating func externName(_ name: Component.ExternName) {
        guard !name.attributes.isEmpty || name.form == 2 else {
            byte(name.form)
            self.name(name.name)
            return
        }
        byte(2)
        self.name(name.name)
        vector(name.attributes) { writer, attribute in
            switch attribute {
            case .implements(let text):
                writer.byte(0)
                writer.name(text)
            case .versionSuffix(let text):
                writer.byte(1)
                writer.name(text)
            case .externalID(let text):
                writer.byte(2)
                writer.name(text)
            }
        }
    }
}
