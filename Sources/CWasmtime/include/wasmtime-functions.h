// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generated from the wasmtime 50.0.1 wheel by Scripts/generate-wasmtime-declarations.py. Do not edit.

#pragma once

#include "wasmtime-types.h"

/// The engine's functions, found in the library that was opened. Empty until then.
typedef struct cwasmtime_dispatch_table {
    void (*wasm_byte_vec_new)(wasm_byte_vec_t *, size_t, wasm_byte_t *);
    void (*wasm_byte_vec_new_uninitialized)(wasm_byte_vec_t *, size_t);
    void (*wasm_byte_vec_delete)(wasm_byte_vec_t *);
    wasmtime_error_t *(*wasmtime_error_new)(const char *);
    void (*wasmtime_error_delete)(wasmtime_error_t *);
    void (*wasmtime_error_message)(wasmtime_error_t *, wasm_name_t *);
    bool (*wasmtime_error_exit_status)(wasmtime_error_t *, int *);
    void (*wasmtime_error_wasm_trace)(wasmtime_error_t *, wasm_frame_vec_t *);
    void (*wasm_frame_vec_delete)(wasm_frame_vec_t *);
    uint32_t (*wasm_frame_func_index)(wasm_frame_t *);
    size_t (*wasm_frame_func_offset)(wasm_frame_t *);
    size_t (*wasm_frame_module_offset)(wasm_frame_t *);
    wasm_name_t *(*wasmtime_frame_func_name)(wasm_frame_t *);
    wasm_name_t *(*wasmtime_frame_module_name)(wasm_frame_t *);
    wasm_trap_t *(*wasmtime_trap_new_code)(wasmtime_trap_code_t);
    void (*wasm_trap_message)(wasm_trap_t *, wasm_message_t *);
    void (*wasm_trap_delete)(wasm_trap_t *);
    wasm_config_t *(*wasm_config_new)(void);
    void (*wasm_config_delete)(wasm_config_t *);
    wasm_engine_t *(*wasm_engine_new_with_config)(wasm_config_t *);
    void (*wasm_engine_delete)(wasm_engine_t *);
    void (*wasmtime_engine_increment_epoch)(wasm_engine_t *);
    void (*wasmtime_config_async_stack_size_set)(wasm_config_t *, size_t);
    void (*wasmtime_config_concurrency_support_set)(wasm_config_t *, bool);
    void (*wasmtime_config_cranelift_opt_level_set)(wasm_config_t *, wasmtime_opt_level_t);
    void (*wasmtime_config_debug_info_set)(wasm_config_t *, bool);
    void (*wasmtime_config_epoch_interruption_set)(wasm_config_t *, bool);
    void (*wasmtime_config_host_memory_creator_set)(wasm_config_t *, wasmtime_memory_creator_t *);
    void (*wasmtime_config_max_wasm_stack_set)(wasm_config_t *, size_t);
    void (*wasmtime_config_memory_guard_size_set)(wasm_config_t *, uint64_t);
    void (*wasmtime_config_memory_init_cow_set)(wasm_config_t *, bool);
    void (*wasmtime_config_memory_may_move_set)(wasm_config_t *, bool);
    void (*wasmtime_config_memory_reservation_for_growth_set)(wasm_config_t *, uint64_t);
    void (*wasmtime_config_memory_reservation_set)(wasm_config_t *, uint64_t);
    void (*wasmtime_config_native_unwind_info_set)(wasm_config_t *, bool);
    void (*wasmtime_config_parallel_compilation_set)(wasm_config_t *, bool);
    void (*wasmtime_config_wasm_component_model_async_set)(wasm_config_t *, bool);
    void (*wasmtime_config_wasm_component_model_map_set)(wasm_config_t *, bool);
    void (*wasmtime_config_wasm_component_model_set)(wasm_config_t *, bool);
    wasmtime_error_t *(*wasmtime_wat2wasm)(const char *, size_t, wasm_byte_vec_t *);
    wasmtime_error_t *(*wasmtime_component_new)(wasm_engine_t *, uint8_t *, size_t, wasmtime_component_t **);
    wasmtime_error_t *(*wasmtime_component_serialize)(wasmtime_component_t *, wasm_byte_vec_t *);
    wasmtime_error_t *(*wasmtime_component_deserialize)(wasm_engine_t *, uint8_t *, size_t, wasmtime_component_t **);
    wasmtime_error_t *(*wasmtime_component_deserialize_file)(wasm_engine_t *, const char *, wasmtime_component_t **);
    void (*wasmtime_component_delete)(wasmtime_component_t *);
    wasmtime_component_type_t *(*wasmtime_component_type)(wasmtime_component_t *);
    wasmtime_component_export_index_t *(*wasmtime_component_get_export_index)(wasmtime_component_t *, wasmtime_component_export_index_t *, const char *, size_t);
    void (*wasmtime_component_export_index_delete)(wasmtime_component_export_index_t *);
    void (*wasmtime_component_type_delete)(wasmtime_component_type_t *);
    size_t (*wasmtime_component_type_import_count)(wasmtime_component_type_t *, wasm_engine_t *);
    bool (*wasmtime_component_type_import_nth)(wasmtime_component_type_t *, wasm_engine_t *, size_t, const char **, size_t *, wasmtime_component_extern_t **);
    size_t (*wasmtime_component_type_export_count)(wasmtime_component_type_t *, wasm_engine_t *);
    bool (*wasmtime_component_type_export_nth)(wasmtime_component_type_t *, wasm_engine_t *, size_t, const char **, size_t *, wasmtime_component_extern_t **);
    bool (*wasmtime_component_type_export_get)(wasmtime_component_type_t *, wasm_engine_t *, const char *, size_t, wasmtime_component_extern_t **);
    void (*wasmtime_component_extern_type)(wasmtime_component_extern_t *, wasmtime_component_item_t *);
    void (*wasmtime_component_extern_delete)(wasmtime_component_extern_t *);
    void (*wasmtime_component_item_delete)(wasmtime_component_item_t *);
    size_t (*wasmtime_component_instance_type_export_count)(wasmtime_component_instance_type_t *, wasm_engine_t *);
    bool (*wasmtime_component_instance_type_export_nth)(wasmtime_component_instance_type_t *, wasm_engine_t *, size_t, const char **, size_t *, wasmtime_component_extern_t **);
    bool (*wasmtime_component_instance_type_export_get)(wasmtime_component_instance_type_t *, wasm_engine_t *, const char *, size_t, wasmtime_component_extern_t **);
    size_t (*wasmtime_component_func_type_param_count)(wasmtime_component_func_type_t *);
    bool (*wasmtime_component_func_type_param_nth)(wasmtime_component_func_type_t *, size_t, const char **, size_t *, wasmtime_component_valtype_t *);
    bool (*wasmtime_component_func_type_result)(wasmtime_component_func_type_t *, wasmtime_component_valtype_t *);
    bool (*wasmtime_component_func_type_async)(wasmtime_component_func_type_t *);
    void (*wasmtime_component_func_type_delete)(wasmtime_component_func_type_t *);
    void (*wasmtime_component_valtype_delete)(wasmtime_component_valtype_t *);
    void (*wasmtime_component_list_type_element)(wasmtime_component_list_type_t *, wasmtime_component_valtype_t *);
    size_t (*wasmtime_component_record_type_field_count)(wasmtime_component_record_type_t *);
    bool (*wasmtime_component_record_type_field_nth)(wasmtime_component_record_type_t *, size_t, const char **, size_t *, wasmtime_component_valtype_t *);
    size_t (*wasmtime_component_tuple_type_types_count)(wasmtime_component_tuple_type_t *);
    bool (*wasmtime_component_tuple_type_types_nth)(wasmtime_component_tuple_type_t *, size_t, wasmtime_component_valtype_t *);
    size_t (*wasmtime_component_variant_type_case_count)(wasmtime_component_variant_type_t *);
    bool (*wasmtime_component_variant_type_case_nth)(wasmtime_component_variant_type_t *, size_t, const char **, size_t *, bool *, wasmtime_component_valtype_t *);
    size_t (*wasmtime_component_enum_type_names_count)(wasmtime_component_enum_type_t *);
    bool (*wasmtime_component_enum_type_names_nth)(wasmtime_component_enum_type_t *, size_t, const char **, size_t *);
    void (*wasmtime_component_option_type_ty)(wasmtime_component_option_type_t *, wasmtime_component_valtype_t *);
    bool (*wasmtime_component_result_type_ok)(wasmtime_component_result_type_t *, wasmtime_component_valtype_t *);
    bool (*wasmtime_component_result_type_err)(wasmtime_component_result_type_t *, wasmtime_component_valtype_t *);
    size_t (*wasmtime_component_flags_type_names_count)(wasmtime_component_flags_type_t *);
    bool (*wasmtime_component_flags_type_names_nth)(wasmtime_component_flags_type_t *, size_t, const char **, size_t *);
    void (*wasmtime_component_map_type_key)(wasmtime_component_map_type_t *, wasmtime_component_valtype_t *);
    void (*wasmtime_component_map_type_value)(wasmtime_component_map_type_t *, wasmtime_component_valtype_t *);
    wasmtime_component_resource_type_t *(*wasmtime_component_resource_type_new_host)(uint32_t);
    wasmtime_component_resource_type_t *(*wasmtime_component_resource_type_clone)(wasmtime_component_resource_type_t *);
    bool (*wasmtime_component_resource_type_equal)(wasmtime_component_resource_type_t *, wasmtime_component_resource_type_t *);
    void (*wasmtime_component_resource_type_delete)(wasmtime_component_resource_type_t *);
    wasmtime_component_linker_t *(*wasmtime_component_linker_new)(wasm_engine_t *);
    void (*wasmtime_component_linker_delete)(wasmtime_component_linker_t *);
    wasmtime_component_linker_instance_t *(*wasmtime_component_linker_root)(wasmtime_component_linker_t *);
    void (*wasmtime_component_linker_allow_shadowing)(wasmtime_component_linker_t *, bool);
    wasmtime_error_t *(*wasmtime_component_linker_add_wasip2)(wasmtime_component_linker_t *);
    wasmtime_error_t *(*wasmtime_component_linker_define_unknown_imports_as_traps)(wasmtime_component_linker_t *, wasmtime_component_t *);
    wasmtime_error_t *(*wasmtime_component_linker_instance_add_instance)(wasmtime_component_linker_instance_t *, const char *, size_t, wasmtime_component_linker_instance_t **);
    wasmtime_error_t *(*wasmtime_component_linker_instance_add_func)(wasmtime_component_linker_instance_t *, const char *, size_t, wasmtime_component_func_callback_t, void *, void (*)(void *));
    wasmtime_error_t *(*wasmtime_component_linker_instance_add_resource)(wasmtime_component_linker_instance_t *, const char *, size_t, wasmtime_component_resource_type_t *, wasmtime_component_resource_destructor_t, void *, void (*)(void *));
    void (*wasmtime_component_linker_instance_delete)(wasmtime_component_linker_instance_t *);
    wasmtime_error_t *(*wasmtime_component_linker_instantiate)(wasmtime_component_linker_t *, wasmtime_context_t *, wasmtime_component_t *, wasmtime_component_instance_t *);
    wasmtime_store_t *(*wasmtime_store_new)(wasm_engine_t *, void *, void (*)(void *));
    void (*wasmtime_store_delete)(wasmtime_store_t *);
    wasmtime_context_t *(*wasmtime_store_context)(wasmtime_store_t *);
    void (*wasmtime_store_limiter)(wasmtime_store_t *, int64_t, int64_t, int64_t, int64_t, int64_t);
    void (*wasmtime_store_epoch_deadline_callback)(wasmtime_store_t *, size_t (*)(wasmtime_context_t *, void *, uint64_t *, wasmtime_update_deadline_kind_t *), void *, void (*)(void *));
    void *(*wasmtime_context_get_data)(wasmtime_context_t *);
    void (*wasmtime_context_set_epoch_deadline)(wasmtime_context_t *, uint64_t);
    wasmtime_error_t *(*wasmtime_context_set_wasi)(wasmtime_context_t *, wasi_config_t *);
    wasi_config_t *(*wasi_config_new)(void);
    void (*wasi_config_delete)(wasi_config_t *);
    void (*wasi_config_inherit_network)(wasi_config_t *);
    void (*wasi_config_allow_ip_name_lookup)(wasi_config_t *, bool);
    bool (*wasi_config_set_argv)(wasi_config_t *, size_t, const char **);
    bool (*wasi_config_set_env)(wasi_config_t *, size_t, const char **, const char **);
    bool (*wasi_config_set_stdin_file)(wasi_config_t *, const char *);
    void (*wasi_config_set_stdin_bytes)(wasi_config_t *, wasm_byte_vec_t *);
    void (*wasi_config_inherit_stdin)(wasi_config_t *);
    bool (*wasi_config_set_stdout_file)(wasi_config_t *, const char *);
    void (*wasi_config_inherit_stdout)(wasi_config_t *);
    void (*wasi_config_set_stdout_custom)(wasi_config_t *, ptrdiff_t (*)(void *, uint8_t *, size_t), void *, void (*)(void *));
    bool (*wasi_config_set_stderr_file)(wasi_config_t *, const char *);
    void (*wasi_config_inherit_stderr)(wasi_config_t *);
    void (*wasi_config_set_stderr_custom)(wasi_config_t *, ptrdiff_t (*)(void *, uint8_t *, size_t), void *, void (*)(void *));
    bool (*wasi_config_preopen_dir)(wasi_config_t *, const char *, const char *, bool);
    wasmtime_component_export_index_t *(*wasmtime_component_instance_get_export_index)(wasmtime_component_instance_t *, wasmtime_context_t *, wasmtime_component_export_index_t *, const char *, size_t);
    bool (*wasmtime_component_instance_get_func)(wasmtime_component_instance_t *, wasmtime_context_t *, wasmtime_component_export_index_t *, wasmtime_component_func_t *);
    wasmtime_component_func_type_t *(*wasmtime_component_func_type)(wasmtime_component_func_t *, wasmtime_context_t *);
    wasmtime_error_t *(*wasmtime_component_func_call)(wasmtime_component_func_t *, wasmtime_context_t *, wasmtime_component_val_t *, size_t, wasmtime_component_val_t *, size_t);
    wasmtime_component_val_t *(*wasmtime_component_val_new)(wasmtime_component_val_t *);
    void (*wasmtime_component_val_delete)(wasmtime_component_val_t *);
    void (*wasmtime_component_vallist_new_uninit)(wasmtime_component_vallist_t *, size_t);
    void (*wasmtime_component_valrecord_new_uninit)(wasmtime_component_valrecord_t *, size_t);
    void (*wasmtime_component_valtuple_new_uninit)(wasmtime_component_valtuple_t *, size_t);
    void (*wasmtime_component_valflags_new_uninit)(wasmtime_component_valflags_t *, size_t);
    void (*wasmtime_component_valmap_new_uninit)(wasmtime_component_valmap_t *, size_t);
    wasmtime_component_resource_type_t *(*wasmtime_component_resource_any_type)(wasmtime_component_resource_any_t *);
    wasmtime_component_resource_any_t *(*wasmtime_component_resource_any_clone)(wasmtime_component_resource_any_t *);
    bool (*wasmtime_component_resource_any_owned)(wasmtime_component_resource_any_t *);
    wasmtime_error_t *(*wasmtime_component_resource_any_drop)(wasmtime_context_t *, wasmtime_component_resource_any_t *);
    void (*wasmtime_component_resource_any_delete)(wasmtime_component_resource_any_t *);
    wasmtime_error_t *(*wasmtime_component_resource_any_to_host)(wasmtime_context_t *, wasmtime_component_resource_any_t *, wasmtime_component_resource_host_t **);
    wasmtime_component_resource_host_t *(*wasmtime_component_resource_host_new)(bool, uint32_t, uint32_t);
    uint32_t (*wasmtime_component_resource_host_rep)(wasmtime_component_resource_host_t *);
    uint32_t (*wasmtime_component_resource_host_type)(wasmtime_component_resource_host_t *);
    bool (*wasmtime_component_resource_host_owned)(wasmtime_component_resource_host_t *);
    wasmtime_error_t *(*wasmtime_component_resource_host_to_any)(wasmtime_context_t *, wasmtime_component_resource_host_t *, wasmtime_component_resource_any_t **);
    void (*wasmtime_component_resource_host_delete)(wasmtime_component_resource_host_t *);
} cwasmtime_dispatch_table;

extern cwasmtime_dispatch_table cwasmtime_functions;

/// The names of the table's entries, in its order.
extern const char *const cwasmtime_function_names[];
extern const size_t cwasmtime_function_count;

static inline void wasm_byte_vec_new(wasm_byte_vec_t *out, size_t arg1, wasm_byte_t *arg2) {
    cwasmtime_functions.wasm_byte_vec_new(out, arg1, arg2);
}
static inline void wasm_byte_vec_new_uninitialized(wasm_byte_vec_t *out, size_t arg1) {
    cwasmtime_functions.wasm_byte_vec_new_uninitialized(out, arg1);
}
static inline void wasm_byte_vec_delete(wasm_byte_vec_t *arg0) {
    cwasmtime_functions.wasm_byte_vec_delete(arg0);
}
static inline wasmtime_error_t *wasmtime_error_new(const char *arg0) {
    return cwasmtime_functions.wasmtime_error_new(arg0);
}
static inline void wasmtime_error_delete(wasmtime_error_t *error) {
    cwasmtime_functions.wasmtime_error_delete(error);
}
static inline void wasmtime_error_message(wasmtime_error_t *error, wasm_name_t *message) {
    cwasmtime_functions.wasmtime_error_message(error, message);
}
static inline bool wasmtime_error_exit_status(wasmtime_error_t *arg0, int *status) {
    return cwasmtime_functions.wasmtime_error_exit_status(arg0, status);
}
static inline void wasmtime_error_wasm_trace(wasmtime_error_t *arg0, wasm_frame_vec_t *out) {
    cwasmtime_functions.wasmtime_error_wasm_trace(arg0, out);
}
static inline void wasm_frame_vec_delete(wasm_frame_vec_t *arg0) {
    cwasmtime_functions.wasm_frame_vec_delete(arg0);
}
static inline uint32_t wasm_frame_func_index(wasm_frame_t *arg0) {
    return cwasmtime_functions.wasm_frame_func_index(arg0);
}
static inline size_t wasm_frame_func_offset(wasm_frame_t *arg0) {
    return cwasmtime_functions.wasm_frame_func_offset(arg0);
}
static inline size_t wasm_frame_module_offset(wasm_frame_t *arg0) {
    return cwasmtime_functions.wasm_frame_module_offset(arg0);
}
static inline wasm_name_t *wasmtime_frame_func_name(wasm_frame_t *arg0) {
    return cwasmtime_functions.wasmtime_frame_func_name(arg0);
}
static inline wasm_name_t *wasmtime_frame_module_name(wasm_frame_t *arg0) {
    return cwasmtime_functions.wasmtime_frame_module_name(arg0);
}
static inline wasm_trap_t *wasmtime_trap_new_code(wasmtime_trap_code_t code) {
    return cwasmtime_functions.wasmtime_trap_new_code(code);
}
static inline void wasm_trap_message(wasm_trap_t *arg0, wasm_message_t *out) {
    cwasmtime_functions.wasm_trap_message(arg0, out);
}
static inline void wasm_trap_delete(wasm_trap_t *arg0) {
    cwasmtime_functions.wasm_trap_delete(arg0);
}
static inline wasm_config_t *wasm_config_new(void) {
    return cwasmtime_functions.wasm_config_new();
}
static inline void wasm_config_delete(wasm_config_t *arg0) {
    cwasmtime_functions.wasm_config_delete(arg0);
}
static inline wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *arg0) {
    return cwasmtime_functions.wasm_engine_new_with_config(arg0);
}
static inline void wasm_engine_delete(wasm_engine_t *arg0) {
    cwasmtime_functions.wasm_engine_delete(arg0);
}
static inline void wasmtime_engine_increment_epoch(wasm_engine_t *engine) {
    cwasmtime_functions.wasmtime_engine_increment_epoch(engine);
}
static inline void wasmtime_config_async_stack_size_set(wasm_config_t *arg0, size_t arg1) {
    cwasmtime_functions.wasmtime_config_async_stack_size_set(arg0, arg1);
}
static inline void wasmtime_config_concurrency_support_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_concurrency_support_set(arg0, arg1);
}
static inline void wasmtime_config_cranelift_opt_level_set(wasm_config_t *arg0, wasmtime_opt_level_t arg1) {
    cwasmtime_functions.wasmtime_config_cranelift_opt_level_set(arg0, arg1);
}
static inline void wasmtime_config_debug_info_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_debug_info_set(arg0, arg1);
}
static inline void wasmtime_config_epoch_interruption_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_epoch_interruption_set(arg0, arg1);
}
static inline void wasmtime_config_host_memory_creator_set(wasm_config_t *arg0, wasmtime_memory_creator_t *arg1) {
    cwasmtime_functions.wasmtime_config_host_memory_creator_set(arg0, arg1);
}
static inline void wasmtime_config_max_wasm_stack_set(wasm_config_t *arg0, size_t arg1) {
    cwasmtime_functions.wasmtime_config_max_wasm_stack_set(arg0, arg1);
}
static inline void wasmtime_config_memory_guard_size_set(wasm_config_t *arg0, uint64_t arg1) {
    cwasmtime_functions.wasmtime_config_memory_guard_size_set(arg0, arg1);
}
static inline void wasmtime_config_memory_init_cow_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_memory_init_cow_set(arg0, arg1);
}
static inline void wasmtime_config_memory_may_move_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_memory_may_move_set(arg0, arg1);
}
static inline void wasmtime_config_memory_reservation_for_growth_set(wasm_config_t *arg0, uint64_t arg1) {
    cwasmtime_functions.wasmtime_config_memory_reservation_for_growth_set(arg0, arg1);
}
static inline void wasmtime_config_memory_reservation_set(wasm_config_t *arg0, uint64_t arg1) {
    cwasmtime_functions.wasmtime_config_memory_reservation_set(arg0, arg1);
}
static inline void wasmtime_config_native_unwind_info_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_native_unwind_info_set(arg0, arg1);
}
static inline void wasmtime_config_parallel_compilation_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_parallel_compilation_set(arg0, arg1);
}
static inline void wasmtime_config_wasm_component_model_async_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_wasm_component_model_async_set(arg0, arg1);
}
static inline void wasmtime_config_wasm_component_model_map_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_wasm_component_model_map_set(arg0, arg1);
}
static inline void wasmtime_config_wasm_component_model_set(wasm_config_t *arg0, bool arg1) {
    cwasmtime_functions.wasmtime_config_wasm_component_model_set(arg0, arg1);
}
static inline wasmtime_error_t *wasmtime_wat2wasm(const char *wat, size_t wat_len, wasm_byte_vec_t *ret) {
    return cwasmtime_functions.wasmtime_wat2wasm(wat, wat_len, ret);
}
static inline wasmtime_error_t *wasmtime_component_new(wasm_engine_t *engine, uint8_t *buf, size_t len, wasmtime_component_t **component_out) {
    return cwasmtime_functions.wasmtime_component_new(engine, buf, len, component_out);
}
static inline wasmtime_error_t *wasmtime_component_serialize(wasmtime_component_t *component, wasm_byte_vec_t *ret) {
    return cwasmtime_functions.wasmtime_component_serialize(component, ret);
}
static inline wasmtime_error_t *wasmtime_component_deserialize(wasm_engine_t *engine, uint8_t *buf, size_t len, wasmtime_component_t **component_out) {
    return cwasmtime_functions.wasmtime_component_deserialize(engine, buf, len, component_out);
}
static inline wasmtime_error_t *wasmtime_component_deserialize_file(wasm_engine_t *engine, const char *path, wasmtime_component_t **component_out) {
    return cwasmtime_functions.wasmtime_component_deserialize_file(engine, path, component_out);
}
static inline void wasmtime_component_delete(wasmtime_component_t *component) {
    cwasmtime_functions.wasmtime_component_delete(component);
}
static inline wasmtime_component_type_t *wasmtime_component_type(wasmtime_component_t *component) {
    return cwasmtime_functions.wasmtime_component_type(component);
}
static inline wasmtime_component_export_index_t *wasmtime_component_get_export_index(wasmtime_component_t *component, wasmtime_component_export_index_t *instance_export_index, const char *name, size_t name_len) {
    return cwasmtime_functions.wasmtime_component_get_export_index(component, instance_export_index, name, name_len);
}
static inline void wasmtime_component_export_index_delete(wasmtime_component_export_index_t *export_index) {
    cwasmtime_functions.wasmtime_component_export_index_delete(export_index);
}
static inline void wasmtime_component_type_delete(wasmtime_component_type_t *ty) {
    cwasmtime_functions.wasmtime_component_type_delete(ty);
}
static inline size_t wasmtime_component_type_import_count(wasmtime_component_type_t *ty, wasm_engine_t *engine) {
    return cwasmtime_functions.wasmtime_component_type_import_count(ty, engine);
}
static inline bool wasmtime_component_type_import_nth(wasmtime_component_type_t *ty, wasm_engine_t *engine, size_t nth, const char **name_ret, size_t *name_len_ret, wasmtime_component_extern_t **ret) {
    return cwasmtime_functions.wasmtime_component_type_import_nth(ty, engine, nth, name_ret, name_len_ret, ret);
}
static inline size_t wasmtime_component_type_export_count(wasmtime_component_type_t *ty, wasm_engine_t *engine) {
    return cwasmtime_functions.wasmtime_component_type_export_count(ty, engine);
}
static inline bool wasmtime_component_type_export_nth(wasmtime_component_type_t *ty, wasm_engine_t *engine, size_t nth, const char **name_ret, size_t *name_len_ret, wasmtime_component_extern_t **ret) {
    return cwasmtime_functions.wasmtime_component_type_export_nth(ty, engine, nth, name_ret, name_len_ret, ret);
}
static inline bool wasmtime_component_type_export_get(wasmtime_component_type_t *ty, wasm_engine_t *engine, const char *name, size_t name_len, wasmtime_component_extern_t **ret) {
    return cwasmtime_functions.wasmtime_component_type_export_get(ty, engine, name, name_len, ret);
}
static inline void wasmtime_component_extern_type(wasmtime_component_extern_t *e, wasmtime_component_item_t *ret) {
    cwasmtime_functions.wasmtime_component_extern_type(e, ret);
}
static inline void wasmtime_component_extern_delete(wasmtime_component_extern_t *ptr) {
    cwasmtime_functions.wasmtime_component_extern_delete(ptr);
}
static inline void wasmtime_component_item_delete(wasmtime_component_item_t *ptr) {
    cwasmtime_functions.wasmtime_component_item_delete(ptr);
}
static inline size_t wasmtime_component_instance_type_export_count(wasmtime_component_instance_type_t *ty, wasm_engine_t *engine) {
    return cwasmtime_functions.wasmtime_component_instance_type_export_count(ty, engine);
}
static inline bool wasmtime_component_instance_type_export_nth(wasmtime_component_instance_type_t *ty, wasm_engine_t *engine, size_t nth, const char **name_ret, size_t *name_len_ret, wasmtime_component_extern_t **ret) {
    return cwasmtime_functions.wasmtime_component_instance_type_export_nth(ty, engine, nth, name_ret, name_len_ret, ret);
}
static inline bool wasmtime_component_instance_type_export_get(wasmtime_component_instance_type_t *ty, wasm_engine_t *engine, const char *name, size_t name_len, wasmtime_component_extern_t **ret) {
    return cwasmtime_functions.wasmtime_component_instance_type_export_get(ty, engine, name, name_len, ret);
}
static inline size_t wasmtime_component_func_type_param_count(wasmtime_component_func_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_func_type_param_count(ty);
}
static inline bool wasmtime_component_func_type_param_nth(wasmtime_component_func_type_t *ty, size_t nth, const char **name_ret, size_t *name_len_ret, wasmtime_component_valtype_t *type_ret) {
    return cwasmtime_functions.wasmtime_component_func_type_param_nth(ty, nth, name_ret, name_len_ret, type_ret);
}
static inline bool wasmtime_component_func_type_result(wasmtime_component_func_type_t *ty, wasmtime_component_valtype_t *type_ret) {
    return cwasmtime_functions.wasmtime_component_func_type_result(ty, type_ret);
}
static inline bool wasmtime_component_func_type_async(wasmtime_component_func_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_func_type_async(ty);
}
static inline void wasmtime_component_func_type_delete(wasmtime_component_func_type_t *ty) {
    cwasmtime_functions.wasmtime_component_func_type_delete(ty);
}
static inline void wasmtime_component_valtype_delete(wasmtime_component_valtype_t *ptr) {
    cwasmtime_functions.wasmtime_component_valtype_delete(ptr);
}
static inline void wasmtime_component_list_type_element(wasmtime_component_list_type_t *ty, wasmtime_component_valtype_t *type_ret) {
    cwasmtime_functions.wasmtime_component_list_type_element(ty, type_ret);
}
static inline size_t wasmtime_component_record_type_field_count(wasmtime_component_record_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_record_type_field_count(ty);
}
static inline bool wasmtime_component_record_type_field_nth(wasmtime_component_record_type_t *ty, size_t nth, const char **name_ret, size_t *name_len_ret, wasmtime_component_valtype_t *type_ret) {
    return cwasmtime_functions.wasmtime_component_record_type_field_nth(ty, nth, name_ret, name_len_ret, type_ret);
}
static inline size_t wasmtime_component_tuple_type_types_count(wasmtime_component_tuple_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_tuple_type_types_count(ty);
}
static inline bool wasmtime_component_tuple_type_types_nth(wasmtime_component_tuple_type_t *ty, size_t nth, wasmtime_component_valtype_t *type_ret) {
    return cwasmtime_functions.wasmtime_component_tuple_type_types_nth(ty, nth, type_ret);
}
static inline size_t wasmtime_component_variant_type_case_count(wasmtime_component_variant_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_variant_type_case_count(ty);
}
static inline bool wasmtime_component_variant_type_case_nth(wasmtime_component_variant_type_t *ty, size_t nth, const char **name_ret, size_t *name_len_ret, bool *has_payload_ret, wasmtime_component_valtype_t *payload_ret) {
    return cwasmtime_functions.wasmtime_component_variant_type_case_nth(ty, nth, name_ret, name_len_ret, has_payload_ret, payload_ret);
}
static inline size_t wasmtime_component_enum_type_names_count(wasmtime_component_enum_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_enum_type_names_count(ty);
}
static inline bool wasmtime_component_enum_type_names_nth(wasmtime_component_enum_type_t *ty, size_t nth, const char **name_ret, size_t *name_len_ret) {
    return cwasmtime_functions.wasmtime_component_enum_type_names_nth(ty, nth, name_ret, name_len_ret);
}
static inline void wasmtime_component_option_type_ty(wasmtime_component_option_type_t *ty, wasmtime_component_valtype_t *type_ret) {
    cwasmtime_functions.wasmtime_component_option_type_ty(ty, type_ret);
}
static inline bool wasmtime_component_result_type_ok(wasmtime_component_result_type_t *ty, wasmtime_component_valtype_t *type_ret) {
    return cwasmtime_functions.wasmtime_component_result_type_ok(ty, type_ret);
}
static inline bool wasmtime_component_result_type_err(wasmtime_component_result_type_t *ty, wasmtime_component_valtype_t *type_ret) {
    return cwasmtime_functions.wasmtime_component_result_type_err(ty, type_ret);
}
static inline size_t wasmtime_component_flags_type_names_count(wasmtime_component_flags_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_flags_type_names_count(ty);
}
static inline bool wasmtime_component_flags_type_names_nth(wasmtime_component_flags_type_t *ty, size_t nth, const char **name_ret, size_t *name_len_ret) {
    return cwasmtime_functions.wasmtime_component_flags_type_names_nth(ty, nth, name_ret, name_len_ret);
}
static inline void wasmtime_component_map_type_key(wasmtime_component_map_type_t *ty, wasmtime_component_valtype_t *type_ret) {
    cwasmtime_functions.wasmtime_component_map_type_key(ty, type_ret);
}
static inline void wasmtime_component_map_type_value(wasmtime_component_map_type_t *ty, wasmtime_component_valtype_t *type_ret) {
    cwasmtime_functions.wasmtime_component_map_type_value(ty, type_ret);
}
static inline wasmtime_component_resource_type_t *wasmtime_component_resource_type_new_host(uint32_t ty) {
    return cwasmtime_functions.wasmtime_component_resource_type_new_host(ty);
}
static inline wasmtime_component_resource_type_t *wasmtime_component_resource_type_clone(wasmtime_component_resource_type_t *ty) {
    return cwasmtime_functions.wasmtime_component_resource_type_clone(ty);
}
static inline bool wasmtime_component_resource_type_equal(wasmtime_component_resource_type_t *a, wasmtime_component_resource_type_t *b) {
    return cwasmtime_functions.wasmtime_component_resource_type_equal(a, b);
}
static inline void wasmtime_component_resource_type_delete(wasmtime_component_resource_type_t *resource) {
    cwasmtime_functions.wasmtime_component_resource_type_delete(resource);
}
static inline wasmtime_component_linker_t *wasmtime_component_linker_new(wasm_engine_t *engine) {
    return cwasmtime_functions.wasmtime_component_linker_new(engine);
}
static inline void wasmtime_component_linker_delete(wasmtime_component_linker_t *linker) {
    cwasmtime_functions.wasmtime_component_linker_delete(linker);
}
static inline wasmtime_component_linker_instance_t *wasmtime_component_linker_root(wasmtime_component_linker_t *linker) {
    return cwasmtime_functions.wasmtime_component_linker_root(linker);
}
static inline void wasmtime_component_linker_allow_shadowing(wasmtime_component_linker_t *linker, bool allow) {
    cwasmtime_functions.wasmtime_component_linker_allow_shadowing(linker, allow);
}
static inline wasmtime_error_t *wasmtime_component_linker_add_wasip2(wasmtime_component_linker_t *linker) {
    return cwasmtime_functions.wasmtime_component_linker_add_wasip2(linker);
}
static inline wasmtime_error_t *wasmtime_component_linker_define_unknown_imports_as_traps(wasmtime_component_linker_t *linker, wasmtime_component_t *component) {
    return cwasmtime_functions.wasmtime_component_linker_define_unknown_imports_as_traps(linker, component);
}
static inline wasmtime_error_t *wasmtime_component_linker_instance_add_instance(wasmtime_component_linker_instance_t *linker_instance, const char *name, size_t name_len, wasmtime_component_linker_instance_t **linker_instance_out) {
    return cwasmtime_functions.wasmtime_component_linker_instance_add_instance(linker_instance, name, name_len, linker_instance_out);
}
static inline wasmtime_error_t *wasmtime_component_linker_instance_add_func(wasmtime_component_linker_instance_t *linker_instance, const char *name, size_t name_len, wasmtime_component_func_callback_t callback, void *data, void (*finalizer)(void *)) {
    return cwasmtime_functions.wasmtime_component_linker_instance_add_func(linker_instance, name, name_len, callback, data, finalizer);
}
static inline wasmtime_error_t *wasmtime_component_linker_instance_add_resource(wasmtime_component_linker_instance_t *linker_instance, const char *name, size_t name_len, wasmtime_component_resource_type_t *resource, wasmtime_component_resource_destructor_t destructor, void *data, void (*finalizer)(void *)) {
    return cwasmtime_functions.wasmtime_component_linker_instance_add_resource(linker_instance, name, name_len, resource, destructor, data, finalizer);
}
static inline void wasmtime_component_linker_instance_delete(wasmtime_component_linker_instance_t *linker_instance) {
    cwasmtime_functions.wasmtime_component_linker_instance_delete(linker_instance);
}
static inline wasmtime_error_t *wasmtime_component_linker_instantiate(wasmtime_component_linker_t *linker, wasmtime_context_t *context, wasmtime_component_t *component, wasmtime_component_instance_t *instance_out) {
    return cwasmtime_functions.wasmtime_component_linker_instantiate(linker, context, component, instance_out);
}
static inline wasmtime_store_t *wasmtime_store_new(wasm_engine_t *engine, void *data, void (*finalizer)(void *)) {
    return cwasmtime_functions.wasmtime_store_new(engine, data, finalizer);
}
static inline void wasmtime_store_delete(wasmtime_store_t *store) {
    cwasmtime_functions.wasmtime_store_delete(store);
}
static inline wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *store) {
    return cwasmtime_functions.wasmtime_store_context(store);
}
static inline void wasmtime_store_limiter(wasmtime_store_t *store, int64_t memory_size, int64_t table_elements, int64_t instances, int64_t tables, int64_t memories) {
    cwasmtime_functions.wasmtime_store_limiter(store, memory_size, table_elements, instances, tables, memories);
}
static inline void wasmtime_store_epoch_deadline_callback(wasmtime_store_t *store, size_t (*func)(wasmtime_context_t *, void *, uint64_t *, wasmtime_update_deadline_kind_t *), void *data, void (*finalizer)(void *)) {
    cwasmtime_functions.wasmtime_store_epoch_deadline_callback(store, func, data, finalizer);
}
static inline void *wasmtime_context_get_data(wasmtime_context_t *context) {
    return cwasmtime_functions.wasmtime_context_get_data(context);
}
static inline void wasmtime_context_set_epoch_deadline(wasmtime_context_t *context, uint64_t ticks_beyond_current) {
    cwasmtime_functions.wasmtime_context_set_epoch_deadline(context, ticks_beyond_current);
}
static inline wasmtime_error_t *wasmtime_context_set_wasi(wasmtime_context_t *context, wasi_config_t *wasi) {
    return cwasmtime_functions.wasmtime_context_set_wasi(context, wasi);
}
static inline wasi_config_t *wasi_config_new(void) {
    return cwasmtime_functions.wasi_config_new();
}
static inline void wasi_config_delete(wasi_config_t *arg0) {
    cwasmtime_functions.wasi_config_delete(arg0);
}
static inline void wasi_config_inherit_network(wasi_config_t *config) {
    cwasmtime_functions.wasi_config_inherit_network(config);
}
static inline void wasi_config_allow_ip_name_lookup(wasi_config_t *config, bool enable) {
    cwasmtime_functions.wasi_config_allow_ip_name_lookup(config, enable);
}
static inline bool wasi_config_set_argv(wasi_config_t *config, size_t argc, const char **argv) {
    return cwasmtime_functions.wasi_config_set_argv(config, argc, argv);
}
static inline bool wasi_config_set_env(wasi_config_t *config, size_t envc, const char **names, const char **values) {
    return cwasmtime_functions.wasi_config_set_env(config, envc, names, values);
}
static inline bool wasi_config_set_stdin_file(wasi_config_t *config, const char *path) {
    return cwasmtime_functions.wasi_config_set_stdin_file(config, path);
}
static inline void wasi_config_set_stdin_bytes(wasi_config_t *config, wasm_byte_vec_t *binary) {
    cwasmtime_functions.wasi_config_set_stdin_bytes(config, binary);
}
static inline void wasi_config_inherit_stdin(wasi_config_t *config) {
    cwasmtime_functions.wasi_config_inherit_stdin(config);
}
static inline bool wasi_config_set_stdout_file(wasi_config_t *config, const char *path) {
    return cwasmtime_functions.wasi_config_set_stdout_file(config, path);
}
static inline void wasi_config_inherit_stdout(wasi_config_t *config) {
    cwasmtime_functions.wasi_config_inherit_stdout(config);
}
static inline void wasi_config_set_stdout_custom(wasi_config_t *config, ptrdiff_t (*callback)(void *, uint8_t *, size_t), void *data, void (*finalizer)(void *)) {
    cwasmtime_functions.wasi_config_set_stdout_custom(config, callback, data, finalizer);
}
static inline bool wasi_config_set_stderr_file(wasi_config_t *config, const char *path) {
    return cwasmtime_functions.wasi_config_set_stderr_file(config, path);
}
static inline void wasi_config_inherit_stderr(wasi_config_t *config) {
    cwasmtime_functions.wasi_config_inherit_stderr(config);
}
static inline void wasi_config_set_stderr_custom(wasi_config_t *config, ptrdiff_t (*callback)(void *, uint8_t *, size_t), void *data, void (*finalizer)(void *)) {
    cwasmtime_functions.wasi_config_set_stderr_custom(config, callback, data, finalizer);
}
static inline bool wasi_config_preopen_dir(wasi_config_t *config, const char *host_path, const char *guest_path, bool fs_mutable) {
    return cwasmtime_functions.wasi_config_preopen_dir(config, host_path, guest_path, fs_mutable);
}
static inline wasmtime_component_export_index_t *wasmtime_component_instance_get_export_index(wasmtime_component_instance_t *instance, wasmtime_context_t *context, wasmtime_component_export_index_t *instance_export_index, const char *name, size_t name_len) {
    return cwasmtime_functions.wasmtime_component_instance_get_export_index(instance, context, instance_export_index, name, name_len);
}
static inline bool wasmtime_component_instance_get_func(wasmtime_component_instance_t *instance, wasmtime_context_t *context, wasmtime_component_export_index_t *export_index, wasmtime_component_func_t *func_out) {
    return cwasmtime_functions.wasmtime_component_instance_get_func(instance, context, export_index, func_out);
}
static inline wasmtime_component_func_type_t *wasmtime_component_func_type(wasmtime_component_func_t *func, wasmtime_context_t *context) {
    return cwasmtime_functions.wasmtime_component_func_type(func, context);
}
static inline wasmtime_error_t *wasmtime_component_func_call(wasmtime_component_func_t *func, wasmtime_context_t *context, wasmtime_component_val_t *args, size_t args_size, wasmtime_component_val_t *results, size_t results_size) {
    return cwasmtime_functions.wasmtime_component_func_call(func, context, args, args_size, results, results_size);
}
static inline wasmtime_component_val_t *wasmtime_component_val_new(wasmtime_component_val_t *val) {
    return cwasmtime_functions.wasmtime_component_val_new(val);
}
static inline void wasmtime_component_val_delete(wasmtime_component_val_t *value) {
    cwasmtime_functions.wasmtime_component_val_delete(value);
}
static inline void wasmtime_component_vallist_new_uninit(wasmtime_component_vallist_t *out, size_t size) {
    cwasmtime_functions.wasmtime_component_vallist_new_uninit(out, size);
}
static inline void wasmtime_component_valrecord_new_uninit(wasmtime_component_valrecord_t *out, size_t size) {
    cwasmtime_functions.wasmtime_component_valrecord_new_uninit(out, size);
}
static inline void wasmtime_component_valtuple_new_uninit(wasmtime_component_valtuple_t *out, size_t size) {
    cwasmtime_functions.wasmtime_component_valtuple_new_uninit(out, size);
}
static inline void wasmtime_component_valflags_new_uninit(wasmtime_component_valflags_t *out, size_t size) {
    cwasmtime_functions.wasmtime_component_valflags_new_uninit(out, size);
}
static inline void wasmtime_component_valmap_new_uninit(wasmtime_component_valmap_t *out, size_t size) {
    cwasmtime_functions.wasmtime_component_valmap_new_uninit(out, size);
}
static inline wasmtime_component_resource_type_t *wasmtime_component_resource_any_type(wasmtime_component_resource_any_t *resource) {
    return cwasmtime_functions.wasmtime_component_resource_any_type(resource);
}
static inline wasmtime_component_resource_any_t *wasmtime_component_resource_any_clone(wasmtime_component_resource_any_t *resource) {
    return cwasmtime_functions.wasmtime_component_resource_any_clone(resource);
}
static inline bool wasmtime_component_resource_any_owned(wasmtime_component_resource_any_t *resource) {
    return cwasmtime_functions.wasmtime_component_resource_any_owned(resource);
}
static inline wasmtime_error_t *wasmtime_component_resource_any_drop(wasmtime_context_t *ctx, wasmtime_component_resource_any_t *resource) {
    return cwasmtime_functions.wasmtime_component_resource_any_drop(ctx, resource);
}
static inline void wasmtime_component_resource_any_delete(wasmtime_component_resource_any_t *resource) {
    cwasmtime_functions.wasmtime_component_resource_any_delete(resource);
}
static inline wasmtime_error_t *wasmtime_component_resource_any_to_host(wasmtime_context_t *ctx, wasmtime_component_resource_any_t *resource, wasmtime_component_resource_host_t **ret) {
    return cwasmtime_functions.wasmtime_component_resource_any_to_host(ctx, resource, ret);
}
static inline wasmtime_component_resource_host_t *wasmtime_component_resource_host_new(bool owned, uint32_t rep, uint32_t ty) {
    return cwasmtime_functions.wasmtime_component_resource_host_new(owned, rep, ty);
}
static inline uint32_t wasmtime_component_resource_host_rep(wasmtime_component_resource_host_t *resource) {
    return cwasmtime_functions.wasmtime_component_resource_host_rep(resource);
}
static inline uint32_t wasmtime_component_resource_host_type(wasmtime_component_resource_host_t *resource) {
    return cwasmtime_functions.wasmtime_component_resource_host_type(resource);
}
static inline bool wasmtime_component_resource_host_owned(wasmtime_component_resource_host_t *resource) {
    return cwasmtime_functions.wasmtime_component_resource_host_owned(resource);
}
static inline wasmtime_error_t *wasmtime_component_resource_host_to_any(wasmtime_context_t *ctx, wasmtime_component_resource_host_t *resource, wasmtime_component_resource_any_t **ret) {
    return cwasmtime_functions.wasmtime_component_resource_host_to_any(ctx, resource, ret);
}
static inline void wasmtime_component_resource_host_delete(wasmtime_component_resource_host_t *resource) {
    cwasmtime_functions.wasmtime_component_resource_host_delete(resource);
}
