// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "slots-of-images.h"
#include "wasmtime-functions.h"

// The memories of the engine: slots, if one was asked for.

static _Thread_local struct {
    terrarium_memory_image *image;
    size_t size;
    terrarium_slot *slot;
} request;

// MARK: - Requests

void terrarium_request_slot(terrarium_memory_image *image, size_t size) {
    request.image = image;
    request.size = size;
    request.slot = NULL;
}

terrarium_slot *terrarium_finish_request(void) {
    request.image = NULL;
    if (request.slot) {
        terrarium_slot_leave(request.slot);
    }
    return request.slot;
}

void terrarium_forget_requested_slot(const terrarium_slot *slot) {
    if (request.slot == slot) {
        request.slot = NULL;
    }
}

// MARK: - The engine's callbacks

static size_t failure(const char *message) { return (size_t)wasmtime_error_new(message); }

static void give_back(void *environment) { terrarium_give_back_slot(environment); }

static size_t get_memory(void *environment, size_t *size, size_t *maximum) {
    const terrarium_slot *slot = environment;
    *size = slot->size;
    *maximum = slot->reserved;
    return (size_t)slot->base;
}

static size_t grow_memory(void *environment, size_t size) {
    return terrarium_resize_slot(environment, size) ? 0 : failure("the memory cannot grow: there is no more address space for it");
}

static size_t new_memory(
    void *environment,
    wasm_memorytype_t *type,
    size_t minimum,
    size_t maximum,
    size_t reserved,
    size_t guard,
    wasmtime_linear_memory_t *memory
) {
    (void)environment;
    (void)type;
    (void)maximum;
    // Where code throws exceptions, the engine first makes a heap for them, which is empty: the image is for the memory of the
    // guest, which is not.
    bool is_engine_heap = minimum == 0;
    terrarium_memory_image *image = request.slot || is_engine_heap ? NULL : request.image;
    minimum = terrarium_whole_pages(minimum);
    if (image && image->length > minimum) {
        minimum = image->length; // an image of a memory that had grown
    }
    terrarium_slot *slot = image ? terrarium_take_slot(image, minimum, reserved, guard) : terrarium_new_slot(NULL, minimum, reserved, guard);
    if (!slot) {
        return failure("no memory can be made: there is no address space for it");
    }
    if (image) {
        request.slot = slot;
        terrarium_slot_enter(slot);
        if (request.size > slot->size && !terrarium_resize_slot(slot, request.size)) {
            terrarium_give_back_slot(slot);
            return failure("no memory of the size of the snapshot can be made");
        }
    }
    memory->env = slot;
    memory->get_memory = get_memory;
    memory->grow_memory = grow_memory;
    memory->finalizer = give_back;
    return 0;
}

wasmtime_memory_creator_t terrarium_memory_creator(void) {
    return (wasmtime_memory_creator_t){.env = NULL, .new_memory = new_memory, .finalizer = NULL};
}
