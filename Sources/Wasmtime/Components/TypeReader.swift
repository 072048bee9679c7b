// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

/// Copies types out of the C API.
///
/// A type is a graph in which one node can be reached on many ways, and copying makes a tree of it: a small component can
/// stand for a tree without end. Hence the bound on the number of nodes.
struct TypeReader {
    private static let maxNodes = 200_000
    private var nodes = 0

    typealias Nth = (
        Int, UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<Int>,
        UnsafeMutablePointer<OpaquePointer?>
    ) -> Bool

    mutating func externs(count: Int, engine: OpaquePointer, _ nth: Nth) throws(WasmtimeError) -> [NamedExtern] {
        var externs: [NamedExtern] = []
        for index in 0..<count {
            var name: UnsafePointer<CChar>?
            var length = 0
            var extern: OpaquePointer?
            guard unsafe nth(index, &name, &length, &extern) else { break }
            externs.append(
                NamedExtern(name: unsafe text(name, length), type: try unsafe type(consuming: extern, engine))
            )
        }
        return externs
    }

    /// The type of the function at the end of a path of instances.
    mutating func functionType(
        _ extern: OpaquePointer?,
        _ path: ArraySlice<String>,
        engine: OpaquePointer
    ) throws(WasmtimeError) -> FunctionType? {
        defer { unsafe wasmtime_component_extern_delete(extern) }
        var item = unsafe wasmtime_component_item_t()
        unsafe wasmtime_component_extern_type(extern, &item)
        defer { unsafe wasmtime_component_item_delete(&item) }
        switch (unsafe Int(item.kind), path.first) {
        case (WASMTIME_COMPONENT_ITEM_COMPONENT_FUNC, nil):
            return try unsafe function(item.of.component_func)
        case (WASMTIME_COMPONENT_ITEM_COMPONENT_INSTANCE, let name?):
            var inner: OpaquePointer?
            let instance = unsafe item.of.component_instance
            guard
                unsafe wasmtime_component_instance_type_export_get(instance, engine, name, name.utf8.count, &inner)
            else { return nil }
            return try unsafe functionType(inner, path.dropFirst(), engine: engine)
        default: return nil
        }
    }

    private mutating func type(consuming extern: OpaquePointer?, _ engine: OpaquePointer) throws(WasmtimeError)
        -> ExternType
    {
        defer { unsafe wasmtime_component_extern_delete(extern) }
        try count()
        var item = unsafe wasmtime_component_item_t()
        unsafe wasmtime_component_extern_type(extern, &item)
        defer { unsafe wasmtime_component_item_delete(&item) }
        let of = unsafe item.of
        switch unsafe Int(item.kind) {
        case WASMTIME_COMPONENT_ITEM_COMPONENT_FUNC: return try unsafe .function(function(of.component_func))
        case WASMTIME_COMPONENT_ITEM_COMPONENT_INSTANCE:
            let instance = unsafe of.component_instance
            let count = unsafe wasmtime_component_instance_type_export_count(instance, engine)
            return try unsafe .instance(
                externs(count: count, engine: engine) {
                    unsafe wasmtime_component_instance_type_export_nth(instance, engine, $0, $1, $2, $3)
                }
            )
        case WASMTIME_COMPONENT_ITEM_RESOURCE: return unsafe .resource(ResourceType(copying: of.resource))
        case WASMTIME_COMPONENT_ITEM_TYPE:
            var type = unsafe of.type
            return .type(try unsafe value(&type))
        case WASMTIME_COMPONENT_ITEM_COMPONENT: return .component
        case WASMTIME_COMPONENT_ITEM_MODULE: return .module
        default: return .coreFunction
        }
    }

    private mutating func function(_ type: OpaquePointer) throws(WasmtimeError) -> FunctionType {
        var parameters: [ValueType.NamedType] = []
        for index in unsafe 0..<wasmtime_component_func_type_param_count(type) {
            parameters.append(
                try unsafe named { name, length, value in
                    unsafe wasmtime_component_func_type_param_nth(type, index, name, length, value)
                }
            )
        }
        let result = try unsafe optional { unsafe wasmtime_component_func_type_result(type, $0) }
        return FunctionType(parameters: parameters, result: result)
    }

    private mutating func value(_ type: UnsafePointer<wasmtime_component_valtype_t>) throws(WasmtimeError) -> ValueType
    {
        try count()
        let kind = unsafe Int(type.pointee.kind)
        if let scalar = Self.scalars[kind] { return scalar }
        let of = unsafe type.pointee.of
        switch kind {
        case WASMTIME_COMPONENT_VALTYPE_LIST:
            return .list(try unsafe required { unsafe wasmtime_component_list_type_element(of.list, $0) })
        case WASMTIME_COMPONENT_VALTYPE_RECORD:
            var fields: [ValueType.NamedType] = []
            for index in unsafe 0..<wasmtime_component_record_type_field_count(of.record) {
                fields.append(
                    try unsafe named { unsafe wasmtime_component_record_type_field_nth(of.record, index, $0, $1, $2) }
                )
            }
            return .record(fields)
        case WASMTIME_COMPONENT_VALTYPE_TUPLE:
            var elements: [ValueType] = []
            for index in unsafe 0..<wasmtime_component_tuple_type_types_count(of.tuple) {
                elements.append(
                    try unsafe required { _ = unsafe wasmtime_component_tuple_type_types_nth(of.tuple, index, $0) }
                )
            }
            return .tuple(elements)
        case WASMTIME_COMPONENT_VALTYPE_VARIANT: return .variant(try unsafe cases(of.variant))
        case WASMTIME_COMPONENT_VALTYPE_ENUM:
            let count = unsafe wasmtime_component_enum_type_names_count(of.enum_)
            return unsafe .enumeration(
                names(count) { unsafe wasmtime_component_enum_type_names_nth(of.enum_, $0, $1, $2) }
            )
        case WASMTIME_COMPONENT_VALTYPE_FLAGS:
            let count = unsafe wasmtime_component_flags_type_names_count(of.flags)
            return unsafe .flags(names(count) { unsafe wasmtime_component_flags_type_names_nth(of.flags, $0, $1, $2) })
        case WASMTIME_COMPONENT_VALTYPE_OPTION:
            return .option(try unsafe required { unsafe wasmtime_component_option_type_ty(of.option, $0) })
        case WASMTIME_COMPONENT_VALTYPE_RESULT:
            return .result(
                ok: try unsafe optional { unsafe wasmtime_component_result_type_ok(of.result, $0) },
                error: try unsafe optional { unsafe wasmtime_component_result_type_err(of.result, $0) }
            )
        case WASMTIME_COMPONENT_VALTYPE_MAP:
            return .map(
                key: try unsafe required { unsafe wasmtime_component_map_type_key(of.map, $0) },
                value: try unsafe required { unsafe wasmtime_component_map_type_value(of.map, $0) }
            )
        case WASMTIME_COMPONENT_VALTYPE_OWN: return unsafe .own(ResourceType(copying: of.own))
        case WASMTIME_COMPONENT_VALTYPE_BORROW: return unsafe .borrow(ResourceType(copying: of.borrow))
        case WASMTIME_COMPONENT_VALTYPE_FUTURE: return .unsupported("future")
        case WASMTIME_COMPONENT_VALTYPE_STREAM: return .unsupported("stream")
        case WASMTIME_COMPONENT_VALTYPE_ERROR_CONTEXT: return .unsupported("error-context")
        default: return .unsupported("type \(kind)")
        }
    }

    private mutating func cases(_ variant: OpaquePointer) throws(WasmtimeError) -> [ValueType.Case] {
        var cases: [ValueType.Case] = []
        for index in unsafe 0..<wasmtime_component_variant_type_case_count(variant) {
            var name: UnsafePointer<CChar>?
            var length = 0
            let payload = try unsafe optional { payload in
                var hasPayload = false
                let isFound = unsafe wasmtime_component_variant_type_case_nth(
                    variant,
                    index,
                    &name,
                    &length,
                    &hasPayload,
                    payload
                )
                return isFound && hasPayload
            }
            cases.append(ValueType.Case(unsafe text(name, length), payload))
        }
        return cases
    }

    /// A type that a C function writes, and that is ours to delete.
    private mutating func required(
        _ fill: (UnsafeMutablePointer<wasmtime_component_valtype_t>) -> Void
    ) throws(WasmtimeError) -> ValueType {
        var type = unsafe wasmtime_component_valtype_t()
        unsafe fill(&type)
        defer { unsafe wasmtime_component_valtype_delete(&type) }
        return try unsafe value(&type)
    }

    private mutating func optional(
        _ fill: (UnsafeMutablePointer<wasmtime_component_valtype_t>) -> Bool
    ) throws(WasmtimeError) -> ValueType? {
        var type = unsafe wasmtime_component_valtype_t()
        guard unsafe fill(&type) else { return nil }
        defer { unsafe wasmtime_component_valtype_delete(&type) }
        return try unsafe value(&type)
    }

    private mutating func named(
        _ fill: (
            UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<Int>,
            UnsafeMutablePointer<wasmtime_component_valtype_t>
        ) -> Bool
    ) throws(WasmtimeError) -> ValueType.NamedType {
        var name: UnsafePointer<CChar>?
        var length = 0
        let type = try unsafe required { _ = unsafe fill(&name, &length, $0) }
        return ValueType.NamedType(unsafe text(name, length), type)
    }

    private func names(
        _ count: Int,
        _ nth: (Int, UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<Int>) -> Bool
    ) -> [String] {
        (0..<count).compactMap { index in
            var name: UnsafePointer<CChar>?
            var length = 0
            return unsafe nth(index, &name, &length) ? unsafe text(name, length) : nil
        }
    }

    private func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : length), as: UTF8.self)
    }

    private mutating func count() throws(WasmtimeError) {
        nodes += 1
        guard nodes <= Self.maxNodes else {
            throw WasmtimeError(.invalidComponent, "the component's types are too large to be listed")
        }
    }

    private static let scalars: [Int: ValueType] = [
        WASMTIME_COMPONENT_VALTYPE_BOOL: .bool,
        WASMTIME_COMPONENT_VALTYPE_S8: .s8,
        WASMTIME_COMPONENT_VALTYPE_S16: .s16,
        WASMTIME_COMPONENT_VALTYPE_S32: .s32,
        WASMTIME_COMPONENT_VALTYPE_S64: .s64,
        WASMTIME_COMPONENT_VALTYPE_U8: .u8,
        WASMTIME_COMPONENT_VALTYPE_U16: .u16,
        WASMTIME_COMPONENT_VALTYPE_U32: .u32,
        WASMTIME_COMPONENT_VALTYPE_U64: .u64,
        WASMTIME_COMPONENT_VALTYPE_F32: .f32,
        WASMTIME_COMPONENT_VALTYPE_F64: .f64,
        WASMTIME_COMPONENT_VALTYPE_CHAR: .char,
        WASMTIME_COMPONENT_VALTYPE_STRING: .string,
    ]
}

/// A kind that the wheel's ctypes file leaves out; from
/// [`wasmtime/component/types/val.h`](https://docs.wasmtime.dev/c-api/component_2types_2val_8h.html).
private let WASMTIME_COMPONENT_VALTYPE_MAP = 26
