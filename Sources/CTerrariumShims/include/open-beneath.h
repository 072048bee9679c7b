// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <sys/types.h>

/// Opens an entry of a folder without following a symbolic link. Returns a descriptor, or -1 with `errno` set.
///
/// On Linux 5.6 and later the kernel itself refuses what leads out of the folder: openat2(2), RESOLVE_BENEATH. Elsewhere
/// only O_NOFOLLOW keeps it inside, which is enough for a name without slashes that is not `..`.
int terrarium_open_beneath(int folder, const char *_Nonnull name, int flags, mode_t mode);
