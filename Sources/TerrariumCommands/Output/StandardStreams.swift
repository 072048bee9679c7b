// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One of the process's output streams, written without a buffer, so that the order with what a guest prints is kept.
struct StandardStream: Sendable {
    static let output = StandardStream(descriptor: 1)
    static let error = StandardStream(descriptor: 2)

    private let descriptor: Int32

    var isTerminal: Bool { isatty(descriptor) == 1 }

    func print(_ line: String) {
        write(line + "\n")
    }

    /// Writes all of the text; what cannot be written, because the reader has gone for instance, is dropped.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = unsafe bytes[...]
            while unsafe !rest.isEmpty {
                let slice = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[rest.startIndex...])
                #if canImport(Darwin)
                let written = unsafe Darwin.write(descriptor, slice.baseAddress, slice.count)
                #elseif canImport(Musl)
                let written = unsafe Musl.write(descriptor, slice.baseAddress, slice.count)
                #else
                let written = unsafe Glibc.write(descriptor, slice.baseAddress, slice.count)
                #endif
                if written < 0 {
                    if errno == EINTR { continue }
                    return
                }
                unsafe rest = rest.dropFirst(written)
            }
        }
    }
}
