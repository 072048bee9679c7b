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
    /// Runs a program and waits for it; what it prints goes to our standard error.
    ///
    /// - Parameters:
    ///   - arguments: The program's name, then its arguments.
    ///   - variables: Added to the environment.
    ///   - output: The file to write what it prints to, instead of our standard error.
    ///   - purpose: What it is needed for, as a part of a sentence.
    /// - Returns: What `waitpid` says of its end: 0 if it succeeded.
    /// - Throws: `CommandFailure` if it cannot be run.
    static func run(
        _ arguments: [String],
        variables: [String: String] = [:],
        output: URL? = nil,
        for purpose: String
    ) throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var settings = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe settings.forEach { unsafe free($0) }
        }
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        #else
        var actions = unsafe posix_spawn_file_actions_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        // Standard output is for what our own program answers.
        if let output {
            let flags = O_WRONLY | O_CREAT | O_TRUNC
            unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.path, flags, 0o600)
        } else {
            unsafe posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        }
        var process = pid_t()
        let error = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &words, &settings)
        guard error == 0 else {
            throw CommandFailure.usage("\(arguments[0]) is needed \(purpose), and cannot be run.")
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status
    }
}
