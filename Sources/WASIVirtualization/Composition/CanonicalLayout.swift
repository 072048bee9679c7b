// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// The layout that the canonical ABI gives values in memory and on the stack of core functions.
///
/// See [the canonical ABI](https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md).
struct CanonicalLayout {
    /// The size and alignment of a value in memory.
    struct Extent: Hashable {
        var size: Int
        var alignment: Int
    }

    let types: ComponentTypes
    private var extents: [ComponentTypes.TypeID: Extent] = [:]
    private var depth = 0

    /// Nobody returns values this long; types that say so exist only to make tools work hard.
    private static let maximumSize = 1 << 20
    private static let maximumDepth = 64

    init(_ types: ComponentTypes) {
        self.types = types
    }

    /// The size and alignment of values of a type; nil if they are larger or nested deeper than can be handled.
    mutating func extent(of type: ComponentTypes.ValueType) -> Extent? {
        switch type {
        case .primitive(let primitive): return Self.extent(of: primitive)
        case .defined(let id):
            let id = types.unaliased(id)
            if let known = extents[id] { return known }
            guard depth < Self.maximumDepth else { return nil }
            depth += 1
            defer { depth -= 1 }
            guard let extent = extent(of: types.definition(of: id)), extent.size <= Self.maximumSize else { return nil }
            extents[id] = extent
            return extent
        }
    }

    private static func extent(of primitive: Component.PrimitiveType) -> Extent {
        switch primitive {
        case .bool, .s8, .u8: Extent(size: 1, alignment: 1)
        case .s16, .u16: Extent(size: 2, alignment: 2)
        case .s32, .u32, .f32, .char, .errorContext: Extent(size: 4, alignment: 4)
        case .s64, .u64, .f64: Extent(size: 8, alignment: 8)
        case .string: Extent(size: 8, alignment: 4)
        }
    }

    private mutating func extent(of definition: ComponentTypes.Definition) -> Extent? {
        switch definition {
        case .primitive(let primitive): return Self.extent(of: primitive)
        case .alias(let id): return extent(of: .defined(id))
        case .record(let fields): return sequence(fields.map(\.type))?.extent
        case .tuple(let fields): return sequence(fields)?.extent
        case .list, .map: return Extent(size: 8, alignment: 4)
        case .fixedLengthList(let element, let count):
            guard let element = extent(of: element), count <= UInt32(Self.maximumSize) else { return nil }
            let (size, overflow) = element.size.multipliedReportingOverflow(by: Int(count))
            return overflow ? nil : Extent(size: size, alignment: element.alignment)
        case .flags(let labels):
            let size = labels.count <= 8 ? 1 : labels.count <= 16 ? 2 : 4
            return Extent(size: size, alignment: size)
        case .enumeration(let labels):
            let size = Self.discriminantSize(labels.count)
            return Extent(size: size, alignment: size)
        case .variant, .option, .result:
            guard let payload = payload(of: definition) else { return nil }
            let size = payload.offset + payload.extent.size
            let alignment = max(payload.extent.alignment, Self.discriminantSize(Self.cases(of: definition).count))
            return Extent(size: Self.rounded(size, to: alignment), alignment: alignment)
        case .own, .borrow, .stream, .future, .resource: return Extent(size: 4, alignment: 4)
        }
    }

    /// The offset of each field, with the extent of the whole.
    mutating func sequence(_ fields: [ComponentTypes.ValueType]) -> (offsets: [Int], extent: Extent)? {
        var offsets: [Int] = []
        var result = Extent(size: 0, alignment: 1)
        for field in fields {
            guard let extent = extent(of: field) else { return nil }
            let offset = Self.rounded(result.size, to: extent.alignment)
            offsets.append(offset)
            result.size = offset + extent.size
            result.alignment = max(result.alignment, extent.alignment)
            guard result.size <= Self.maximumSize else { return nil }
        }
        result.size = Self.rounded(result.size, to: result.alignment)
        return (offsets, result)
    }

    /// Returns the offset of the payload of a variant, and the extent that holds the payload of any case.
    mutating func payload(of definition: ComponentTypes.Definition) -> (offset: Int, extent: Extent)? {
        let cases = Self.cases(of: definition)
        var result = Extent(size: 0, alignment: 1)
        for case let type? in cases {
            guard let extent = extent(of: type) else { return nil }
            result.size = max(result.size, extent.size)
            result.alignment = max(result.alignment, extent.alignment)
        }
        return (Self.rounded(Self.discriminantSize(cases.count), to: result.alignment), result)
    }

    /// Returns the type of the payload of each case of a variant, option or result; nil for a case without a payload.
    static func cases(of definition: ComponentTypes.Definition) -> [ComponentTypes.ValueType?] {
        switch definition {
        case .variant(let cases): cases.map(\.type)
        case .option(let type): [nil, type]
        case .result(let success, let failure): [success, failure]
        default: []
        }
    }

    /// The bytes of the number that tells which of so many cases it is.
    static func discriminantSize(_ count: Int) -> Int { count <= 1 << 8 ? 1 : count <= 1 << 16 ? 2 : 4 }

    private static func rounded(_ value: Int, to alignment: Int) -> Int {
        (value + alignment - 1) / alignment * alignment
    }
}
