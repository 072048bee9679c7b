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

/// Returns the operating system's text for an error; by default, for the last failed call of this thread.
func systemErrorMessage(_ code: Int32 = errno) -> String {
    unsafe String(cString: strerror(code))
}

/// Returns the operating system's reason for a failed file operation, else Foundation's.
func fileErrorReason(_ error: any Error) -> String {
    let underlying = (error as? CocoaError)?.underlying ?? error
    guard let error = underlying as? POSIXError else { return "\(underlying)" }
    return systemErrorMessage(error.code.rawValue)
}
