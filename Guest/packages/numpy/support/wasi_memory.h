// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef TERRARIUM_WASI_MEMORY_H
#define TERRARIUM_WASI_MEMORY_H

#include <stdlib.h>

// Whether allocations of `bytes` in all would succeed now.
//
// C++ containers report a failed allocation by an exception, and without exceptions they abort, which ends the sandbox.
// So the code in front of them asks first, for an upper bound of what they are about to need, and raises MemoryError
// itself. A sandbox has one thread: what was free when this function returned is free for the code that follows.
static inline int wasi_has_room(size_t bytes)
{
    void *volatile room = malloc(bytes);  // volatile: compilers may remove an allocation that nobody looks at
    free(room);
    return room != NULL;
}

#endif
