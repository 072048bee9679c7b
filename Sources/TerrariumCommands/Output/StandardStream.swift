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
    static let output = StandardStream(descriptor: STDOUT_FILENO)
    static let error = StandardStream(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    func print(_ line: String) {
        write(line + "\n")
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Writes all of the bytes.
    ///
    /// Standard output that cannot be written ends the process, as it ends other tools: silently if the reader has gone,
    /// otherwise with a message. A message that cannot be written is dropped.
    func write(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
                let written = unsafe Self.write(descriptor, rest)
                if written > 0 {
                    offset += written
                    continue
                }
                switch errno {
                case EINTR: continue
                case EAGAIN:
                    // Whoever gave us the stream made it one that does not wait.
                    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&request, 1, -1)
                case let number where descriptor == STDOUT_FILENO: Self.end(number)
                default: return
                }
            }
        }
    }

    private static func end(_ number: Int32) -> Never {
        if number == EPIPE { TerrariumCommand.finish(.brokenPipe) }
        error.print("terrarium: Standard output cannot be written: \(unsafe String(cString: strerror(number))).")
        TerrariumCommand.finish(.sandboxFailure)
    }

    /// Gives standard streams that the process was started without a place that can be neither read nor written.
    ///
    /// The first files that are opened would be taken for them otherwise.
    static func reserveDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
        unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
