// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stdbool.h>
#include <stdint.h>

/// How many page faults the calling thread took, those in system calls included: getrusage(2), RUSAGE_THREAD.
///
/// A page of a private mapping becomes the process's own only by a fault of the thread that writes to it. So a thread that
/// took none has written only to pages that were its own before.
uint64_t terrarium_thread_faults(void);

/// Returns whether the system counts them; some that only look like Linux do not.
bool terrarium_thread_faults_are_counted(void);
