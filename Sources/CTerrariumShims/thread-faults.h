// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Returns the number of page faults that the calling thread took, including those in system calls.
///
/// The number comes from getrusage(2) with RUSAGE_THREAD.
///
/// A page of a private mapping becomes the process's own only by a fault of the thread that writes to it. So a thread that
/// took none has written only to pages that were its own before.
uint64_t terrarium_thread_faults(void);

/// Returns whether the system counts them; some that only look like Linux do not.
bool terrarium_thread_faults_are_counted(void);
