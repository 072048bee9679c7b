// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// The exception handling of modules, kept while a tool works on them whose engine does not know it.
///
/// A module without its exceptions is the same but for these: `try_table` becomes `block`, `throw` and `throw_ref` become
/// `unreachable`, `exnref` becomes `externref`, and there are no tags. No index, type, table or byte of data moves, so
/// the original code fits into whatever the tool has made of the module, if that has left the code as it was.
package struct ExceptionsAside: Sendable {
    private struct Original: Sendable, Equatable {
        let types: [CoreRecursionGroup]
        let tags: [UInt32]
        let bodies: [ArraySlice<UInt8>]
        let strippedTypes: [CoreRecursionGroup]
        let strippedBodies: [ArraySlice<UInt8>]
    }

    private var originals: [Original] = []

    /// Creates an empty store.
    package init() {}

    /// A Boolean value that tells whether no module had exceptions.
    package var isEmpty: Bool { originals.isEmpty }

    /// Takes the exception handling out of a module, and keeps it.
    ///
    /// - Returns: Whether the module had any.
    /// - Throws: `ComponentsError` if the code is malformed, or if the module shares tags with others, who would miss them.
    package mutating func strip(_ module: inout CoreModule) throws(ComponentsError) -> Bool {
        let sharesTags = module.imports.contains { $0.type.kind == .tag } || module.exports.contains { $0.kind == .tag }
        guard !sharesTags else { throw ComponentsError(.unsupported, "a module shares exception tags with others") }
        let types = module.types.map(Self.withoutExceptions)
        var bodies: [ArraySlice<UInt8>] = []
        bodies.reserveCapacity(module.bodies.count)
        for body in module.bodies { bodies.append(try ExceptionStripper.strip(body)) }
        guard !module.tags.isEmpty || types != module.types || bodies != module.bodies else { return false }
        let original = Original(
            types: module.types,
            tags: module.tags,
            bodies: module.bodies,
            strippedTypes: types,
            strippedBodies: bodies
        )
        let same = originals.first { $0.strippedBodies == bodies && $0.strippedTypes == types }
        guard same == nil || same == original else {
            throw ComponentsError(.unsupported, "two modules differ in nothing but their exceptions")
        }
        if same == nil { originals.append(original) }
        module.types = types
        module.tags = []
        module.bodies = bodies
        return true
    }

    /// Puts the exception handling back into a component that was made of the stripped modules.
    ///
    /// - Throws: `ComponentsError` if one of them is not in the component with its code as it was.
    package func restore(in component: inout Component) throws(ComponentsError) {
        var found: Set<Int> = []
        restore(in: &component, &found)
        guard found.count == originals.count else {
            throw ComponentsError(
                .notLinkable,
                "\(originals.count - found.count) of \(originals.count) modules with exceptions have got other code"
            )
        }
    }

    private func restore(in component: inout Component, _ found: inout Set<Int>) {
        for index in component.sections.indices {
            switch component.sections[index].content {
            case .coreModule(var module):
                guard restore(&module, &found) else { continue }
                component.sections[index].content = .coreModule(module)
            case .component(var inner):
                let before = found
                restore(in: &inner, &found)
                if found != before { component.sections[index].content = .component(inner) }
            default: continue
            }
        }
    }

    private func restore(_ module: inout CoreModule, _ found: inout Set<Int>) -> Bool {
        // The tool may have added types of its own behind.
        let number = originals.firstIndex { original in
            module.bodies == original.strippedBodies && module.types.starts(with: original.strippedTypes)
        }
        guard let number else { return false }
        let original = originals[number]
        module.types.replaceSubrange(original.types.indices, with: original.types)
        module.tags = original.tags
        module.bodies = original.bodies
        found.insert(number)
        return true
    }

    private static func withoutExceptions(_ group: CoreRecursionGroup) -> CoreRecursionGroup {
        var group = group
        for index in group.types.indices {
            guard case .function(var type) = group.types[index].composite else { continue }
            type.parameters = type.parameters.map(withoutExceptions)
            type.results = type.results.map(withoutExceptions)
            group.types[index].composite = .function(type)
        }
        return group
    }

    private static func withoutExceptions(_ type: CoreValueType) -> CoreValueType {
        guard case .reference(var reference) = type, case .abstract(let code, let isShared) = reference.heapType else {
            return type
        }
        reference.heapType = .abstract(ExceptionStripper.replacement(of: code) ?? code, isShared: isShared)
        return .reference(reference)
    }
}

/// Copies a function body without what concerns exceptions.
private struct ExceptionStripper: InstructionVisitor {
    private let source: ArraySlice<UInt8>
    private var copied: Int
    private var writer = BinaryWriter()
    /// The end of what is kept of the current instruction, if the rest of it is not.
    private var keptEnd: Int?

    private init(_ source: ArraySlice<UInt8>) {
        self.source = source
        copied = source.startIndex
    }

    /// Returns the body, which shares its bytes with the original if nothing in it concerns exceptions.
    static func strip(_ body: ArraySlice<UInt8>) throws(ComponentsError) -> ArraySlice<UInt8> {
        var stripper = ExceptionStripper(body)
        try InstructionReader.walkBody(body, &stripper)
        guard stripper.copied != body.startIndex else { return body }
        stripper.writer.append(body[stripper.copied...])
        return stripper.writer.bytes[...]
    }

    /// The abstract heap type that stands for one of exceptions: that of host values, or its bottom.
    static func replacement(of code: UInt8) -> UInt8? {
        switch code {
        case 0x69: 0x6f
        case 0x74: 0x72
        default: nil
        }
    }

    private mutating func replace(_ range: Range<Int>, by code: UInt8) {
        writer.append(source[copied..<range.lowerBound])
        writer.byte(code)
        copied = range.upperBound
    }

    mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
        keptEnd = nil
        switch opcode {
        case .tryTable:
            replace(offset..<offset + 1, by: UInt8(Opcode.block.rawValue))
            keptEnd = try InstructionReader.endOfBlockType(source[(offset + 1)...])
        case .throw, .throwReference:
            replace(offset..<offset + 1, by: UInt8(Opcode.unreachable.rawValue))
            keptEnd = offset + 1
        case .try, .catch, .rethrow, .delegate, .catchAll:
            throw ComponentsError(.unsupported, "exceptions of the legacy kind", offset: offset)
        default: break
        }
    }

    mutating func abstractHeapType(_ code: UInt8, at offset: Int) throws(ComponentsError) {
        guard let replacement = Self.replacement(of: code) else { return }
        replace(offset..<offset + 1, by: replacement)
    }

    mutating func endOfInstruction(at offset: Int) throws(ComponentsError) {
        guard let keptEnd, keptEnd != offset else { return }
        if copied < keptEnd { writer.append(source[copied..<keptEnd]) }
        copied = offset
    }
}
