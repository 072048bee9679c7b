// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The functions of the world, as the canonical ABI lowers them: there is no library and no generated code.

#include <stddef.h>
#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

typedef struct { uint32_t address, length; } list;
typedef struct { uint32_t descriptor; list name; } preopen;
typedef struct { uint8_t failed, padding[3]; uint32_t descriptor; } opened;
typedef struct { uint8_t failed, padding[3]; list bytes; uint8_t ended; } read_result;
typedef struct { uint8_t failed, padding[3]; uint32_t first; list reason; } added;
// result<entry, problem>: the payload is at 8, because entries have a u64.
typedef struct {
    uint8_t failed, padding[7];
    union {
        struct { list name; uint64_t size; } entry;
        struct { uint32_t kind; list reason; } problem;
    };
} surveyed;

IMPORT("wasi:filesystem/preopens@0.2.3", "get-directories") void get_directories(list *result);
IMPORT("wasi:filesystem/types@0.2.3", "[method]descriptor.open-at")
void open_at(uint32_t self, uint32_t path_flags, uint32_t path, uint32_t length, uint32_t open_flags, uint32_t flags,
             opened *result);
IMPORT("wasi:filesystem/types@0.2.3", "[method]descriptor.read")
void read_at(uint32_t self, uint64_t length, uint64_t offset, read_result *result);
IMPORT("wasi:filesystem/types@0.2.3", "[resource-drop]descriptor") void drop_descriptor(uint32_t descriptor);
IMPORT("test:ledgers/store", "[constructor]ledger") uint32_t new_ledger(uint32_t title, uint32_t length);
IMPORT("test:ledgers/store", "[method]ledger.add")
void add(uint32_t ledger, uint32_t name, uint32_t length, uint64_t size, added *result);
IMPORT("test:ledgers/store", "[resource-drop]ledger") void drop_ledger(uint32_t ledger);

static _Alignas(16) uint8_t heap[1 << 22];
static uint32_t used;

EXPORT("cabi_realloc") void *allocate(void *old, size_t old_size, size_t alignment, size_t size) {
    used = (used + alignment - 1) & ~(alignment - 1);
    if (size > sizeof heap - used) __builtin_trap();
    used += size;
    return heap + used - size;
}

#define ADDRESS(pointer) ((uint32_t)(uintptr_t)(pointer))

static surveyed outcome;

static surveyed *fail(const char *reason, uint32_t length) {
    outcome.failed = 1;
    outcome.problem.kind = 1;
    outcome.problem.reason = (list){ADDRESS(reason), length};
    return &outcome;
}

EXPORT("survey") surveyed *survey(uint32_t path, uint32_t length) {
    outcome = (surveyed){0};
    uint32_t mark = used;
    list directories;
    get_directories(&directories);
    if (directories.length == 0) return fail("no preopen", 10);
    uint32_t root = ((preopen *)(uintptr_t)directories.address)->descriptor;
    opened file;
    open_at(root, 1, path, length, 0, 1, &file);
    if (file.failed) return fail("no such file", 12);
    uint64_t size = 0;
    read_result chunk;
    // What was allocated for one chunk makes room for the next.
    do {
        used = mark;
        read_at(file.descriptor, 1 << 20, size, &chunk);
        if (chunk.failed) return fail("unreadable", 10);
        size += chunk.bytes.length;
    } while (!chunk.ended && chunk.bytes.length > 0);
    drop_descriptor(file.descriptor);
    drop_descriptor(root);
    uint32_t ledger = new_ledger(ADDRESS("C"), 1);
    added result;
    add(ledger, path, length, size, &result);
    drop_ledger(ledger);
    if (result.failed) {
        outcome.failed = 1;
        outcome.problem.kind = result.first & 0xff;
        outcome.problem.reason = result.reason;
    } else {
        outcome.entry.name = (list){path, length};
        outcome.entry.size = size;
    }
    return &outcome;
}
