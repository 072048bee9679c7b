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

/// A Boolean value that tells whether somebody else could have put a file where it is, or could exchange it: the rule of
/// OpenSSH's `StrictModes`.
///
/// A folder is only as safe as the folders above it, since whoever can write to one of them can put another in its place.
enum FileTrust {
    /// Returns whether nobody but this user and the superuser can write to a file, or into a folder.
    static func isTrusted(_ status: stat) -> Bool {
        guard status.st_uid == geteuid() || status.st_uid == 0, status.st_mode & S_IWOTH == 0 else { return false }
        return status.st_mode & S_IWGRP == 0 || status.st_gid == privateGroup
    }

    /// Follows a path to a folder; answers the path without links, and the first folder on it that is not safe.
    ///
    /// Use the answered path from then on: a link of the original one may lead elsewhere a moment later.
    static func resolve(folder: URL) -> (path: URL, unsafe: String?)? {
        guard let resolved = unsafe realpath(folder.path, nil) else { return nil }
        defer { unsafe free(resolved) }
        let path = unsafe String(cString: resolved)
        // From the root downwards: what is below a safe folder cannot be exchanged any more after it was looked at.
        var prefix = ""
        for part in [""] + path.split(separator: "/").map({ "/\($0)" }) {
            prefix += part
            var status = stat()
            guard unsafe lstat(prefix.isEmpty ? "/" : prefix, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                return nil
            }
            guard isTrusted(status) || isSharedButSticky(status), prefix != path || isTrusted(status) else {
                return (URL(filePath: path, directoryHint: .isDirectory), prefix)
            }
        }
        return (URL(filePath: path, directoryHint: .isDirectory), nil)
    }

    private static let stickyBit: mode_t = 0o1000

    /// Returns whether a folder is one like `/tmp`, in which everybody can make entries and nobody can exchange those of
    /// others.
    private static func isSharedButSticky(_ status: stat) -> Bool {
        (status.st_uid == 0 || status.st_uid == geteuid()) && status.st_mode & stickyBit != 0
    }

    /// The user's own group, if nobody else is in it; many systems make one for each user.
    ///
    /// Asked for once, since the system answers in memory that all threads share.
    private static let privateGroup: gid_t? = {
        guard let user = unsafe getpwuid(geteuid()) else { return nil }
        let group = unsafe user.pointee.pw_gid
        let name = unsafe String(cString: user.pointee.pw_name)
        guard let entry = unsafe getgrgid(group), unsafe String(cString: entry.pointee.gr_name) == name else {
            return nil
        }
        guard var members = unsafe entry.pointee.gr_mem else { return group }
        while let member = unsafe members.pointee {
            if unsafe String(cString: member) != name { return nil }
            unsafe members += 1
        }
        return group
    }()

    /// Makes a folder with those above it that are missing, each for this user alone.
    static func makeFolder(_ folder: URL) throws(SandboxError) {
        var missing: [String] = []
        var path = folder.standardizedFileURL.path
        while !path.isEmpty, path != "/", unsafe access(path, F_OK) != 0 {
            missing.append(path)
            path = URL(filePath: path).deletingLastPathComponent().path
        }
        for path in missing.reversed() {
            guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw SandboxError(
                    .unreadableFile,
                    "The cache folder \(folder.path) cannot be made: \(systemErrorMessage()). Set XDG_CACHE_HOME to a "
                        + "folder that can be written to."
                )
            }
        }
    }
}
