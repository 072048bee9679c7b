// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The C++ exception entry points that the bundled libc++abi lacks, since it was built without exceptions.
//
// A C++ `throw` cannot unwind here, so it ends the sandbox's call with a trap. Recipes therefore patch each throw that
// a script can reach into an ordinary error return; what remains is "cannot happen" code that still has to link.

#include <stdio.h>
#include <stdlib.h>

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN void *__cxa_allocate_exception(size_t size)
{
    return malloc(size);
}

HIDDEN void __cxa_free_exception(void *exception)
{
    free(exception);
}

HIDDEN _Noreturn void __cxa_throw(void *exception, void *type, void *(*destructor)(void *))
{
    fputs("a C++ exception was thrown in an extension module built without exceptions\n", stderr);
    abort();
}

HIDDEN void *__cxa_begin_catch(void *exception)
{
    abort();
}

HIDDEN void __cxa_end_catch(void)
{
}

HIDDEN _Noreturn void __cxa_rethrow(void)
{
    abort();
}
