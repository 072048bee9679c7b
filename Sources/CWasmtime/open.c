// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "CWasmtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

const char *cwasmtime_open(const char *path) {
    static _Thread_local char message[256];

    // Local: the library's symbols must not take part in resolving anybody else's. It has no SONAME, so it is always
    // named by its path.
    void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(message, sizeof message, "%s", reason != NULL ? reason : "it cannot be opened");
        return message;
    }
    cwasmtime_dispatch_table table;
    for (size_t index = 0; index < cwasmtime_function_count; index++) {
        void *function = dlsym(library, cwasmtime_function_names[index]);
        if (function == NULL) {
            snprintf(message, sizeof message, "it has no function %s", cwasmtime_function_names[index]);
            dlclose(library);
            return message;
        }
        memcpy((char *)&table + index * sizeof function, &function, sizeof function);
    }
    cwasmtime_functions = table;
    return NULL;
}
