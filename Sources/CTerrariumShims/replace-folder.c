// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "replace-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

/// Exchanges two names. Returns 0 or -1 with `errno` set: ENOENT where the second is not there.
static int exchange(const char *first, const char *second) {
#if defined(__linux__) && defined(SYS_renameat2)
    const unsigned exchange_names = 2; // RENAME_EXCHANGE of <linux/fs.h>
    return (int)syscall(SYS_renameat2, AT_FDCWD, first, AT_FDCWD, second, exchange_names);
#elif defined(__APPLE__)
    return renamex_np(first, second, RENAME_SWAP);
#else
    errno = ENOSYS;
    return -1;
#endif
}

/// Exchanges a folder in three steps, the last of which leaves the old one under the first name.
static int exchange_in_steps(const char *path, const char *destination) {
    char *aside;
    if (asprintf(&aside, "%s.old", path) < 0) {
        return ENOMEM;
    }
    int error = 0;
    if (rename(destination, aside) != 0) {
        error = errno;
    } else if (rename(path, destination) != 0) {
        error = errno;
        rename(aside, destination);
    } else {
        rename(aside, path);
    }
    free(aside);
    return error;
}

int terrarium_replace(const char *path, const char *destination) {
    if (exchange(path, destination) == 0) {
        return 0;
    }
    const int error = errno;
    if (error != ENOENT && error != EINVAL && error != ENOSYS && error != ENOTSUP && error != EPERM) {
        return error;
    }
    // Nothing is there, or an empty folder.
    if (rename(path, destination) == 0) {
        return 0;
    }
    if (errno != ENOTEMPTY && errno != EEXIST) {
        return errno;
    }
    return exchange_in_steps(path, destination);
}
