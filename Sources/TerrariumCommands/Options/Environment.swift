// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// This program's environment.
enum Environment {
    static func value(of name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
