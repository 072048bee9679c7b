// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stddef.h>

/// Starts a detached thread with a stack of at least `stack_bytes` that runs `body(context)`. Returns 0 or an error number.
///
/// Swift offers no thread whose stack size can be set without the whole of Foundation.
int cwasmtime_start_thread(size_t stack_bytes, void (*_Nonnull body)(void *_Nonnull context), void *_Nonnull context);
