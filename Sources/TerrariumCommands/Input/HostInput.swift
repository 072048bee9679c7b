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

    /// Blocks until there are some bytes.
    ///
    /// - Returns: The bytes; none at the end.
    static func read(maxCount: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: maxCount) { buffer, count in
            while true {
                let result = unsafe systemRead(STDIN_FILENO, buffer.baseAddress, maxCount)
                if result < 0, errno == EINTR { continue }
                if result < 0, errno == EAGAIN {
                    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                    _ = unsafe poll(&request, 1, -1)
                    continue
                }
                count = max(result, 0)
                return
            }
        }
    }

    /// Reads to the end.
    static func readToEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = read(maxCount: 64 << 10)
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
