// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import WIT
import Wasmtime

extension ComponentValue {
    /// The value that a WAVE text means, where a type is declared; WAVE's parser has checked that it fits.
    init(_ value: WAVEValue, as type: ValueType) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .s8(let value): self = .s8(value)
        case .s16(let value): self = .s16(value)
        case .s32(let value): self = .s32(value)
        case .s64(let value): self = .s64(value)
        case .u8(let value): self = .u8(value)
        case .u16(let value): self = .u16(value)
        case .u32(let value): self = .u32(value)
        case .u64(let value): self = .u64(value)
        case .f32(let value): self = .f32(value)
        case .f64(let value): self = .f64(value)
        case .char(let value): self = .char(value)
        case .string(let value): self = .string(value)
        case .enum(let name): self = .enumeration(name)
        case .flags(let names): self = .flags(names)
        case .list(let elements): self = Self.list(elements, as: type)
        case .tuple(let elements):
            guard case .tuple(let types) = type, types.count == elements.count else { fallthrough }
            self = .tuple(zip(elements, types).map { ComponentValue($0, as: $1) })
        default: self = Self.compound(value, as: type)
        }
    }

    private static func list(_ elements: [WAVEValue], as type: ValueType) -> ComponentValue {
        switch type {
        case .map(let key, let value):
            let entries = elements.compactMap { element -> Entry? in
                guard case .tuple(let pair) = element, pair.count == 2 else { return nil }
                return Entry(ComponentValue(pair[0], as: key), ComponentValue(pair[1], as: value))
            }
            return .map(entries)
        case .list(let element): return .list(elements.map { ComponentValue($0, as: element) })
        default: return .list([])
        }
    }

    private static func compound(_ value: WAVEValue, as type: ValueType) -> ComponentValue {
        switch (value, type) {
        case (.record(let fields), .record(let types)):
            return .record(zip(fields, types).map { Field($0.name, ComponentValue($0.value, as: $1.type)) })
        case (.variant(let name, let payload), .variant(let cases)):
            let type = cases.first { $0.name == name }?.payload
            return .variant(name, optional(payload, as: type))
        case (.option(let value), .option(let type)): return .option(optional(value, as: type))
        case (.ok(let value), .result(let type, _)): return .ok(optional(value, as: type))
        case (.error(let value), .result(_, let type)): return .error(optional(value, as: type))
        // The engine refuses it by the function's type.
        default: return .tuple([])
        }
    }

    private static func optional(_ value: WAVEValue?, as type: ValueType?) -> ComponentValue? {
        guard let value, let type else { return nil }
        return ComponentValue(value, as: type)
    }
}

extension WAVEValue {
    /// The value in WAVE; nil if there is a resource in it.
    init?(_ value: ComponentValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .s8(let value): self = .s8(value)
        case .s16(let value): self = .s16(value)
        case .s32(let value): self = .s32(value)
        case .s64(let value): self = .s64(value)
        case .u8(let value): self = .u8(value)
        case .u16(let value): self = .u16(value)
        case .u32(let value): self = .u32(value)
        case .u64(let value): self = .u64(value)
        case .f32(let value): self = .f32(value)
        case .f64(let value): self = .f64(value)
        case .char(let value): self = .char(value)
        case .string(let value): self = .string(value)
        case .enumeration(let name): self = .enum(name)
        case .flags(let names): self = .flags(names)
        case .resource: return nil
        default:
            guard let compound = Self.compound(value) else { return nil }
            self = compound
        }
    }

    private static func compound(_ value: ComponentValue) -> WAVEValue? {
        switch value {
        case .list(let elements): return all(elements).map { .list($0) }
        case .tuple(let elements): return all(elements).map { .tuple($0) }
        case .map(let entries):
            let pairs = entries.compactMap { entry in all([entry.key, entry.value]).map { WAVEValue.tuple($0) } }
            return pairs.count == entries.count ? .list(pairs) : nil
        case .record(let fields):
            guard let values = all(fields.map(\.value)) else { return nil }
            return .record(zip(fields, values).map { Field($0.name, $1) })
        case .variant(let name, let payload): return optional(payload) { .variant(name, $0) }
        case .option(let payload): return optional(payload) { .option($0) }
        case .ok(let payload): return optional(payload) { .ok($0) }
        case .error(let payload): return optional(payload) { .error($0) }
        default: return nil
        }
    }

    private static func all(_ values: [ComponentValue]) -> [WAVEValue]? {
        let converted = values.compactMap { WAVEValue($0) }
        return converted.count == values.count ? converted : nil
    }

    private static func optional(_ payload: ComponentValue?, _ wrap: (WAVEValue?) -> WAVEValue) -> WAVEValue? {
        guard let payload else { return wrap(nil) }
        return WAVEValue(payload).map(wrap)
    }
}
