// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How much memory a component has before its program runs.
enum MemoryNeeds {
    static func initialBytes(of file: URL) throws -> Int { 30 << 20 }
}
