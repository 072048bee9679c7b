// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// Makes functions that refuse: they answer as far as their type allows that they do not do anything.
///
/// - A `result` is an error: the case that says best that something is not allowed or not there.
/// - Without an error to report, numbers are 0, lists empty, options none, and handles 0, which no function accepts.
struct Refusals {
    private var layout: CanonicalLayout
    private var stores: [Store] = []

    /// A number to write into the result.
    private struct Store {
        var offset: Int
        var size: Int
        var value: UInt32
    }

    /// The names of error cases, the best first.
    private static let preferences = [
        "access-denied", "not-supported", "unsupported", "not-permitted", "permission-denied", "HTTP-request-denied",
        "invalid-state", "unknown", "other",
    ]
    private static let maximumStores = 256

    init(_ types: ComponentTypes) {
        layout = CanonicalLayout(types)
    }

    /// The body of a refusing function; nil if it has to trap because its type is too odd.
    mutating func body(of function: ComponentTypes.Function, type: CoreFunctionType) -> ArraySlice<UInt8>? {
        var writer = BinaryWriter()
        writer.size(0)
        stores = []
        switch (function.result, type.results.count) {
        case (nil, 0): break
        case (let result?, 0):
            // The last parameter is the address of the result.
            guard let extent = layout.extent(of: result), type.parameters.last == .i32, collect(result, at: 0) else {
                return nil
            }
            writeResult(to: &writer, size: extent.size, parameter: type.parameters.count - 1)
        case (let result?, 1):
            guard collect(result, at: 0), stores.count <= 1 else { return nil }
            let value = Int32(bitPattern: stores.first?.value ?? 0)
            switch type.results[0] {
            case .i32: writer.constant(.i32(value))
            case .i64: writer.constant(.i64(Int64(value)))
            case .f32: writer.constant(.f32(0))
            case .f64: writer.constant(.f64(0))
            default: return nil
            }
        default: return nil
        }
        writer.opcode(.end)
        return writer.bytes[...]
    }

    /// The body of a function that does nothing with a handle that is dropped.
    static func emptyBody() -> ArraySlice<UInt8> {
        var writer = BinaryWriter()
        writer.size(0)
        writer.opcode(.end)
        return writer.bytes[...]
    }

    /// The body of a function that traps.
    static func trappingBody() -> ArraySlice<UInt8> {
        var writer = BinaryWriter()
        writer.size(0)
        writer.opcode(.unreachable)
        writer.opcode(.end)
        return writer.bytes[...]
    }

    private func writeResult(to writer: inout BinaryWriter, size: Int, parameter: Int) {
        writer.opcode(.localGet)
        writer.size(parameter)
        writer.constant(.i32(0))
        writer.constant(.i32(Int32(size)))
        writer.opcode(.memoryFill)
        writer.u32(0)
        for store in stores {
            writer.opcode(.localGet)
            writer.size(parameter)
            writer.constant(.i32(Int32(bitPattern: store.value)))
            writer.opcode(store.size == 1 ? .i32Store8 : store.size == 2 ? .i32Store16 : .i32Store)
            writer.u32(0)
            writer.size(store.offset)
        }
    }

    // MARK: - Values

    /// Collects what is not zero in the value that refuses; false if there is too much.
    private mutating func collect(_ type: ComponentTypes.ValueType, at offset: Int) -> Bool {
        guard stores.count < Self.maximumStores else { return false }
        switch type {
        case .primitive(.string): stores.append(Store(offset: offset, size: 4, value: 1))
        case .primitive: break
        case .defined(let id):
            let definition = layout.types.definition(of: id)
            switch definition {
            case .primitive(let primitive): return collect(.primitive(primitive), at: offset)
            case .record(let fields): return collect(fields.map(\.type), at: offset)
            case .tuple(let fields): return collect(fields, at: offset)
            case .list(let element):
                guard let extent = layout.extent(of: element) else { return false }
                stores.append(Store(offset: offset, size: 4, value: UInt32(extent.alignment)))
            case .map: stores.append(Store(offset: offset, size: 4, value: 8))
            case .enumeration(let labels):
                let size = CanonicalLayout.discriminantSize(labels.count)
                storeCase(Self.preferred(labels), size, at: offset)
            case .variant(let cases):
                let plain = cases.filter { $0.type == nil }.map(\.name)
                let best = Self.preferred(plain.isEmpty ? cases.map(\.name) : plain)
                let name = plain.isEmpty ? cases[best].name : plain[best]
                return collectCase(cases.firstIndex { $0.name == name } ?? 0, of: definition, at: offset)
            case .result: return collectCase(1, of: definition, at: offset)
            // An array of elements that are not zero would be unusual; its elements stay as they are.
            case .alias, .fixedLengthList, .flags, .option, .own, .borrow, .stream, .future, .resource: break
            }
        }
        return true
    }

    private mutating func collect(_ fields: [ComponentTypes.ValueType], at offset: Int) -> Bool {
        guard let offsets = layout.sequence(fields)?.offsets else { return false }
        for (field, position) in zip(fields, offsets) {
            guard collect(field, at: offset + position) else { return false }
        }
        return true
    }

    private mutating func collectCase(_ index: Int, of definition: ComponentTypes.Definition, at offset: Int) -> Bool {
        let cases = CanonicalLayout.cases(of: definition)
        storeCase(index, CanonicalLayout.discriminantSize(cases.count), at: offset)
        guard let payload = cases[index] else { return true }
        guard let start = layout.payload(of: definition)?.offset else { return false }
        return collect(payload, at: offset + start)
    }

    private mutating func storeCase(_ index: Int, _ size: Int, at offset: Int) {
        if index != 0 { stores.append(Store(offset: offset, size: size, value: UInt32(index))) }
    }

    private static func preferred(_ labels: [String]) -> Int {
        for name in preferences {
            if let index = labels.firstIndex(of: name) { return index }
        }
        return 0
    }
}
