// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

/// Puts a folder under another name in the same folder. A folder that has that name gets the first one's in the same step,
/// so that there is one of them under the name at any time. Returns 0 or an error number.
///
/// A file system that cannot exchange names, as some on a network, has a moment between two steps.
int terrarium_replace(const char *_Nonnull path, const char *_Nonnull destination);
