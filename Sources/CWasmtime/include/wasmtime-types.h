// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generated from the wasmtime 50.0.1 wheel by Scripts/generate-wasmtime-declarations.py. Do not edit.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wasm_byte_vec_t wasm_byte_vec_t;
typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasm_memorytype_t wasm_memorytype_t;
typedef struct wasm_frame_t wasm_frame_t;
typedef struct wasm_frame_vec_t wasm_frame_vec_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasi_config_t wasi_config_t;
typedef struct wasmtime_error wasmtime_error;
typedef struct wasmtime_store wasmtime_store;
typedef struct wasmtime_context wasmtime_context;
typedef struct wasmtime_linear_memory wasmtime_linear_memory;
typedef struct wasmtime_memory_creator wasmtime_memory_creator;
typedef struct wasmtime_component_resource_type wasmtime_component_resource_type;
typedef struct wasmtime_component_list_type wasmtime_component_list_type;
typedef struct wasmtime_component_record_type wasmtime_component_record_type;
typedef struct wasmtime_component_tuple_type wasmtime_component_tuple_type;
typedef struct wasmtime_component_variant_type wasmtime_component_variant_type;
typedef struct wasmtime_component_enum_type wasmtime_component_enum_type;
typedef struct wasmtime_component_option_type wasmtime_component_option_type;
typedef struct wasmtime_component_result_type wasmtime_component_result_type;
typedef struct wasmtime_component_flags_type wasmtime_component_flags_type;
typedef struct wasmtime_component_future_type wasmtime_component_future_type;
typedef struct wasmtime_component_stream_type wasmtime_component_stream_type;
typedef struct wasmtime_component_map_type wasmtime_component_map_type;
typedef union wasmtime_component_valtype_union wasmtime_component_valtype_union;
typedef struct wasmtime_component_valtype_t wasmtime_component_valtype_t;
typedef struct wasmtime_component_func_type_t wasmtime_component_func_type_t;
typedef struct wasmtime_component_extern_t wasmtime_component_extern_t;
typedef struct wasmtime_component_instance_type wasmtime_component_instance_type;
typedef struct wasmtime_module_type wasmtime_module_type;
typedef struct wasmtime_component_type_t wasmtime_component_type_t;
typedef union wasmtime_component_item_union wasmtime_component_item_union;
typedef struct wasmtime_component_item_t wasmtime_component_item_t;
typedef struct wasmtime_component_t wasmtime_component_t;
typedef struct wasmtime_component_export_index_t wasmtime_component_export_index_t;
typedef struct wasmtime_component_resource_any wasmtime_component_resource_any;
typedef struct wasmtime_component_resource_host wasmtime_component_resource_host;
typedef struct wasmtime_component_vallist wasmtime_component_vallist;
typedef struct wasmtime_component_valrecord wasmtime_component_valrecord;
typedef struct wasmtime_component_valtuple wasmtime_component_valtuple;
typedef struct wasmtime_component_valflags wasmtime_component_valflags;
typedef struct wasmtime_component_valmap wasmtime_component_valmap;
typedef struct wasmtime_component_valvariant wasmtime_component_valvariant;
typedef struct wasmtime_component_valresult wasmtime_component_valresult;
typedef union wasmtime_component_valunion wasmtime_component_valunion;
typedef struct wasmtime_component_val wasmtime_component_val;
typedef struct wasmtime_component_valrecord_entry wasmtime_component_valrecord_entry;
typedef struct wasmtime_component_valmap_entry wasmtime_component_valmap_entry;
typedef struct wasmtime_component_func_anon_0 wasmtime_component_func_anon_0;
typedef struct wasmtime_component_func wasmtime_component_func;
typedef struct wasmtime_component_instance wasmtime_component_instance;
typedef struct wasmtime_component_linker_t wasmtime_component_linker_t;
typedef struct wasmtime_component_linker_instance_t wasmtime_component_linker_instance_t;

typedef uint8_t wasm_byte_t;
struct wasm_byte_vec_t {
    size_t size;
    wasm_byte_t *data;
};
typedef wasm_byte_vec_t wasm_name_t;
struct wasm_frame_vec_t {
    size_t size;
    wasm_frame_t **data;
};
typedef wasm_name_t wasm_message_t;
typedef wasmtime_error wasmtime_error_t;
typedef wasmtime_store wasmtime_store_t;
typedef wasmtime_context wasmtime_context_t;
typedef uint8_t wasmtime_update_deadline_kind_t;
typedef uint8_t wasmtime_opt_level_t;
typedef size_t (*wasmtime_memory_get_callback_t)(void *, size_t *, size_t *);
typedef size_t (*wasmtime_memory_grow_callback_t)(void *, size_t);
struct wasmtime_linear_memory {
    void *env;
    wasmtime_memory_get_callback_t get_memory;
    wasmtime_memory_grow_callback_t grow_memory;
    void (*finalizer)(void *);
};
typedef wasmtime_linear_memory wasmtime_linear_memory_t;
typedef size_t (*wasmtime_new_memory_callback_t)(void *, wasm_memorytype_t *, size_t, size_t, size_t, size_t, wasmtime_linear_memory_t *);
struct wasmtime_memory_creator {
    void *env;
    wasmtime_new_memory_callback_t new_memory;
    void (*finalizer)(void *);
};
typedef wasmtime_memory_creator wasmtime_memory_creator_t;
typedef wasmtime_component_resource_type wasmtime_component_resource_type_t;
typedef wasmtime_component_list_type wasmtime_component_list_type_t;
typedef wasmtime_component_record_type wasmtime_component_record_type_t;
typedef wasmtime_component_tuple_type wasmtime_component_tuple_type_t;
typedef wasmtime_component_variant_type wasmtime_component_variant_type_t;
typedef wasmtime_component_enum_type wasmtime_component_enum_type_t;
typedef wasmtime_component_option_type wasmtime_component_option_type_t;
typedef wasmtime_component_result_type wasmtime_component_result_type_t;
typedef wasmtime_component_flags_type wasmtime_component_flags_type_t;
typedef wasmtime_component_future_type wasmtime_component_future_type_t;
typedef wasmtime_component_stream_type wasmtime_component_stream_type_t;
typedef wasmtime_component_map_type wasmtime_component_map_type_t;
typedef uint8_t wasmtime_component_valtype_kind_t;
union wasmtime_component_valtype_union {
    wasmtime_component_list_type_t *list;
    wasmtime_component_record_type_t *record;
    wasmtime_component_tuple_type_t *tuple;
    wasmtime_component_variant_type_t *variant;
    wasmtime_component_enum_type_t *enum_;
    wasmtime_component_option_type_t *option;
    wasmtime_component_result_type_t *result;
    wasmtime_component_flags_type_t *flags;
    wasmtime_component_resource_type_t *own;
    wasmtime_component_resource_type_t *borrow;
    wasmtime_component_future_type_t *future;
    wasmtime_component_stream_type_t *stream;
    wasmtime_component_map_type_t *map;
};
typedef wasmtime_component_valtype_union wasmtime_component_valtype_union_t;
struct wasmtime_component_valtype_t {
    wasmtime_component_valtype_kind_t kind;
    wasmtime_component_valtype_union_t of;
};
typedef wasmtime_component_instance_type wasmtime_component_instance_type_t;
typedef wasmtime_module_type wasmtime_module_type_t;
typedef uint8_t wasmtime_component_item_kind_t;
union wasmtime_component_item_union {
    wasmtime_component_type_t *component;
    wasmtime_component_instance_type_t *component_instance;
    wasmtime_module_type_t *module;
    wasmtime_component_func_type_t *component_func;
    wasmtime_component_resource_type_t *resource;
    wasm_functype_t *core_func;
    wasmtime_component_valtype_t type;
};
typedef wasmtime_component_item_union wasmtime_component_item_union_t;
struct wasmtime_component_item_t {
    wasmtime_component_item_kind_t kind;
    wasmtime_component_item_union_t of;
};
typedef wasmtime_component_resource_any wasmtime_component_resource_any_t;
typedef wasmtime_component_resource_host wasmtime_component_resource_host_t;
typedef uint8_t wasmtime_component_valkind_t;
struct wasmtime_component_vallist {
    size_t size;
    wasmtime_component_val *data;
};
typedef wasmtime_component_vallist wasmtime_component_vallist_t;
struct wasmtime_component_valrecord {
    size_t size;
    wasmtime_component_valrecord_entry *data;
};
typedef wasmtime_component_valrecord wasmtime_component_valrecord_t;
struct wasmtime_component_valtuple {
    size_t size;
    wasmtime_component_val *data;
};
typedef wasmtime_component_valtuple wasmtime_component_valtuple_t;
struct wasmtime_component_valflags {
    size_t size;
    wasm_name_t *data;
};
typedef wasmtime_component_valflags wasmtime_component_valflags_t;
struct wasmtime_component_valmap {
    size_t size;
    wasmtime_component_valmap_entry *data;
};
typedef wasmtime_component_valmap wasmtime_component_valmap_t;
struct wasmtime_component_valvariant {
    wasm_name_t discriminant;
    wasmtime_component_val *val;
};
typedef wasmtime_component_valvariant wasmtime_component_valvariant_t;
struct wasmtime_component_valresult {
    bool is_ok;
    wasmtime_component_val *val;
};
typedef wasmtime_component_valresult wasmtime_component_valresult_t;
union wasmtime_component_valunion {
    bool boolean;
    int8_t s8;
    uint8_t u8;
    int16_t s16;
    uint16_t u16;
    int32_t s32;
    uint32_t u32;
    int64_t s64;
    uint64_t u64;
    float f32;
    double f64;
    uint32_t character;
    wasm_name_t string;
    wasmtime_component_vallist_t list;
    wasmtime_component_valrecord_t record;
    wasmtime_component_valtuple_t tuple;
    wasmtime_component_valvariant_t variant;
    wasm_name_t enumeration;
    wasmtime_component_val *option;
    wasmtime_component_valresult_t result;
    wasmtime_component_valflags_t flags;
    wasmtime_component_valmap_t map;
    wasmtime_component_resource_any_t *resource;
};
typedef wasmtime_component_valunion wasmtime_component_valunion_t;
struct wasmtime_component_val {
    wasmtime_component_valkind_t kind;
    wasmtime_component_valunion_t of;
};
typedef wasmtime_component_val wasmtime_component_val_t;
struct wasmtime_component_valrecord_entry {
    wasm_name_t name;
    wasmtime_component_val_t val;
};
struct wasmtime_component_valmap_entry {
    wasmtime_component_val_t key;
    wasmtime_component_val_t value;
};
struct wasmtime_component_func_anon_0 {
    uint64_t store_id;
    uint32_t __private1;
};
struct wasmtime_component_func {
    wasmtime_component_func_anon_0 _anon_1;
    uint32_t __private2;
    void *__private3;
};
typedef wasmtime_component_func wasmtime_component_func_t;
struct wasmtime_component_instance {
    uint64_t store_id;
    uint32_t __private;
};
typedef wasmtime_component_instance wasmtime_component_instance_t;
typedef size_t (*wasmtime_component_func_callback_t)(void *, wasmtime_context_t *, wasmtime_component_func_type_t *, wasmtime_component_val_t *, size_t, wasmtime_component_val_t *, size_t);
typedef size_t (*wasmtime_component_resource_destructor_t)(void *, wasmtime_context_t *, uint32_t);
typedef uint8_t wasmtime_trap_code_t;

/// wasmtime_trap_code_enum
enum {
    WASMTIME_TRAP_CODE_STACK_OVERFLOW = 0,
    WASMTIME_TRAP_CODE_MEMORY_OUT_OF_BOUNDS = 1,
    WASMTIME_TRAP_CODE_HEAP_MISALIGNED = 2,
    WASMTIME_TRAP_CODE_TABLE_OUT_OF_BOUNDS = 3,
    WASMTIME_TRAP_CODE_INDIRECT_CALL_TO_NULL = 4,
    WASMTIME_TRAP_CODE_BAD_SIGNATURE = 5,
    WASMTIME_TRAP_CODE_INTEGER_OVERFLOW = 6,
    WASMTIME_TRAP_CODE_INTEGER_DIVISION_BY_ZERO = 7,
    WASMTIME_TRAP_CODE_BAD_CONVERSION_TO_INTEGER = 8,
    WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED = 9,
    WASMTIME_TRAP_CODE_INTERRUPT = 10,
    WASMTIME_TRAP_CODE_OUT_OF_FUEL = 11,
    WASMTIME_TRAP_CODE_ATOMIC_WAIT_NON_SHARED_MEMORY = 12,
    WASMTIME_TRAP_CODE_NULL_REFERENCE = 13,
    WASMTIME_TRAP_CODE_ARRAY_OUT_OF_BOUNDS = 14,
    WASMTIME_TRAP_CODE_ALLOCATION_TOO_LARGE = 15,
    WASMTIME_TRAP_CODE_CAST_FAILURE = 16,
    WASMTIME_TRAP_CODE_CANNOT_ENTER_COMPONENT = 17,
    WASMTIME_TRAP_CODE_NO_ASYNC_RESULT = 18,
    WASMTIME_TRAP_CODE_UNHANDLED_TAG = 19,
    WASMTIME_TRAP_CODE_CONTINUATION_ALREADY_CONSUMED = 20,
    WASMTIME_TRAP_CODE_DISABLED_OPCODE = 21,
    WASMTIME_TRAP_CODE_ASYNC_DEADLOCK = 22,
    WASMTIME_TRAP_CODE_CANNOT_LEAVE_COMPONENT = 23,
    WASMTIME_TRAP_CODE_CANNOT_BLOCK_SYNC_TASK = 24,
    WASMTIME_TRAP_CODE_INVALID_CHAR = 25,
    WASMTIME_TRAP_CODE_DEBUG_ASSERT_STRING_ENCODING_FINISHED = 26,
    WASMTIME_TRAP_CODE_DEBUG_ASSERT_EQUAL_CODE_UNITS = 27,
    WASMTIME_TRAP_CODE_DEBUG_ASSERT_POINTER_ALIGNED = 28,
    WASMTIME_TRAP_CODE_DEBUG_ASSERT_UPPER_BITS_UNSET = 29,
    WASMTIME_TRAP_CODE_STRING_OUT_OF_BOUNDS = 30,
    WASMTIME_TRAP_CODE_LIST_OUT_OF_BOUNDS = 31,
    WASMTIME_TRAP_CODE_INVALID_DISCRIMINANT = 32,
    WASMTIME_TRAP_CODE_UNALIGNED_POINTER = 33,
    WASMTIME_TRAP_CODE_TASK_CANCEL_NOT_CANCELLED = 34,
    WASMTIME_TRAP_CODE_TASK_CANCEL_OR_RETURN_TWICE = 35,
    WASMTIME_TRAP_CODE_SUBTASK_CANCEL_AFTER_TERMINAL = 36,
    WASMTIME_TRAP_CODE_TASK_RETURN_INVALID = 37,
    WASMTIME_TRAP_CODE_WAITABLE_SET_DROP_HAS_WAITERS = 38,
    WASMTIME_TRAP_CODE_SUBTASK_DROP_NOT_RESOLVED = 39,
    WASMTIME_TRAP_CODE_THREAD_NEW_INDIRECT_INVALID_TYPE = 40,
    WASMTIME_TRAP_CODE_THREAD_NEW_INDIRECT_UNINITIALIZED = 41,
    WASMTIME_TRAP_CODE_BACKPRESSURE_OVERFLOW = 42,
    WASMTIME_TRAP_CODE_UNSUPPORTED_CALLBACK_CODE = 43,
    WASMTIME_TRAP_CODE_CANNOT_RESUME_THREAD = 44,
    WASMTIME_TRAP_CODE_CONCURRENT_FUTURE_STREAM_OP = 45,
    WASMTIME_TRAP_CODE_REFERENCE_COUNT_OVERFLOW = 46,
    WASMTIME_TRAP_CODE_STREAM_OP_TOO_BIG = 47,
    WASMTIME_TRAP_CODE_WAITABLE_SYNC_AND_ASYNC = 48,
    WASMTIME_TRAP_CODE_UNCAUGHT_EXCEPTION = 49,
    WASMTIME_TRAP_READ_FROM_DROPPED_STREAM = 50,
    WASMTIME_TRAP_WRITE_TO_DROPPED_STREAM = 51,
    WASMTIME_TRAP_WRITE_TO_DROPPED_FUTURE = 52,
    WASMTIME_TRAP_LIFT_DROPPED_STREAM = 53,
};

/// wasmtime_opt_level_enum
enum {
    WASMTIME_OPT_LEVEL_NONE,
    WASMTIME_OPT_LEVEL_SPEED,
    WASMTIME_OPT_LEVEL_SPEED_AND_SIZE,
};

/// WASMTIME_COMPONENT_*
enum {
    WASMTIME_COMPONENT_ITEM_COMPONENT = 0,
    WASMTIME_COMPONENT_ITEM_COMPONENT_INSTANCE = 1,
    WASMTIME_COMPONENT_ITEM_MODULE = 2,
    WASMTIME_COMPONENT_ITEM_COMPONENT_FUNC = 3,
    WASMTIME_COMPONENT_ITEM_RESOURCE = 4,
    WASMTIME_COMPONENT_ITEM_CORE_FUNC = 5,
    WASMTIME_COMPONENT_ITEM_TYPE = 6,
    WASMTIME_COMPONENT_VALTYPE_BOOL = 0,
    WASMTIME_COMPONENT_VALTYPE_S8 = 1,
    WASMTIME_COMPONENT_VALTYPE_S16 = 2,
    WASMTIME_COMPONENT_VALTYPE_S32 = 3,
    WASMTIME_COMPONENT_VALTYPE_S64 = 4,
    WASMTIME_COMPONENT_VALTYPE_U8 = 5,
    WASMTIME_COMPONENT_VALTYPE_U16 = 6,
    WASMTIME_COMPONENT_VALTYPE_U32 = 7,
    WASMTIME_COMPONENT_VALTYPE_U64 = 8,
    WASMTIME_COMPONENT_VALTYPE_F32 = 9,
    WASMTIME_COMPONENT_VALTYPE_F64 = 10,
    WASMTIME_COMPONENT_VALTYPE_CHAR = 11,
    WASMTIME_COMPONENT_VALTYPE_STRING = 12,
    WASMTIME_COMPONENT_VALTYPE_LIST = 13,
    WASMTIME_COMPONENT_VALTYPE_RECORD = 14,
    WASMTIME_COMPONENT_VALTYPE_TUPLE = 15,
    WASMTIME_COMPONENT_VALTYPE_VARIANT = 16,
    WASMTIME_COMPONENT_VALTYPE_ENUM = 17,
    WASMTIME_COMPONENT_VALTYPE_OPTION = 18,
    WASMTIME_COMPONENT_VALTYPE_RESULT = 19,
    WASMTIME_COMPONENT_VALTYPE_FLAGS = 20,
    WASMTIME_COMPONENT_VALTYPE_OWN = 21,
    WASMTIME_COMPONENT_VALTYPE_BORROW = 22,
    WASMTIME_COMPONENT_VALTYPE_FUTURE = 23,
    WASMTIME_COMPONENT_VALTYPE_STREAM = 24,
    WASMTIME_COMPONENT_VALTYPE_ERROR_CONTEXT = 25,
    WASMTIME_COMPONENT_BOOL = 0,
    WASMTIME_COMPONENT_S8 = 1,
    WASMTIME_COMPONENT_U8 = 2,
    WASMTIME_COMPONENT_S16 = 3,
    WASMTIME_COMPONENT_U16 = 4,
    WASMTIME_COMPONENT_S32 = 5,
    WASMTIME_COMPONENT_U32 = 6,
    WASMTIME_COMPONENT_S64 = 7,
    WASMTIME_COMPONENT_U64 = 8,
    WASMTIME_COMPONENT_F32 = 9,
    WASMTIME_COMPONENT_F64 = 10,
    WASMTIME_COMPONENT_CHAR = 11,
    WASMTIME_COMPONENT_STRING = 12,
    WASMTIME_COMPONENT_LIST = 13,
    WASMTIME_COMPONENT_RECORD = 14,
    WASMTIME_COMPONENT_TUPLE = 15,
    WASMTIME_COMPONENT_VARIANT = 16,
    WASMTIME_COMPONENT_ENUM = 17,
    WASMTIME_COMPONENT_OPTION = 18,
    WASMTIME_COMPONENT_RESULT = 19,
    WASMTIME_COMPONENT_FLAGS = 20,
    WASMTIME_COMPONENT_RESOURCE = 21,
};
