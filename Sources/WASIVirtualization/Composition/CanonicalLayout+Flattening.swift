// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

extension CanonicalLayout {
    /// Values with more numbers than this are passed through memory.
    static let maximumFlatParameters = 16

    /// The form that the canonical ABI gives a value: a few numbers, or an address if there are too many.
    enum Flat: Hashable {
        case numbers([CoreValueType])
        case memory

        /// One after the other.
        static func + (left: Flat, right: Flat) -> Flat {
            guard case .numbers(let first) = left, case .numbers(let second) = right,
                first.count + second.count <= CanonicalLayout.maximumFlatParameters
            else { return .memory }
            return .numbers(first + second)
        }

        /// Returns the core types as which a parameter list or a result is passed.
        ///
        /// If the value is passed in memory or has more than `limit` numbers, returns nil.
        func types(limit: Int = CanonicalLayout.maximumFlatParameters) -> [CoreValueType]? {
            guard case .numbers(let types) = self, types.count <= limit else { return nil }
            return types
        }
    }

    /// Returns the form in which a value is passed between core functions.
    ///
    /// See [flattening](https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#flattening).
    /// - Throws: an error of the code `unsupported` if the type is nested deeper than can be handled.
    mutating func flat(_ type: ComponentTypes.ValueType) throws(ComponentsError) -> Flat {
        var known: [ComponentTypes.TypeID: Flat] = [:]
        return try flat(type, depth: 0, &known)
    }

    private func flat(
        _ type: ComponentTypes.ValueType,
        depth: Int,
        _ known: inout [ComponentTypes.TypeID: Flat]
    ) throws(ComponentsError) -> Flat {
        switch type {
        case .primitive(let primitive): return Self.flat(primitive)
        case .defined(let id):
            let id = types.unaliased(id)
            if let flat = known[id] { return flat }
            guard depth < 64 else {
                throw ComponentsError(.unsupported, "a type is nested more than 64 deep")
            }
            let result = try flat(types.definition(of: id), depth: depth + 1, &known)
            known[id] = result
            return result
        }
    }

    private static func flat(_ primitive: Component.PrimitiveType) -> Flat {
        switch primitive {
        case .bool, .s8, .u8, .s16, .u16, .s32, .u32, .char, .errorContext: .numbers([.i32])
        case .s64, .u64: .numbers([.i64])
        case .f32: .numbers([.f32])
        case .f64: .numbers([.f64])
        case .string: .numbers([.i32, .i32])
        }
    }

    private func flat(
        _ definition: ComponentTypes.Definition,
        depth: Int,
        _ known: inout [ComponentTypes.TypeID: Flat]
    ) throws(ComponentsError) -> Flat {
        switch definition {
        case .primitive(let primitive): return Self.flat(primitive)
        case .alias(let id): return try flat(.defined(id), depth: depth, &known)
        case .record(let fields): return try flat(fields.map(\.type), depth: depth, &known)
        case .tuple(let fields): return try flat(fields, depth: depth, &known)
        case .list, .map: return .numbers([.i32, .i32])
        case .fixedLengthList(let element, let count):
            let element = try flat(element, depth: depth, &known)
            guard case .numbers(let types) = element, Int(count) * types.count <= Self.maximumFlatParameters else {
                return .memory
            }
            return .numbers(Array(repeating: types, count: Int(count)).flatMap(\.self))
        case .flags, .enumeration, .own, .borrow, .stream, .future, .resource: return .numbers([.i32])
        case .variant, .option, .result:
            var joined: [CoreValueType] = []
            for case let payload? in Self.cases(of: definition) {
                guard case .numbers(let types) = try flat(payload, depth: depth, &known) else { return .memory }
                for (position, type) in types.enumerated() {
                    if position == joined.count {
                        joined.append(type)
                    } else if joined[position] != type {
                        // Bits of either fit into an integer as large as the larger of both.
                        let isSmall = [.i32, .f32].contains(type) && [.i32, .f32].contains(joined[position])
                        joined[position] = isSmall ? .i32 : .i64
                    }
                }
            }
            return .numbers([.i32]) + .numbers(joined)
        }
    }

    private func flat(
        _ fields: [ComponentTypes.ValueType],
        depth: Int,
        _ known: inout [ComponentTypes.TypeID: Flat]
    ) throws(ComponentsError) -> Flat {
        var result = Flat.numbers([])
        for field in fields {
            result = result + (try flat(field, depth: depth, &known))
            guard case .numbers = result else { return .memory }
        }
        return result
    }
}
