// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The process's standard input, byte for byte.
enum HostInput {
    private static let queue = DispatchQueue(label: "terrarium.input")

    /// Waits for some bytes, without holding one of the threads that Swift's tasks share.
    ///
    /// - Returns: The bytes; none at the end.
    static func next(maxCount: Int) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: read(maxCount: maxCount)) }
        }
    }

    /// Blocks until standard input has some bytes.
    ///
    /// - Returns: The bytes; none at the end, and where it cannot be read.
    static func read(maxCount: Int) -> [UInt8] {
        read(STDIN_FILENO, maxCount: maxCount) ?? []
    }

    /// Blocks until a file has some bytes.
    ///
    /// - Returns: The bytes; none at the end, `nil` if it cannot be read, with the reason in `errno`.
    static func read(_ file: Int32, maxCount: Int) -> [UInt8]? {
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: maxCount) { buffer, count in
            while true {
                let result = unsafe systemRead(file, buffer.baseAddress, maxCount)
                if result < 0, errno == EINTR { continue }
                if result < 0, errno == EAGAIN {
                    var request = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
                    _ = unsafe poll(&request, 1, -1)
                    continue
                }
                failed = result < 0
                count = max(result, 0)
                return
            }
        }
        return failed ? nil : bytes
    }

    /// Reads a file to the end; `nil` if it cannot be read, with the reason in `errno`.
    static func readToEnd(_ file: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        while true {
            guard let more = read(file, maxCount: 64 << 10) else { return nil }
            guard !more.isEmpty else { return bytes }
            bytes += more
        }
    }
}

/// The system's `read`, which a method of the same name hides.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    unsafe Glibc.read(file, bytes, count)
    #elseif canImport(Musl)
    unsafe Musl.read(file, bytes, count)
    #else
    unsafe Darwin.read(file, bytes, count)
    #endif
}
