// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Sandbox {
    /// Copies a folder of the host, or a file, into the sandbox.
    ///
    /// Changes that the program makes to the copy do not reach the folder. Symbolic links are neither followed nor copied,
    /// so nothing outside of the folder is read; pipes, sockets and devices are left out too.
    ///
    /// - Parameters:
    ///   - source: The folder or file, which may itself be named by a link.
    ///   - path: Where it is to be in the sandbox; relative paths start at `/`. What is there stays, but for files of
    ///     the same name.
    ///   - limits: How much may be copied.
    /// - Throws: `SandboxError` with the code `.unreadableFile` if something cannot be read, `.file` if a limit or the
    ///   sandbox's own quota is used up.
    public func copy(_ source: URL, to path: String, limits: CopyLimits = CopyLimits()) async throws {
        try await copying(time: limits.time) { try FolderCopy.copyIn(source, to: path, $0, limits) }
    }

    /// Copies a folder of the sandbox, or a file, out to the host.
    ///
    /// A program can write anything: treat the copy like a download. Symbolic links in the sandbox are left out,
    /// and links in the folder on the host are not followed but replaced, so nothing outside of it is written.
    ///
    /// - Parameters:
    ///   - path: The folder or file in the sandbox; relative paths start at `/`.
    ///   - destination: Where to; a folder is made if it is not there, and files of the same name are replaced.
    ///   - limits: How much may be copied.
    /// - Returns: How many files and folders were copied.
    /// - Throws: `SandboxError` with the code `.file` if something is not there or a limit is used up, `.unreadableFile` if
    ///   something cannot be written.
    @discardableResult
    public func copy(_ path: String, to destination: URL, limits: CopyLimits = CopyLimits()) async throws -> Int {
        try await copying(time: limits.time) { try FolderCopy.copyOut(path, to: destination, $0, limits) }
    }

    /// Works on the files with the time that the copy is allowed; cancelling the task ends it.
    private func copying<Result: Sendable>(
        time: Duration?,
        _ body: (GuestFiles) throws -> Result
    ) async throws -> Result {
        var limits = limits
        limits.time = time
        limits.processorTime = nil
        return try await fileOperation(limits: limits) { try body(GuestFiles($0)) }
    }
}
