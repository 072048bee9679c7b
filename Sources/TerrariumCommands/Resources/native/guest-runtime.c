// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the C that wasm2c makes of a guest needs beside it. All of the library is code of the guest: it uses no other
// library, so a fault or a stop in it can be told from one in the program around it by the address of the instruction.
// The program is reached through `terrarium_native_host` only.

#include "mod.h"

#include "guest-functions.h"
#include "guest.h"
#include "native-abi.h"

/// An instance, with what stands beside its module.
typedef struct instance {
    const terrarium_native_host *host;
    void *context;
    uintptr_t stack_limit;
    w2c_mod module;
} instance;

static inline instance *instance_of(void *module) {
    return (instance *)((char *)module - offsetof(instance, module));
}

// MARK: - Traps

__attribute__((visibility("hidden"))) extern const uint8_t terrarium_trap_instruction[];

#if defined(__x86_64__)
__asm__(".text\n"
        ".globl wasm_rt_trap\n.hidden wasm_rt_trap\n.type wasm_rt_trap, @function\n"
        ".globl terrarium_trap_instruction\n.hidden terrarium_trap_instruction\n"
        "wasm_rt_trap:\nterrarium_trap_instruction:\n    ud2\n"
        ".size wasm_rt_trap, . - wasm_rt_trap\n");
#elif defined(__aarch64__)
__asm__(".text\n"
        ".globl wasm_rt_trap\n.hidden wasm_rt_trap\n.type wasm_rt_trap, %function\n"
        ".globl terrarium_trap_instruction\n.hidden terrarium_trap_instruction\n"
        "wasm_rt_trap:\nterrarium_trap_instruction:\n    udf #0\n"
        ".size wasm_rt_trap, . - wasm_rt_trap\n");
#else
#error "Guest code is optimised for x86-64 and arm64 only."
#endif

// MARK: - Memory

bool wasm_rt_is_initialized(void) { return true; }

void wasm_rt_allocate_memory(
    wasm_rt_memory_t *memory, uint64_t pages, uint64_t max_pages, bool is_64_bit, uint32_t page_bytes
) {
    // The program brings the memory of each instance.
    memory->page_size = page_bytes;
    memory->max_pages = max_pages < 65536 ? max_pages : 65536;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) {}

/// Ends the guest if the program's functions could run out of stack.
static inline void check_stack(const instance *guest) {
    if ((uintptr_t)__builtin_frame_address(0) < guest->stack_limit) {
        wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
    }
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint64_t pages) {
    instance *guest = (instance *)((char *)memory - offsetof(instance, module.w2c_memory));
    uint64_t before = memory->pages;
    if (pages > memory->max_pages - before) {
        return UINT32_MAX;
    }
    if (pages > 0) {
        check_stack(guest);
        if (!guest->host->grow(guest->context, pages << 16)) {
            return UINT32_MAX;
        }
    }
    memory->pages += pages;
    memory->size = memory->pages << 16;
    return before;
}

// MARK: - Tables

static _Alignas(TERRARIUM_PAGE_ALIGNMENT) union {
    wasm_rt_funcref_t entries[TABLE_ENTRIES];
    uint8_t pages[(TABLE_ENTRIES * sizeof(wasm_rt_funcref_t) + TERRARIUM_PAGE_ALIGNMENT - 1) / TERRARIUM_PAGE_ALIGNMENT
                  * TERRARIUM_PAGE_ALIGNMENT];
} tables;
static uint32_t table_entries;

/// Gives a table its place; all instances share what is filled in once.
void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t count, uint32_t max_count) {
    if (count > TABLE_ENTRIES - table_entries) {
        wasm_rt_trap(WASM_RT_TRAP_OOB);
    }
    table->data = tables.entries + table_entries;
    table->size = count;
    table->max_size = count;
    table_entries += count;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table) {}

// MARK: - Imports and exports

static void call_host(void *module, uint32_t number, uint64_t *values) {
    instance *guest = instance_of(module);
    check_stack(guest);
    guest->host->call(guest->context, number, values);
}

static inline uint64_t bits_of_f32(f32 value) {
    u32 bits;
    __builtin_memcpy(&bits, &value, 4);
    return bits;
}

static inline f32 f32_of_bits(uint64_t value) {
    u32 bits = (u32)value;
    f32 result;
    __builtin_memcpy(&result, &bits, 4);
    return result;
}

static inline uint64_t bits_of_f64(f64 value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, 8);
    return bits;
}

static inline f64 f64_of_bits(uint64_t value) {
    f64 result;
    __builtin_memcpy(&result, &value, 8);
    return result;
}

#include "guest-functions.inc"

// MARK: - The library

/// An instance as each begins, without what is its own.
static w2c_mod template;

static void set_up(void) { instantiate_template(&template); }

static void instantiate(
    void *storage, const terrarium_native_host *host, void *context, uint8_t *memory, uint64_t memory_bytes
) {
    instance *guest = storage;
    guest->host = host;
    guest->context = context;
    __builtin_memcpy(&guest->module, &template, sizeof template);
    // Imports get the module, as functions in tables do.
    set_import_instance(&guest->module);
    guest->module.w2c_memory.data = memory;
    guest->module.w2c_memory.data_end = memory + memory_bytes;
    guest->module.w2c_memory.size = memory_bytes;
    guest->module.w2c_memory.pages = memory_bytes >> 16;
}

static void set_stack_limit(void *storage, uintptr_t limit) { ((instance *)storage)->stack_limit = limit; }

__attribute__((visibility("default"))) const terrarium_native_library terrarium_guest = {
    .abi = TERRARIUM_NATIVE_ABI,
    .description = DESCRIPTION,
    .exports = exports,
    .export_count = EXPORT_COUNT,
    .imports = imports,
    .import_count = IMPORT_COUNT,
    .realloc = REALLOC_EXPORT,
    .instance_bytes = sizeof(instance),
    .trap_instruction = terrarium_trap_instruction,
    .tables = tables.pages,
    .tables_bytes = sizeof tables.pages,
    .set_up = set_up,
    .instantiate = instantiate,
    .set_stack_limit = set_stack_limit,
};
