// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

extension ComponentValue {
    /// Copies a raw value.
    init(
        _ source: UnsafePointer<RawValue>,
        context: OpaquePointer,
        depth: Int = 0
    ) throws(WasmtimeError) {
        guard depth < Self.maxDepth else { throw Self.tooDeep }
        let of = unsafe source.pointee.of
        switch unsafe Int(source.pointee.kind) {
        case WASMTIME_COMPONENT_BOOL: self = unsafe .bool(of.boolean)
        case WASMTIME_COMPONENT_S8: self = unsafe .s8(of.s8)
        case WASMTIME_COMPONENT_U8: self = unsafe .u8(of.u8)
        case WASMTIME_COMPONENT_S16: self = unsafe .s16(of.s16)
        case WASMTIME_COMPONENT_U16: self = unsafe .u16(of.u16)
        case WASMTIME_COMPONENT_S32: self = unsafe .s32(of.s32)
        case WASMTIME_COMPONENT_U32: self = unsafe .u32(of.u32)
        case WASMTIME_COMPONENT_S64: self = unsafe .s64(of.s64)
        case WASMTIME_COMPONENT_U64: self = unsafe .u64(of.u64)
        case WASMTIME_COMPONENT_F32: self = unsafe .f32(of.f32)
        case WASMTIME_COMPONENT_F64: self = unsafe .f64(of.f64)
        case WASMTIME_COMPONENT_CHAR:
            guard let scalar = unsafe Unicode.Scalar(of.character) else {
                throw WasmtimeError(.invalidValue, "a character is not a Unicode scalar value")
            }
            self = .char(scalar)
        case WASMTIME_COMPONENT_STRING: self = unsafe .string(of.string.text)
        case WASMTIME_COMPONENT_ENUM: self = unsafe .enumeration(of.enumeration.text)
        default: self = try unsafe Self.compound(source, context: context, depth: depth)
        }
    }

    private static func compound(
        _ source: UnsafePointer<RawValue>,
        context: OpaquePointer,
        depth: Int
    ) throws(WasmtimeError) -> ComponentValue {
        let of = unsafe source.pointee.of
        switch unsafe Int(source.pointee.kind) {
        case WASMTIME_COMPONENT_LIST:
            return unsafe .list(try elements(of.list.data, of.list.size, context, depth))
        case WASMTIME_COMPONENT_TUPLE:
            return unsafe .tuple(try elements(of.tuple.data, of.tuple.size, context, depth))
        case WASMTIME_COMPONENT_RECORD:
            var fields: [Field] = []
            unsafe fields.reserveCapacity(of.record.size)
            for index in unsafe 0..<of.record.size {
                var entry = unsafe of.record.data[index]
                let value = try unsafe ComponentValue(&entry.val, context: context, depth: depth + 1)
                unsafe fields.append(Field(entry.name.text, value))
            }
            return .record(fields)
        case WASMTIME_COMPONENT_MAP:
            var entries: [Entry] = []
            unsafe entries.reserveCapacity(of.map.size)
            for index in unsafe 0..<of.map.size {
                var entry = unsafe of.map.data[index]
                let key = try unsafe ComponentValue(&entry.key, context: context, depth: depth + 1)
                let value = try unsafe ComponentValue(&entry.value, context: context, depth: depth + 1)
                entries.append(Entry(key, value))
            }
            return .map(entries)
        case WASMTIME_COMPONENT_FLAGS:
            return unsafe .flags((0..<of.flags.size).map { unsafe of.flags.data[$0].text })
        case WASMTIME_COMPONENT_VARIANT:
            let payload = try unsafe payload(of.variant.val, context, depth)
            return unsafe .variant(of.variant.discriminant.text, payload)
        case WASMTIME_COMPONENT_OPTION:
            return .option(try unsafe payload(of.option, context, depth))
        case WASMTIME_COMPONENT_RESULT:
            let payload = try unsafe payload(of.result.val, context, depth)
            return unsafe of.result.is_ok ? .ok(payload) : .error(payload)
        case WASMTIME_COMPONENT_RESOURCE:
            return .resource(try unsafe Resource(decoding: of.resource, context: context))
        case let kind:
            throw WasmtimeError(.invalidValue, "values of kind \(kind) are not supported")
        }
    }

    private static func elements(
        _ data: UnsafeMutablePointer<RawValue>?,
        _ count: Int,
        _ context: OpaquePointer,
        _ depth: Int
    ) throws(WasmtimeError) -> [ComponentValue] {
        guard let data = unsafe data, count > 0 else { return [] }
        var elements: [ComponentValue] = []
        elements.reserveCapacity(count)
        for index in 0..<count {
            elements.append(try unsafe ComponentValue(data + index, context: context, depth: depth + 1))
        }
        return elements
    }

    private static func payload(
        _ box: UnsafeMutablePointer<RawValue>?,
        _ context: OpaquePointer,
        _ depth: Int
    ) throws(WasmtimeError) -> ComponentValue? {
        guard let box = unsafe box else { return nil }
        return try unsafe ComponentValue(box, context: context, depth: depth + 1)
    }
}
