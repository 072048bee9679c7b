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

/// A copy of a memory: the pages in which it differs from its image, and what differs in them.
///
/// The changes of a page are shared between the copies in which they are the same. They are small: in most pages that a
/// program writes to, it counts a few references.
struct MemoryPages: Sendable {
    /// The size of the memory in bytes, whole pages of WebAssembly.
    let size: Int

    /// The numbers of the pages that differ, ascending.
    let numbers: [Int]

    /// The differences in each of them, as `terrarium_find_changes` describes them; never empty.
    let changes: [[UInt8]]

    /// A memory that is all as in its image.
    static func unchanged(size: Int) -> MemoryPages {
        MemoryPages(size: size, numbers: [], changes: [])
    }

    /// A copy read from elsewhere, which is `nil` unless it is well-formed.
    init?(size: Int, numbers: [Int], untrustedChanges changes: [[UInt8]]) {
        guard size >= 0, numbers.count == changes.count, numbers.first ?? 0 >= 0,
            numbers.last ?? -1 < size / ImageMemory.pageBytes,
            zip(numbers, numbers.dropFirst()).allSatisfy(<),
            changes.allSatisfy({ unsafe terrarium_changes_are_valid($0, $0.count) })
        else { return nil }
        self.init(size: size, numbers: numbers, changes: changes)
    }

    private init(size: Int, numbers: [Int], changes: [[UInt8]]) {
        self.size = size
        self.numbers = numbers
        self.changes = changes
    }

    /// The bytes that the changes take.
    var byteCount: Int { changes.reduce(0) { $0 + $1.count } }

    /// Makes bytes that are as the image has them the same as the copy.
    func apply(to bytes: UnsafeMutableRawBufferPointer) {
        let end = ((numbers.last ?? -1) + 1) * ImageMemory.pageBytes
        precondition(bytes.count >= end, "the memory is smaller than its copy")
        guard let start = bytes.baseAddress else { return }
        for (number, changes) in zip(numbers, changes) {
            unsafe terrarium_apply_changes(start + number * ImageMemory.pageBytes, changes, changes.count)
        }
    }

    /// The same state as what differs from another image: `self` is what differs from `base`.
    func rebased(from base: ImageMemory, to image: ImageMemory) -> MemoryPages {
        var builder = Builder(size: size, image: image, earlier: nil)
        var position = 0
        var scratch = [UInt8](repeating: 0, count: ImageMemory.pageBytes)
        let bytes = unsafe base.bytes
        for number in 0..<size / ImageMemory.pageBytes {
            let start = number * ImageMemory.pageBytes
            let isChanged = position < numbers.count && numbers[position] == number
            defer { if isChanged { position += 1 } }
            let hasOriginal = start < base.length
            // Beyond both images there are zeros.
            guard isChanged || hasOriginal || start < image.length else { continue }
            unsafe scratch.withUnsafeMutableBytes { page in
                guard let address = page.baseAddress else { return }
                if hasOriginal {
                    unsafe page.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + page.count]))
                } else {
                    unsafe page.initializeMemory(as: UInt8.self, repeating: 0)
                }
                if isChanged { unsafe terrarium_apply_changes(address, changes[position], changes[position].count) }
            }
            unsafe scratch.withUnsafeBytes { unsafe builder.append(number, $0) }
        }
        return builder.finished()
    }

    /// Puts a copy together, a page after the other.
    struct Builder {
        private let size: Int
        private let image: ImageMemory
        private let earlier: MemoryPages?
        private var position = 0
        private var numbers: [Int] = []
        private var changes: [[UInt8]] = []
        private var scratch = [UInt8](repeating: 0, count: Int(TERRARIUM_MAX_CHANGES_BYTES))

        /// A copy of a memory of an image, which shares what it can with an earlier one.
        init(size: Int, image: ImageMemory, earlier: MemoryPages?) {
            self.size = size
            self.image = image
            self.earlier = earlier
            numbers.reserveCapacity(earlier?.numbers.count ?? 0)
            changes.reserveCapacity(earlier?.numbers.count ?? 0)
        }

        /// Adds a page, whose number is greater than those before, if it differs from the image.
        mutating func append(_ number: Int, _ page: UnsafeRawBufferPointer) {
            guard let page = page.baseAddress else { return }
            let original = unsafe original(number)
            if let known = earlierChanges(of: number),
                unsafe terrarium_changes_are_those_of(page, original, known, known.count)
            {
                numbers.append(number)
                changes.append(known)
                return
            }
            let length = unsafe terrarium_find_changes(page, original, &scratch)
            // A page that was written to and put back, as resting slots are, or written with what was there.
            guard length > 0 else { return }
            numbers.append(number)
            changes.append(Array(scratch.prefix(length)))
        }

        func finished() -> MemoryPages {
            MemoryPages(size: size, numbers: numbers, changes: changes)
        }

        private func original(_ number: Int) -> UnsafePointer<UInt8>? {
            let offset = number * ImageMemory.pageBytes
            let bytes = unsafe image.bytes
            guard offset < bytes.count else { return nil }
            return unsafe bytes.baseAddress.map { unsafe ($0 + offset).assumingMemoryBound(to: UInt8.self) }
        }

        /// The changes of a page in the earlier copy.
        private mutating func earlierChanges(of number: Int) -> [UInt8]? {
            guard let earlier else { return nil }
            while position < earlier.numbers.count, earlier.numbers[position] < number { position += 1 }
            guard position < earlier.numbers.count, earlier.numbers[position] == number else { return nil }
            return earlier.changes[position]
        }
    }
}
