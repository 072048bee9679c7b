// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The linear memory of a sandbox, as the host sees it.
///
/// Addresses and lengths come from the guest, so all of them are checked against the memory's size at that moment. Valid as
/// long as the store that the memory was made in; used by the thread that uses the store.
@safe
struct GuestMemory {
    /// An address or a length that does not lie in the memory.
    struct OutOfBounds: Error {
        let address: UInt64
        let count: UInt64
    }

    let image: ImageMemory
    private let slot: OpaquePointer

    init(slot: OpaquePointer, image: ImageMemory) {
        unsafe self.slot = unsafe slot
        self.image = image
    }

    /// The size in bytes at this moment.
    var size: Int { unsafe terrarium_slot_size(slot) }

    /// The bytes at this moment, for reading; growing the memory leaves them where they are.
    private var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: terrarium_slot_bytes(slot), count: size)
    }

    /// The bytes at this moment, for writing at once.
    private var writableBytes: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: terrarium_slot_writable_bytes(slot), count: size)
    }

    /// Runs guest code, which writes to the memory on this thread.
    ///
    /// Guest code that runs outside of `body` writes to pages of which nobody takes note.
    func whileEntered<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe terrarium_slot_enter(slot)
        defer { unsafe terrarium_slot_leave(slot) }
        return try body()
    }

    /// Lends the bytes at an address, until the guest runs again.
    func withBytes<Result>(
        at address: UInt32,
        count: UInt32,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try unsafe body(UnsafeRawBufferPointer(rebasing: bytes[try range(address, Int(count))]))
    }

    /// Copies the bytes at an address.
    func read(at address: UInt32, count: UInt32) throws -> [UInt8] {
        try unsafe withBytes(at: address, count: count) { unsafe Array($0) }
    }

    /// Copies bytes to an address.
    func write(_ source: some Collection<UInt8>, at address: UInt32) throws {
        let destination = try unsafe UnsafeMutableRawBufferPointer(
            rebasing: writableBytes[range(address, source.count)]
        )
        unsafe destination.copyBytes(from: source)
    }

    /// An integer at an address, little-endian.
    func load<Integer: FixedWidthInteger>(_ type: Integer.Type, at address: UInt32) throws -> Integer {
        let count = MemoryLayout<Integer>.size
        let source = try unsafe UnsafeRawBufferPointer(rebasing: bytes[range(address, count)])
        return unsafe Integer(littleEndian: source.loadUnaligned(as: type))
    }

    /// Writes an integer to an address, little-endian.
    func store(_ value: some FixedWidthInteger, at address: UInt32) throws {
        try unsafe withUnsafeBytes(of: value.littleEndian) { try unsafe write($0, at: address) }
    }

    /// Writes unpredictable bytes to an address.
    func fillRandomly(at address: UInt32, count: UInt32) throws {
        let destination = try unsafe UnsafeMutableRawBufferPointer(rebasing: writableBytes[range(address, Int(count))])
        // `getentropy` gives at most 256 bytes at a time.
        var offset = 0
        while offset < destination.count {
            let length = min(256, destination.count - offset)
            guard let start = destination.baseAddress, unsafe getentropy(start + offset, length) == 0 else {
                throw SandboxError(.engine, "The system has no random numbers: \(systemErrorMessage()).")
            }
            offset += length
        }
    }

    private func range(_ address: UInt32, _ count: Int) throws -> Range<Int> {
        let start = Int(address)
        guard count >= 0, start <= size, count <= size - start else {
            throw OutOfBounds(address: UInt64(address), count: UInt64(max(0, count)))
        }
        return start..<(start + count)
    }

    /// The bytes of all pages that are the memory's own, which those that differ from the image are among.
    func ownByteCount() throws(SandboxError) -> Int {
        unsafe try withOwnRanges { unsafe $0.reduce(0) { $0 + Int($1.end - $1.start) } }
    }

    /// Writes all bytes to a new file without a name; answers its descriptor, or a negative error number.
    func copyToAnonymousFile() -> (descriptor: Int32, length: Int) {
        let length = size
        return (unsafe terrarium_anonymous_copy(terrarium_slot_bytes(slot), length), length)
    }

    private func withOwnRanges<Result>(
        _ body: (UnsafeBufferPointer<terrarium_range>) -> Result
    ) throws(SandboxError) -> Result {
        var ranges: UnsafePointer<terrarium_range>?
        var rangeCount = 0
        let error = unsafe terrarium_slot_dirty_ranges(slot, &ranges, &rangeCount)
        guard error == 0 else {
            throw SandboxError(.engine, "Changed pages cannot be found: \(systemErrorMessage(error)).")
        }
        return unsafe body(UnsafeBufferPointer(start: ranges, count: rangeCount))
    }

    /// Copies what differs from the image, sharing with an earlier copy the pages that are the same as there.
    func changedPages(sharingWith earlier: MemoryPages?) throws(SandboxError) -> MemoryPages {
        unsafe try withOwnRanges { ranges in
            let bytes = unsafe self.bytes
            var pages = MemoryPages.Builder(size: size, image: image, earlier: earlier)
            for index in ranges.indices {
                let range = unsafe ranges[index]
                let numbers = Int(range.start) / ImageMemory.pageBytes..<Int(range.end) / ImageMemory.pageBytes
                for number in numbers {
                    let start = number * ImageMemory.pageBytes
                    unsafe pages.append(
                        number,
                        UnsafeRawBufferPointer(rebasing: bytes[start..<(start + ImageMemory.pageBytes)])
                    )
                }
            }
            return pages.finished()
        }
    }

    /// Makes a memory that is as the image has it, and at least as large as the copy, the same as the copy.
    func restore(_ pages: MemoryPages) {
        whileEntered {
            unsafe pages.apply(to: writableBytes)
        }
    }
}
