// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "native-code.h"
#include "slots-of-images.h"

/// Addresses of 32 bits with an offset of 32 bits never leave this.
static const size_t reserved_bytes = 4ull << 30;
static const size_t guard_bytes = (4ull << 30) + (64 << 10);

/// The part of the stack that is kept for host functions.
static const size_t host_stack_bytes = 2 << 20;

// MARK: - Code

#if defined(__linux__)

#include <link.h>

/// Finds the piece of machine code in which an address lies.
static int find_text(struct dl_phdr_info *info, size_t size, void *argument) {
    (void)size;
    terrarium_native_code *code = argument;
    uintptr_t wanted = (uintptr_t)code->library->trap_instruction;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        bool is_code = segment->p_type == PT_LOAD && segment->p_flags & PF_X;
        if (is_code && wanted >= start && wanted < start + segment->p_memsz) {
            code->text_start = start;
            code->text_end = start + segment->p_memsz;
            return 1;
        }
    }
    return 0;
}

static bool has_text(terrarium_native_code *code) { return dl_iterate_phdr(find_text, code) == 1; }

#else

static bool has_text(terrarium_native_code *code) {
    (void)code;
    return false;
}

#endif

terrarium_native_code *terrarium_native_load(const char *path, char **failure) {
    *failure = NULL;
    // Bound at once: a function that is looked for at its first call would be looked for on the guest's stack.
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        *failure = strdup(dlerror());
        return NULL;
    }
    const terrarium_native_library *library = dlsym(handle, "terrarium_guest");
    terrarium_native_code *code = calloc(1, sizeof *code);
    const char *problem = NULL;
    if (!code) {
        problem = "there is no memory";
    } else if (!library || library->abi != TERRARIUM_NATIVE_ABI) {
        problem = "it is of another version";
    } else if (!terrarium_handle_native_signals()) {
        problem = "this system's signals are not known";
    } else {
        code->library = library;
        if (!has_text(code)) {
            problem = "its machine code was not found";
        }
    }
    if (problem) {
        *failure = strdup(problem);
        free(code);
        dlclose(handle);
        return NULL;
    }
    library->set_up();
    if (mprotect(library->tables, library->tables_bytes, PROT_READ) != 0) {
        *failure = strdup("its tables cannot be protected");
        // The library stays: its tables are filled only once.
        free(code);
        return NULL;
    }
    return code;
}

const terrarium_native_library *terrarium_native_description(const terrarium_native_code *code) {
    return code->library;
}

// MARK: - What guest code calls

static void call_import(void *context, uint32_t number, uint64_t *values) {
    terrarium_native_guest *guest = context;
    terrarium_native_activation *activation = terrarium_this_native_thread.activation;
    atomic_store_explicit(&guest->is_in_host, true, memory_order_release);
    bool goes_on = guest->import(guest->context, number, values);
    atomic_store_explicit(&guest->is_in_host, false, memory_order_release);
    // A guest that does little but call its host is hardly ever found at an instruction of its own.
    terrarium_write_native_words(guest);
    bool is_stopped = atomic_load(&guest->wants_stop);
    if (!goes_on || is_stopped) {
        activation->outcome = goes_on ? TERRARIUM_NATIVE_STOPPED : TERRARIUM_NATIVE_FAILED;
        // Between here and where the guest was called there are only functions of the guest and of this file.
        siglongjmp(activation->leave, 1);
    }
}

static int grow_memory(void *context, uint64_t byte_count) {
    terrarium_native_guest *guest = context;
    size_t size = guest->slot->size;
    return byte_count <= guest->max_size && size <= guest->max_size - byte_count
        && terrarium_resize_slot(guest->slot, size + byte_count);
}

static const terrarium_native_host host = {.call = call_import, .grow = grow_memory};

// MARK: - Instances

terrarium_native_guest *terrarium_native_create(
    const terrarium_native_code *code,
    terrarium_memory_image *image,
    size_t initial,
    size_t size,
    size_t max_size
) {
    if (!terrarium_prepare_native_thread()) {
        return NULL;
    }
    initial = terrarium_whole_pages(initial);
    if (initial < image->length) {
        initial = image->length;
    }
    terrarium_native_guest *guest = calloc(1, sizeof *guest);
    void *instance = calloc(1, code->library->instance_bytes);
    terrarium_slot *slot = guest && instance ? terrarium_take_slot(image, initial, reserved_bytes, guard_bytes) : NULL;
    if (!slot) {
        free(guest);
        free(instance);
        return NULL;
    }
    if (size > slot->size && !terrarium_resize_slot(slot, size)) {
        terrarium_give_back_slot(slot);
        free(guest);
        free(instance);
        return NULL;
    }
    guest->code = code;
    guest->instance = instance;
    guest->slot = slot;
    guest->max_size = max_size;
    pthread_mutex_init(&guest->mutex, NULL);
    code->library->instantiate(instance, &host, guest, slot->base, slot->size);
    return guest;
}

void terrarium_native_set_import(terrarium_native_guest *guest, terrarium_native_import import, void *context) {
    guest->import = import;
    guest->context = context;
}

void terrarium_native_destroy(terrarium_native_guest *guest) {
    terrarium_give_back_slot(guest->slot);
    pthread_mutex_destroy(&guest->mutex);
    free(guest->instance);
    free(guest);
}

terrarium_slot *terrarium_native_slot(const terrarium_native_guest *guest) { return guest->slot; }

// MARK: - Calls

/// Notes which thread runs the guest, if it is not known, for those who send signals. Returns whether this did.
static bool begin(terrarium_native_guest *guest) {
    pthread_mutex_lock(&guest->mutex);
    bool begins = !guest->is_running;
    if (begins) {
        guest->is_running = true;
        guest->call++;
        guest->thread = pthread_self();
#if defined(__linux__)
        pthread_getcpuclockid(guest->thread, &guest->clock);
#endif
    }
    pthread_mutex_unlock(&guest->mutex);
    return begins;
}

static void end(terrarium_native_guest *guest) {
    pthread_mutex_lock(&guest->mutex);
    guest->is_running = false;
    // What was asked of this call is not asked of the next.
    guest->has_dropped_words = atomic_exchange(&guest->wants_words, false);
    atomic_store(&guest->wants_stop, false);
    pthread_mutex_unlock(&guest->mutex);
}

int terrarium_native_call(terrarium_native_guest *guest, uint32_t number, uint64_t *values) {
    if (!terrarium_prepare_native_thread()) {
        return TERRARIUM_NATIVE_TRAP_STACK;
    }
    terrarium_native_thread *thread = &terrarium_this_native_thread;
    const terrarium_native_library *library = guest->code->library;
    library->set_stack_limit(guest->instance, thread->stack_end + host_stack_bytes);
    // A host function that calls the guest is one no more until that has returned.
    bool was_in_host = atomic_exchange(&guest->is_in_host, false);
    bool begins = begin(guest);
    terrarium_native_activation activation = {.outer = thread->activation, .guest = guest};
    // Without the mask of signals, which no handler changes.
    if (sigsetjmp(activation.leave, 0) == 0) {
        thread->activation = &activation;
        library->exports[number].call(guest->instance, values);
    }
    terrarium_this_native_thread.activation = activation.outer;
    if (begins) {
        end(guest);
    }
    atomic_store(&guest->is_in_host, was_in_host);
    return activation.outcome;
}

bool terrarium_native_has_dropped_words(const terrarium_native_guest *guest) { return guest->has_dropped_words; }

// MARK: - Requests from other threads

bool terrarium_native_find_progress(terrarium_native_guest *guest, terrarium_native_progress *progress) {
    pthread_mutex_lock(&guest->mutex);
    struct timespec time;
    bool is_running = guest->is_running && !atomic_load_explicit(&guest->is_in_host, memory_order_acquire)
        && clock_gettime(guest->clock, &time) == 0;
    if (is_running) {
        progress->call = guest->call;
        progress->processor_time = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
    }
    pthread_mutex_unlock(&guest->mutex);
    return is_running;
}

/// Sends the signal; the guest's mutex is held, so the thread is there.
static void ask(const terrarium_native_guest *guest) { pthread_kill(guest->thread, TERRARIUM_NATIVE_SIGNAL); }

void terrarium_native_ask_again(terrarium_native_guest *guest) {
    pthread_mutex_lock(&guest->mutex);
    if (guest->is_running && (atomic_load(&guest->wants_stop) || atomic_load(&guest->wants_words))) {
        ask(guest);
    }
    pthread_mutex_unlock(&guest->mutex);
}

void terrarium_native_raise(terrarium_native_guest *guest, uint64_t call, terrarium_native_words words) {
    pthread_mutex_lock(&guest->mutex);
    // Words that wait to be written stay as they are: the handler takes them as a whole.
    if (guest->is_running && guest->call == call && !atomic_load(&guest->wants_words)) {
        guest->words = words;
        atomic_store(&guest->wants_words, true);
        ask(guest);
    }
    pthread_mutex_unlock(&guest->mutex);
}

void terrarium_native_stop(terrarium_native_guest *guest, uint64_t call) {
    pthread_mutex_lock(&guest->mutex);
    if (guest->is_running && guest->call == call) {
        atomic_store(&guest->wants_stop, true);
        ask(guest);
    }
    pthread_mutex_unlock(&guest->mutex);
}

// MARK: - Processors

const char *terrarium_native_processor(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool is_third = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")
        && __builtin_cpu_supports("fma");
    return is_third ? "x86-64-v3" : "x86-64-v2";
#else
    return "arm64";
#endif
}
