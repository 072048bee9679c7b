// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Included at the end of wasm2c's header, before any of the guest's functions.

#pragma once

#define TERRARIUM_PAGE_ALIGNMENT 16384

// All instances of a guest share its tables, so an entry cannot say which instance its function belongs to: it is always
// the one that runs.
#ifdef CALL_INDIRECT
#undef CALL_INDIRECT
#define CALL_INDIRECT(table, type, function_type, index, unused, ...)                                                  \
    (CHECK_CALL_INDIRECT(table, function_type, index),                                                                 \
     ((type)table.data[index].func)((void *)instance, ##__VA_ARGS__))
#endif
