// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the last failed system call of this thread says.
func systemErrorMessage(_ code: Int32 = errno) -> String {
    unsafe String(cString: strerror(code))
}

/// What the operating system says of a failed file operation of Foundation, else what Foundation says.
func fileErrorReason(_ error: any Error) -> String {
    let underlying = (error as? CocoaError)?.underlying ?? error
    guard let error = underlying as? POSIXError else { return "\(underlying)" }
    return systemErrorMessage(error.code.rawValue)
}
