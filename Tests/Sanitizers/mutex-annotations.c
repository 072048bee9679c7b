// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Tells ThreadSanitizer of the contended ways through Swift's Mutex.
//
// On Linux, a mutex that nobody holds is taken and given back by atomics that are inlined into the instrumented code. One
// that somebody holds goes through functions of libswiftSynchronization, which is not instrumented: without this library,
// what one thread wrote before it gave the mutex to another looks like a data race. Preloaded, it stands before these
// functions and calls them. See https://github.com/swiftlang/swift/tree/main/stdlib/public/Synchronization/Mutex.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Weak, since the library is also loaded into processes that have no sanitizer.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

typedef SWIFT void (*lock_function)(uint32_t owner, SELF void *self);
typedef SWIFT bool (*try_lock_function)(SELF void *self);
typedef SWIFT void (*unlock_function)(SELF void *self);

static void *next(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) {
        fprintf(stderr, "mutex-annotations: this Swift's Mutex has no %s\n", name);
        abort();
    }
    return function;
}

SWIFT void terrarium_lock(uint32_t owner, SELF void *self) __asm__(LOCK);
SWIFT bool terrarium_try_lock(SELF void *self) __asm__(TRY_LOCK);
SWIFT void terrarium_unlock(SELF void *self) __asm__(UNLOCK);

SWIFT void terrarium_lock(uint32_t owner, SELF void *self) {
    static lock_function function;
    if (!function) {
        function = (lock_function)next(LOCK);
    }
    function(owner, self);
    if (__tsan_acquire) {
        __tsan_acquire(self);
    }
}

SWIFT bool terrarium_try_lock(SELF void *self) {
    static try_lock_function function;
    if (!function) {
        function = (try_lock_function)next(TRY_LOCK);
    }
    bool is_locked = function(self);
    if (is_locked && __tsan_acquire) {
        __tsan_acquire(self);
    }
    return is_locked;
}

SWIFT void terrarium_unlock(SELF void *self) {
    static unlock_function function;
    if (!function) {
        function = (unlock_function)next(UNLOCK);
    }
    if (__tsan_release) {
        __tsan_release(self);
    }
    function(self);
}
