// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stddef.h>

/// Starts a detached thread with a stack of `stack_bytes` that runs `body(context)`. Returns 0 or an error number.
///
/// Swift offers no thread whose stack size can be set without the whole of Foundation.
int terrarium_start_thread(size_t stack_bytes, void (*_Nonnull body)(void *_Nonnull context), void *_Nonnull context);

/// Notes on the calling thread to whom it belongs; the note is the thread's own, and at first there is none.
void terrarium_set_thread_owner(void *_Nullable owner);

/// To whom the calling thread belongs.
void *_Nullable terrarium_thread_owner(void);

/// Tells the processor that this thread waits in a loop.
static inline void terrarium_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
