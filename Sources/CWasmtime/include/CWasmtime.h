// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "host-thread.h"
#include "wasmtime-functions.h"
#include "wasmtime-types.h"

/// Opens the library at `path` and fills the dispatch table.
///
/// Returns NULL on success, otherwise what was wrong, in the system's words or as the name of a missing function; the
/// text stays valid until the calling thread's next call. After a failure the table is as it was before. The library is
/// never closed. Not thread-safe: the caller takes a lock.
const char *cwasmtime_open(const char *path);
