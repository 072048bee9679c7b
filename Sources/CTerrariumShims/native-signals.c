// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "native-code.h"
#include "slots-of-images.h"

_Thread_local terrarium_native_thread terrarium_this_native_thread;

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <ucontext.h>

static uintptr_t instruction(const ucontext_t *context) {
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#else
    return (uintptr_t)context->uc_mcontext.pc;
#endif
}

static int first_argument(const ucontext_t *context) {
#if defined(__x86_64__)
    return (int)context->uc_mcontext.gregs[REG_RDI];
#else
    return (int)context->uc_mcontext.regs[0];
#endif
}

/// Returns whether an instruction of the guest that this thread runs was interrupted.
static bool is_of_guest(const terrarium_native_activation *activation, uintptr_t instruction) {
    const terrarium_native_code *code = activation->guest->code;
    return instruction >= code->text_start && instruction < code->text_end;
}

/// Leaves the innermost call.
///
/// The handlers block no signals, so there is no mask to put back.
static _Noreturn void leave(terrarium_native_activation *activation, int outcome) {
    activation->outcome = outcome;
    siglongjmp(activation->leave, 1);
}

// MARK: - Handlers before ours

static struct {
    int signal;
    struct sigaction previous;
} handled[] = {{.signal = SIGSEGV}, {.signal = SIGBUS}, {.signal = SIGILL}, {.signal = TERRARIUM_NATIVE_SIGNAL}};

enum { handled_count = sizeof handled / sizeof handled[0] };

/// Passes a signal on to who handled it before.
static void pass_on(int signal, siginfo_t *info, void *context) {
    struct sigaction *previous = NULL;
    for (int index = 0; index < handled_count; index++) {
        if (handled[index].signal == signal) {
            previous = &handled[index].previous;
        }
    }
    if (!previous) {
        return;
    }
    if (previous->sa_flags & SA_SIGINFO) {
        previous->sa_sigaction(signal, info, context);
    } else if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN) {
        previous->sa_handler(signal);
    } else if (signal != TERRARIUM_NATIVE_SIGNAL) {
        // The instruction is run again, and ends the process as it would have without us.
        struct sigaction standard = {.sa_handler = SIG_DFL};
        sigaction(signal, &standard, NULL);
    }
}

// MARK: - Faults

/// The trap that a fault of the guest is; 0 if it is none.
static int trap_of(const terrarium_native_activation *activation, int signal, const siginfo_t *info, const ucontext_t *context) {
    const terrarium_native_guest *guest = activation->guest;
    if (signal == SIGILL) {
        bool is_trap = instruction(context) == (uintptr_t)guest->code->library->trap_instruction;
        return is_trap ? first_argument(context) : 0;
    }
    // Made by a fault, not sent by somebody.
    if (info->si_code <= 0) {
        return 0;
    }
    uintptr_t address = (uintptr_t)info->si_addr;
    uintptr_t memory = (uintptr_t)guest->slot->base;
    if (address >= memory && address < memory + guest->slot->mapped) {
        return TERRARIUM_NATIVE_TRAP_MEMORY;
    }
    const terrarium_native_thread *thread = &terrarium_this_native_thread;
    return address >= thread->guard_start && address < thread->guard_end ? TERRARIUM_NATIVE_TRAP_STACK : 0;
}

static void handle_fault(int signal, siginfo_t *info, void *context) {
    terrarium_native_activation *activation = terrarium_this_native_thread.activation;
    if (activation && is_of_guest(activation, instruction(context))) {
        int trap = trap_of(activation, signal, info, context);
        if (trap != 0) {
            leave(activation, trap);
        }
    }
    pass_on(signal, info, context);
}

// MARK: - Requests

static void write_word(const terrarium_native_guest *guest, uint32_t address, uint32_t value) {
    if (guest->slot->size >= 4 && address <= guest->slot->size - 4) {
        memcpy(guest->slot->base + address, &value, 4);
    }
}

void terrarium_write_native_words(terrarium_native_guest *guest) {
    if (!atomic_exchange(&guest->wants_words, false)) {
        return;
    }
    uint32_t breaker = 0;
    if (guest->slot->size >= 4 && guest->words.breaker_address <= guest->slot->size - 4) {
        memcpy(&breaker, guest->slot->base + guest->words.breaker_address, 4);
    }
    write_word(guest, guest->words.exception_address, guest->words.exception);
    write_word(guest, guest->words.breaker_address, breaker | guest->words.breaker_bit);
}

static void handle_request(int signal, siginfo_t *info, void *context) {
    terrarium_native_activation *activation = terrarium_this_native_thread.activation;
    if (!activation) {
        pass_on(signal, info, context);
        return;
    }
    // Elsewhere than in the guest's code the request stays, and whoever made it asks again.
    if (is_of_guest(activation, instruction(context))) {
        terrarium_write_native_words(activation->guest);
        if (atomic_load(&activation->guest->wants_stop)) {
            leave(activation, TERRARIUM_NATIVE_STOPPED);
        }
    }
}

static bool is_handling;

static void handle_signals(void) {
    is_handling = true;
    for (int index = 0; index < handled_count; index++) {
        struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
        bool is_request = handled[index].signal == TERRARIUM_NATIVE_SIGNAL;
        action.sa_sigaction = is_request ? handle_request : handle_fault;
        action.sa_flags |= is_request ? SA_RESTART : 0;
        is_handling = sigaction(handled[index].signal, &action, &handled[index].previous) == 0 && is_handling;
    }
}

bool terrarium_handle_native_signals(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, handle_signals);
    return is_handling;
}

// MARK: - Threads

/// As much as the engine wants as well, which then uses this one.
enum { signal_stack_bytes = 256 << 10 };

static pthread_key_t signal_stack_key;

static void free_signal_stack(void *stack) {
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(stack, signal_stack_bytes);
}

static void make_signal_stack_key(void) { pthread_key_create(&signal_stack_key, free_signal_stack); }

static bool prepare_signal_stack(void) {
    stack_t known;
    if (sigaltstack(NULL, &known) == 0 && !(known.ss_flags & SS_DISABLE) && known.ss_size >= 32 << 10) {
        return true;
    }
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_signal_stack_key);
    void *stack = mmap(NULL, signal_stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED) {
        return false;
    }
    stack_t own = {.ss_sp = stack, .ss_size = signal_stack_bytes};
    if (sigaltstack(&own, NULL) != 0 || pthread_setspecific(signal_stack_key, stack) != 0) {
        free_signal_stack(stack);
        return false;
    }
    return true;
}

bool terrarium_prepare_native_thread(void) {
    terrarium_native_thread *thread = &terrarium_this_native_thread;
    if (thread->is_prepared) {
        return true;
    }
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return false;
    }
    void *stack;
    size_t size, guard;
    bool is_known = pthread_attr_getstack(&attributes, &stack, &size) == 0
        && pthread_attr_getguardsize(&attributes, &guard) == 0 && guard > 0;
    pthread_attr_destroy(&attributes);
    if (!is_known || !prepare_signal_stack()) {
        return false;
    }
    // Threads that come of libdispatch's block most signals. This one is for guests only, and has to be reached.
    sigset_t request;
    sigemptyset(&request);
    sigaddset(&request, TERRARIUM_NATIVE_SIGNAL);
    if (pthread_sigmask(SIG_UNBLOCK, &request, NULL) != 0) {
        return false;
    }
    // Libraries differ in whether the guard is a part of the stack that they tell of.
    thread->guard_start = (uintptr_t)stack - guard;
    thread->guard_end = (uintptr_t)stack + guard + TERRARIUM_PAGE_BYTES;
    thread->stack_end = (uintptr_t)stack + guard;
    thread->is_prepared = true;
    return true;
}

#else

bool terrarium_handle_native_signals(void) { return false; }
bool terrarium_prepare_native_thread(void) { return false; }

#endif
