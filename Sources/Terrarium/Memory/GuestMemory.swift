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

    /// The bytes at this moment; growing the memory leaves them where they are.
    private var bytes: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: terrarium_slot_base(slot), count: size)
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
        let destination = try unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range(address, source.count)])
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
        let destination = try unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range(address, Int(count))])
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

    /// The pages that may differ from the image, as ranges of page numbers in ascending order.
    func dirtyPageRanges() throws(SandboxError) -> [Range<Int>] {
        var capacity = 256
        while true {
            var count = 0
            let ranges = unsafe [terrarium_range](unsafeUninitializedCapacity: capacity) { buffer, initialized in
                guard let start = buffer.baseAddress else { return }
                count = unsafe terrarium_slot_dirty_ranges(slot, start, capacity)
                initialized = max(0, min(count, capacity))
            }
            guard count >= 0 else {
                throw SandboxError(.engine, "Changed pages cannot be found: \(systemErrorMessage(Int32(-count))).")
            }
            if count <= capacity {
                return ranges.map { Int($0.start) / ImageMemory.pageBytes..<Int($0.end) / ImageMemory.pageBytes }
            }
            capacity = count + count / 4
        }
    }

    /// Lends the bytes of a page, which lies in the memory.
    func withPage<Result>(_ index: Int, _ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
        let start = index * ImageMemory.pageBytes
        return unsafe body(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + ImageMemory.pageBytes)]))
    }
}
