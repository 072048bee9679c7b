// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The type of the target of a reference.
///
/// See [heap types](https://webassembly.github.io/spec/core/binary/types.html#heap-types).
package enum CoreHeapType: Hashable, Sendable {
    /// One of the abstract heap types by its byte, such as 0x70 for functions.
    case abstract(UInt8, isShared: Bool = false)
    /// A defined type.
    case index(UInt32)

    /// The type of all functions.
    package static let function = CoreHeapType.abstract(0x70)
    /// The type of all host values.
    package static let external = CoreHeapType.abstract(0x6f)
}

/// A reference type.
package struct CoreReferenceType: Hashable, Sendable {
    /// A Boolean value that tells whether null belongs to it.
    package var isNullable: Bool
    /// The type of its target.
    package var heapType: CoreHeapType

    /// Creates a reference type.
    package init(isNullable: Bool, heapType: CoreHeapType) {
        self.isNullable = isNullable
        self.heapType = heapType
    }

    /// A nullable reference to any function.
    package static let function = CoreReferenceType(isNullable: true, heapType: .function)
    /// A nullable reference to any host value.
    package static let external = CoreReferenceType(isNullable: true, heapType: .external)
}

/// The type of a value on the stack of a core function.
package enum CoreValueType: Hashable, Sendable {
    /// A 32-bit integer.
    case i32
    /// A 64-bit integer.
    case i64
    /// A 32-bit floating-point number.
    case f32
    /// A 64-bit floating-point number.
    case f64
    /// A 128-bit vector.
    case v128
    /// A reference.
    case reference(CoreReferenceType)
}

/// The type of a core function.
package struct CoreFunctionType: Hashable, Sendable {
    /// The types of the arguments.
    package var parameters: [CoreValueType]
    /// The types of the results.
    package var results: [CoreValueType]

    /// Creates a function type.
    package init(parameters: [CoreValueType] = [], results: [CoreValueType] = []) {
        self.parameters = parameters
        self.results = results
    }
}

/// The type of a field of a structure or of an array's elements.
package struct CoreFieldType: Hashable, Sendable {
    /// The storage type of a field: a value or a packed integer.
    package enum Storage: Hashable, Sendable {
        /// A whole value.
        case value(CoreValueType)
        /// An integer of 8 bits.
        case i8
        /// An integer of 16 bits.
        case i16
    }

    /// Its storage type.
    package var storage: Storage
    /// A Boolean value that tells whether it can be changed.
    package var isMutable: Bool
}

/// One defined type: a function, structure, array or continuation, and what it is a subtype of.
package struct CoreSubType: Hashable, Sendable {
    /// The structure of a defined type.
    package enum Composite: Hashable, Sendable {
        /// A function.
        case function(CoreFunctionType)
        /// A structure with fields.
        case structure([CoreFieldType])
        /// An array.
        case array(CoreFieldType)
        /// A continuation of functions of a type.
        case continuation(UInt32)
    }

    /// A Boolean value that tells whether it has no subtypes.
    package var isFinal: Bool
    /// Indices of the types it is a subtype of.
    package var supertypes: [UInt32]
    /// A Boolean value that tells whether it can be shared between threads.
    package var isShared: Bool
    /// Its structure.
    package var composite: Composite

    /// Creates a final type without supertypes.
    package init(_ composite: Composite) {
        isFinal = true
        supertypes = []
        isShared = false
        self.composite = composite
    }
}

/// Types that may refer to each other.
package struct CoreRecursionGroup: Hashable, Sendable {
    /// A Boolean value that tells whether the group is written as one; a single type usually is not.
    package var isExplicit: Bool
    /// The types.
    package var types: [CoreSubType]

    /// Creates a group of one function type.
    package init(_ type: CoreFunctionType) {
        isExplicit = false
        types = [CoreSubType(.function(type))]
    }

    init(isExplicit: Bool, types: [CoreSubType]) {
        self.isExplicit = isExplicit
        self.types = types
    }
}

/// The bounds of a table or a memory.
package struct CoreLimits: Hashable, Sendable {
    /// The size it starts with, in elements or in pages.
    package var minimum: UInt64
    /// The size it can grow to; by default there is no bound.
    package var maximum: UInt64?
    /// A Boolean value that tells whether it is indexed by 64-bit numbers.
    package var is64Bit: Bool
    /// A Boolean value that tells whether it is shared between threads.
    package var isShared: Bool
    /// The logarithm of the size of a page, 16 unless it is given.
    package var pageSizeLog2: UInt32?

    /// Creates limits.
    package init(minimum: UInt64, maximum: UInt64? = nil, is64Bit: Bool = false) {
        self.minimum = minimum
        self.maximum = maximum
        self.is64Bit = is64Bit
        isShared = false
        pageSizeLog2 = nil
    }

    /// The size of a page in bytes.
    package var pageSize: UInt64 { 1 << UInt64(pageSizeLog2 ?? 16) }

    /// The size that a memory starts with in bytes; the largest number there is if that is larger.
    package var minimumBytes: UInt64 {
        let (bytes, overflows) = minimum.multipliedReportingOverflow(by: pageSize)
        return overflows ? .max : bytes
    }

    /// The number of pages that a memory's addresses reach.
    var maximumPages: UInt64 {
        let bits = UInt64(is64Bit ? 64 : 32) - UInt64(pageSizeLog2 ?? 16)
        return bits < 64 ? 1 << bits : .max
    }
}

/// The type of a table.
package struct CoreTableType: Hashable, Sendable {
    /// The type of its elements.
    package var element: CoreReferenceType
    /// Its size.
    package var limits: CoreLimits

    /// Creates a table type.
    package init(element: CoreReferenceType, limits: CoreLimits) {
        self.element = element
        self.limits = limits
    }
}

/// The type of a global.
package struct CoreGlobalType: Hashable, Sendable {
    /// The type of its value.
    package var value: CoreValueType
    /// A Boolean value that tells whether it can be changed.
    package var isMutable: Bool
    /// A Boolean value that tells whether it is shared between threads.
    package var isShared: Bool

    /// Creates a global type.
    package init(_ value: CoreValueType, isMutable: Bool) {
        self.value = value
        self.isMutable = isMutable
        isShared = false
    }
}

/// The type of an import or export of a core module.
package enum CoreExternType: Hashable, Sendable {
    /// A function with the index of its type.
    case function(type: UInt32)
    /// A table.
    case table(CoreTableType)
    /// A memory.
    case memory(CoreLimits)
    /// A global.
    case global(CoreGlobalType)
    /// An exception tag with the index of its type.
    case tag(type: UInt32)

    /// The kind of the import or export.
    package var kind: CoreExternKind {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        }
    }
}

/// The kind of an import or export of a core module.
package enum CoreExternKind: UInt8, Hashable, Sendable {
    /// A function.
    case function = 0
    /// A table.
    case table = 1
    /// A memory.
    case memory = 2
    /// A global.
    case global = 3
    /// An exception tag.
    case tag = 4
}
