// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A core WebAssembly module.
///
/// It remembers the bytes of every section it was decoded from. ``encoded()`` writes those again for sections that were
/// not changed, so a module that was only looked at comes out byte for byte as it went in.
/// Function bodies, constant expressions and data share the bytes of the file they came from.
///
/// See the [binary format](https://webassembly.github.io/spec/core/binary/modules.html).
package struct CoreModule: Sendable {
    /// The defined types, in groups of types that may refer to each other.
    package var types: [CoreRecursionGroup] = [] { didSet { layout.invalidate(.type) } }
    /// The imports, which come first in the index spaces of their kinds.
    package var imports: [Import] = [] { didSet { layout.invalidate(.import) } }
    /// The index of the type of each defined function.
    package var functions: [UInt32] = [] { didSet { layout.invalidate(.function) } }
    /// The defined tables.
    package var tables: [Table] = [] { didSet { layout.invalidate(.table) } }
    /// The defined memories.
    package var memories: [CoreLimits] = [] { didSet { layout.invalidate(.memory) } }
    /// The index of the type of each defined exception tag.
    package var tags: [UInt32] = [] { didSet { layout.invalidate(.tag) } }
    /// The defined globals.
    package var globals: [Global] = [] { didSet { layout.invalidate(.global) } }
    /// The exports.
    package var exports: [Export] = [] { didSet { layout.invalidate(.export) } }
    /// The index of the function that runs at instantiation.
    package var start: UInt32? { didSet { layout.invalidate(.start) } }
    /// The element segments.
    package var elements: [ElementSegment] = [] { didSet { layout.invalidate(.element) } }
    /// A Boolean value that tells whether the number of data segments precedes the code, as instructions that name segments
    /// require.
    package var declaresDataCount = false { didSet { layout.invalidate(.dataCount) } }
    /// The body of each defined function: its locals and instructions, without the length.
    package var bodies: [ArraySlice<UInt8>] = [] { didSet { layout.invalidate(.code) } }
    /// The data segments.
    package var data: [DataSegment] = [] {
        didSet {
            layout.invalidate(.data)
            layout.invalidate(.dataCount)
        }
    }
    /// The order of the sections, with the custom sections.
    var layout = CoreModuleLayout()

    /// Creates an empty module.
    package init() {}

    /// Something that the module needs.
    package struct Import: Hashable, Sendable {
        /// The name of the module or instance that provides it.
        package var module: String
        /// Its name there.
        package var name: String
        /// Its type.
        package var type: CoreExternType

        /// Creates an import.
        package init(module: String, name: String, type: CoreExternType) {
            self.module = module
            self.name = name
            self.type = type
        }
    }

    /// Something that the module offers.
    package struct Export: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Its kind.
        package var kind: CoreExternKind
        /// Its index among things of its kind.
        package var index: UInt32

        /// Creates an export.
        package init(name: String, kind: CoreExternKind, index: UInt32) {
            self.name = name
            self.kind = kind
            self.index = index
        }
    }

    /// A table.
    package struct Table: Hashable, Sendable {
        /// Its type.
        package var type: CoreTableType
        /// The initial value of its elements.
        ///
        /// If it is not given, they are null.
        package var initializer: ConstantExpression?

        /// Creates a table.
        package init(type: CoreTableType, initializer: ConstantExpression? = nil) {
            self.type = type
            self.initializer = initializer
        }
    }

    /// A global.
    package struct Global: Hashable, Sendable {
        /// Its type.
        package var type: CoreGlobalType
        /// Its first value.
        package var initializer: ConstantExpression

        /// Creates a global.
        package init(type: CoreGlobalType, initializer: ConstantExpression) {
            self.type = type
            self.initializer = initializer
        }
    }

    /// Functions or other references that initialise a table.
    package struct ElementSegment: Hashable, Sendable {
        /// When a segment is used.
        package enum Mode: Hashable, Sendable {
            /// At instantiation, from an offset of a table on.
            case active(table: UInt32, offset: ConstantExpression)
            /// When the code asks for it.
            case passive
            /// Never; it declares functions that the code takes references to.
            case declared
        }

        /// The references that a segment holds.
        package enum Items: Hashable, Sendable {
            /// Functions by index.
            case functions([UInt32])
            /// References by expression.
            case expressions(CoreReferenceType, [ConstantExpression])

            /// The number of references.
            package var count: Int {
                switch self {
                case .functions(let functions): functions.count
                case .expressions(_, let expressions): expressions.count
                }
            }
        }

        /// When it is used.
        package var mode: Mode
        /// The references that it holds.
        package var items: Items

        /// Creates a segment.
        package init(mode: Mode, items: Items) {
            self.mode = mode
            self.items = items
        }
    }

    /// Bytes that initialise a memory.
    package struct DataSegment: Hashable, Sendable {
        /// When a segment is used.
        package enum Mode: Hashable, Sendable {
            /// At instantiation, from an address of a memory on.
            case active(memory: UInt32, offset: ConstantExpression)
            /// When the code asks for it.
            case passive
        }

        /// When it is used.
        package var mode: Mode
        /// The bytes.
        package var bytes: ArraySlice<UInt8>

        /// Creates a segment.
        package init(mode: Mode, bytes: ArraySlice<UInt8>) {
            self.mode = mode
            self.bytes = bytes
        }
    }

    // MARK: - Queries

    /// The imports of one kind, in the order of their indices.
    package func imports(_ kind: CoreExternKind) -> [Import] {
        imports.filter { $0.type.kind == kind }
    }

    /// The export with a name.
    package func export(named name: String) -> Export? {
        exports.first { $0.name.hasSameBytes(as: name) }
    }

    /// The defined types in the order of their indices.
    package var flatTypes: [CoreSubType] {
        types.flatMap(\.types)
    }

    /// The type of each function, imported ones first.
    package var functionTypeIndices: [UInt32] {
        imports.compactMap { if case .function(let type) = $0.type { type } else { nil } } + functions
    }

    /// The custom sections.
    package var customSections: [CustomSection] { layout.customSections }

    /// The first custom section with a name.
    package func customSection(named name: String) -> CustomSection? {
        customSections.first { $0.name.hasSameBytes(as: name) }
    }

    /// Adds a custom section at the end.
    package mutating func append(_ section: CustomSection) {
        // Sections that are still to be encoded must not end up behind it: names follow what they name.
        layout.complete()
        layout.entries.append(.custom(section, encoded: nil))
    }
}

/// A section for tools, which engines ignore.
package struct CustomSection: Hashable, Sendable {
    /// The name of its purpose, such as `name`.
    package var name: String
    /// Its content after the name.
    package var content: ArraySlice<UInt8>

    /// Creates a custom section.
    package init(name: String, content: ArraySlice<UInt8>) {
        self.name = name
        self.content = content
    }
}
