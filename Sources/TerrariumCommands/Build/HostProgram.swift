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

/// A program of the host that a command needs, found on the PATH.
enum HostProgram {
    /// Runs a program with our own output streams and waits for it.
    ///
    /// - Parameters:
    ///   - arguments: The program's name, then its arguments.
    ///   - variables: Added to the environment.
    ///   - purpose: What it is needed for, as a part of a sentence.
    /// - Returns: What `waitpid` says of its end: 0 if it succeeded.
    /// - Throws: `CommandFailure` if it cannot be run.
    static func run(_ arguments: [String], variables: [String: String] = [:], for purpose: String) throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var settings = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe settings.forEach { unsafe free($0) }
        }
        var process = pid_t()
        let error = unsafe posix_spawnp(&process, arguments[0], nil, nil, &words, &settings)
        guard error == 0 else {
            throw CommandFailure.usage("\(arguments[0]) is needed \(purpose), and cannot be run.")
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status
    }
}
