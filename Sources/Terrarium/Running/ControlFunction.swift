// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The functions that the host calls in a virtualized guest between runs; Guest/WASI/ABI.md describes them.
enum ControlFunction: String, CaseIterable, Sendable {
    case allocate
    case free
    case configure
    case reseed
    case usage
    case fileStatus = "file-status"
    case locateContents = "locate-contents"
    case readLink = "read-link"
    case listDirectory = "list-directory"
    case writeFile = "write-file"
    case resizeFile = "resize-file"
    case makeDirectory = "make-directory"
    case remove
    case rename
    case makeSymbolicLink = "make-symbolic-link"
    case setModified = "set-modified"
}
