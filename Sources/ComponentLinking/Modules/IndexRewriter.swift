// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// The new index for each index of a module's index spaces.
///
/// A space without a map stays as it is.
package struct CoreIndexMap: Sendable {
    private var types: [UInt32]?
    private var functions: [UInt32]?
    private var tables: [UInt32]?
    private var memories: [UInt32]?
    private var globals: [UInt32]?
    private var tags: [UInt32]?
    private var data: [UInt32]?
    private var elements: [UInt32]?

    /// Creates a map that moves nothing.
    package init() {}

    /// The new indices of one space, by old index.
    package subscript(space: CoreIndexSpace) -> [UInt32]? {
        get {
            switch space {
            case .type: types
            case .function: functions
            case .table: tables
            case .memory: memories
            case .global: globals
            case .tag: tags
            case .data: data
            case .element: elements
            }
        }
        set {
            switch space {
            case .type: types = newValue
            case .function: functions = newValue
            case .table: tables = newValue
            case .memory: memories = newValue
            case .global: globals = newValue
            case .tag: tags = newValue
            case .data: data = newValue
            case .element: elements = newValue
            }
        }
    }

    /// The new index of something.
    package func callAsFunction(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at offset: Int? = nil
    ) throws(ComponentsError) -> UInt32 {
        guard let map = self[space] else { return index }
        guard Int(index) < map.count else {
            throw ComponentsError(.invalid, "there is no \(space) \(index)", offset: offset)
        }
        return map[Int(index)]
    }
}

/// Copies instructions and replaces the indices in them.
struct IndexRewriter: InstructionVisitor {
    private let map: CoreIndexMap
    private let source: ArraySlice<UInt8>
    private var copied: Int
    private var isReference = false
    private var references: Set<UInt32> = []
    private var writer: BinaryWriter

    private init(_ source: ArraySlice<UInt8>, map: CoreIndexMap) {
        self.source = source
        self.map = map
        copied = source.startIndex
        writer = BinaryWriter(capacity: source.count + source.count / 16)
    }

    /// Returns a function body with its indices replaced.
    static func rewriteBody(
        _ body: ArraySlice<UInt8>,
        _ map: CoreIndexMap
    ) throws(ComponentsError) -> ArraySlice<UInt8> {
        var rewriter = IndexRewriter(body, map: map)
        try InstructionReader.walkBody(body, &rewriter)
        return rewriter.finish()
    }

    /// Returns a function body with its indices replaced, and adds the new indices of the functions of which it takes
    /// references to a set.
    static func rewriteBody(
        _ body: ArraySlice<UInt8>,
        _ map: CoreIndexMap,
        references: inout Set<UInt32>
    ) throws(ComponentsError) -> ArraySlice<UInt8> {
        var rewriter = IndexRewriter(body, map: map)
        try InstructionReader.walkBody(body, &rewriter)
        if !rewriter.references.isEmpty { references.formUnion(rewriter.references) }
        return rewriter.finish()
    }

    /// Returns an expression with its indices replaced.
    static func rewriteExpression(
        _ expression: ArraySlice<UInt8>,
        _ map: CoreIndexMap
    ) throws(ComponentsError) -> ArraySlice<UInt8> {
        var rewriter = IndexRewriter(expression, map: map)
        var reader = InstructionReader(expression)
        try reader.walk(&rewriter)
        return rewriter.finish()
    }

    private mutating func finish() -> ArraySlice<UInt8> {
        // What needed no change goes on sharing the bytes of the file.
        guard copied != source.startIndex else { return source }
        writer.append(source[copied...])
        return writer.bytes[...]
    }

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        isReference = opcode == .refFunc
    }

    mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError) {
        let new = try map(index, in: space, at: range.lowerBound)
        if isReference { references.insert(new) }
        guard new != index else { return }
        writer.append(source[copied..<range.lowerBound])
        copied = range.upperBound
        if isSigned { writer.signed(Int64(new)) } else { writer.u32(new) }
    }

    mutating func memoryArgument(flags: UInt32, memory: UInt32, at range: Range<Int>) throws(ComponentsError) {
        let new = try map(memory, in: .memory, at: range.lowerBound)
        guard new != memory else { return }
        writer.append(source[copied..<range.lowerBound])
        copied = range.upperBound
        if new == 0 {
            writer.u32(flags & 0x3f)
        } else {
            writer.u32(flags | 0x40)
            writer.u32(new)
        }
    }
}
