// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "open-beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>

// From <linux/openat2.h>, which older systems do not have.
struct open_how {
    uint64_t flags, mode, resolve;
};
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08
#endif

int terrarium_open_beneath(int folder, const char *name, int flags, mode_t mode) {
    flags |= O_NOFOLLOW | O_CLOEXEC;
#if defined(__linux__) && defined(SYS_openat2)
    struct open_how how = {
        .flags = (uint64_t)flags,
        .mode = (flags & O_CREAT) ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    long descriptor;
    do {
        descriptor = syscall(SYS_openat2, folder, name, &how, sizeof how);
        // The kernel asks to try again when something was renamed meanwhile.
    } while (descriptor < 0 && (errno == EAGAIN || errno == EINTR));
    // An old kernel has no such call, and an old container forbids it.
    if (descriptor >= 0 || (errno != ENOSYS && errno != EPERM)) {
        return (int)descriptor;
    }
#endif
    return openat(folder, name, flags, mode);
}
