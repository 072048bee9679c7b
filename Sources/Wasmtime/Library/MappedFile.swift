// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file's bytes, mapped for reading.
@safe
struct MappedFile: ~Copyable {
    private let bytes: UnsafeMutableRawBufferPointer

    /// Maps a file.
    init(path: String) throws(WasmtimeError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { _ = close(descriptor) }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else { throw Self.failure(path) }
        guard information.st_mode & S_IFMT == S_IFREG, information.st_size > 0 else {
            throw WasmtimeError(.invalidComponent, "\(path) is not a component: it is empty or not a file")
        }
        let size = Int(information.st_size)
        let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard unsafe start != MAP_FAILED else { throw Self.failure(path) }
        unsafe bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
    }

    private static func failure(_ path: String) -> WasmtimeError {
        WasmtimeError(.invalidComponent, "cannot read \(path): \(unsafe String(cString: strerror(errno)))")
    }

    /// Lends the bytes.
    borrowing func withBytes<Result, Failure>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeBufferPointer(bytes.bindMemory(to: UInt8.self)))
    }

    deinit { unsafe munmap(bytes.baseAddress, bytes.count) }
}
