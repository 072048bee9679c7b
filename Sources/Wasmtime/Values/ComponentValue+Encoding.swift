// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

typealias RawValue = wasmtime_component_val_t

/// The kinds that the wheel's ctypes file leaves out; from
/// [`wasmtime/component/val.h`](https://docs.wasmtime.dev/c-api/component_2val_8h.html).
let WASMTIME_COMPONENT_MAP = 22

extension RawValue {
    /// Calls the body with a raw value, and deletes what is in it afterwards.
    static func withTemporary<Result, Failure>(
        _ body: (UnsafeMutablePointer<RawValue>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var value = unsafe RawValue()
        defer { unsafe wasmtime_component_val_delete(&value) }
        return try unsafe body(&value)
    }
}

extension ComponentValue {
    /// Writes the value over a raw one that owns nothing.
    ///
    /// The raw value owns everything that was allocated for it, also after an error: it is complete and can be deleted.
    func encode(
        to target: UnsafeMutablePointer<RawValue>,
        context: OpaquePointer,
        depth: Int = 0
    ) throws(WasmtimeError) {
        guard depth < Self.maxDepth else { throw Self.tooDeep }
        switch self {
        case .bool(let value):
            unsafe target.pointee.of.boolean = value
            unsafe target.setKind(WASMTIME_COMPONENT_BOOL)
        case .s8(let value):
            unsafe target.pointee.of.s8 = value
            unsafe target.setKind(WASMTIME_COMPONENT_S8)
        case .u8(let value):
            unsafe target.pointee.of.u8 = value
            unsafe target.setKind(WASMTIME_COMPONENT_U8)
        case .s16(let value):
            unsafe target.pointee.of.s16 = value
            unsafe target.setKind(WASMTIME_COMPONENT_S16)
        case .u16(let value):
            unsafe target.pointee.of.u16 = value
            unsafe target.setKind(WASMTIME_COMPONENT_U16)
        case .s32(let value):
            unsafe target.pointee.of.s32 = value
            unsafe target.setKind(WASMTIME_COMPONENT_S32)
        case .u32(let value):
            unsafe target.pointee.of.u32 = value
            unsafe target.setKind(WASMTIME_COMPONENT_U32)
        case .s64(let value):
            unsafe target.pointee.of.s64 = value
            unsafe target.setKind(WASMTIME_COMPONENT_S64)
        case .u64(let value):
            unsafe target.pointee.of.u64 = value
            unsafe target.setKind(WASMTIME_COMPONENT_U64)
        case .f32(let value):
            unsafe target.pointee.of.f32 = value
            unsafe target.setKind(WASMTIME_COMPONENT_F32)
        case .f64(let value):
            unsafe target.pointee.of.f64 = value
            unsafe target.setKind(WASMTIME_COMPONENT_F64)
        case .char(let value):
            unsafe target.pointee.of.character = value.value
            unsafe target.setKind(WASMTIME_COMPONENT_CHAR)
        case .string(let text):
            unsafe target.pointee.of.string = unsafe wasm_byte_vec_t(copying: text)
            unsafe target.setKind(WASMTIME_COMPONENT_STRING)
        case .enumeration(let name):
            unsafe target.pointee.of.enumeration = unsafe wasm_byte_vec_t(copying: name)
            unsafe target.setKind(WASMTIME_COMPONENT_ENUM)
        default:
            try unsafe encodeCompound(to: target, context: context, depth: depth)
        }
    }

    static var tooDeep: WasmtimeError {
        WasmtimeError(.invalidValue, "a value is nested more than \(maxDepth) levels deep")
    }

    private func encodeCompound(
        to target: UnsafeMutablePointer<RawValue>,
        context: OpaquePointer,
        depth: Int
    ) throws(WasmtimeError) {
        // The `new_uninit` functions fill their vectors with `bool` values and empty names, so that a vector can be deleted
        // at any point.
        switch self {
        case .list(let elements):
            unsafe wasmtime_component_vallist_new_uninit(&target.pointee.of.list, elements.count)
            unsafe target.setKind(WASMTIME_COMPONENT_LIST)
            for (index, element) in elements.enumerated() {
                let slot = unsafe target.pointee.of.list.data + index
                try unsafe element.encode(to: slot, context: context, depth: depth + 1)
            }
        case .tuple(let elements):
            unsafe wasmtime_component_valtuple_new_uninit(&target.pointee.of.tuple, elements.count)
            unsafe target.setKind(WASMTIME_COMPONENT_TUPLE)
            for (index, element) in elements.enumerated() {
                let slot = unsafe target.pointee.of.tuple.data + index
                try unsafe element.encode(to: slot, context: context, depth: depth + 1)
            }
        case .record(let fields):
            unsafe wasmtime_component_valrecord_new_uninit(&target.pointee.of.record, fields.count)
            unsafe target.setKind(WASMTIME_COMPONENT_RECORD)
            for (index, field) in fields.enumerated() {
                let slot = unsafe target.pointee.of.record.data + index
                unsafe slot.pointee.name = unsafe wasm_byte_vec_t(copying: field.name)
                try unsafe field.value.encode(to: &slot.pointee.val, context: context, depth: depth + 1)
            }
        case .map(let entries):
            unsafe wasmtime_component_valmap_new_uninit(&target.pointee.of.map, entries.count)
            unsafe target.setKind(WASMTIME_COMPONENT_MAP)
            for (index, entry) in entries.enumerated() {
                let slot = unsafe target.pointee.of.map.data + index
                try unsafe entry.key.encode(to: &slot.pointee.key, context: context, depth: depth + 1)
                try unsafe entry.value.encode(to: &slot.pointee.value, context: context, depth: depth + 1)
            }
        case .flags(let names):
            unsafe wasmtime_component_valflags_new_uninit(&target.pointee.of.flags, names.count)
            unsafe target.setKind(WASMTIME_COMPONENT_FLAGS)
            for (index, name) in names.enumerated() {
                unsafe target.pointee.of.flags.data[index] = unsafe wasm_byte_vec_t(copying: name)
            }
        case .variant(let name, let payload):
            let box = try unsafe Self.box(payload, context: context, depth: depth)
            unsafe target.pointee.of.variant.discriminant = unsafe wasm_byte_vec_t(copying: name)
            unsafe target.pointee.of.variant.val = unsafe box
            unsafe target.setKind(WASMTIME_COMPONENT_VARIANT)
        case .option(let payload):
            unsafe target.pointee.of.option = try unsafe Self.box(payload, context: context, depth: depth)
            unsafe target.setKind(WASMTIME_COMPONENT_OPTION)
        case .ok(let payload):
            let box = try unsafe Self.box(payload, context: context, depth: depth)
            unsafe target.setResult(isOK: true, box)
        case .error(let payload):
            let box = try unsafe Self.box(payload, context: context, depth: depth)
            unsafe target.setResult(isOK: false, box)
        case .resource(let resource):
            unsafe target.pointee.of.resource = try unsafe resource.encoded(in: context)
            unsafe target.setKind(WASMTIME_COMPONENT_RESOURCE)
        default:
            preconditionFailure("a scalar is encoded before")
        }
    }

    /// A payload in a box of the C API's own.
    private static func box(
        _ payload: ComponentValue?,
        context: OpaquePointer,
        depth: Int
    ) throws(WasmtimeError) -> UnsafeMutablePointer<RawValue>? {
        guard let payload else { return nil }
        return try unsafe RawValue.withTemporary { value throws(WasmtimeError) in
            try unsafe payload.encode(to: value, context: context, depth: depth + 1)
            // "The `val` provided is "taken" meaning that its contents are transferred to the returned pointer."
            return unsafe wasmtime_component_val_new(value)
        }
    }
}

extension UnsafeMutablePointer<RawValue> {
    @inline(__always)
    func setKind(_ kind: Int) { unsafe pointee.kind = UInt8(truncatingIfNeeded: kind) }

    func setResult(isOK: Bool, _ payload: UnsafeMutablePointer<RawValue>?) {
        unsafe pointee.of.result.is_ok = isOK
        unsafe pointee.of.result.val = unsafe payload
        unsafe setKind(WASMTIME_COMPONENT_RESULT)
    }
}
