// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A copy of a memory: the pages in which it differs from its image.
///
/// Pages are immutable and shared between the copies in which they are the same.
struct MemoryPages: Sendable {
    /// The bytes of one page.
    // @unchecked: written once, before anyone else sees it.
    @safe
    final class Page: @unchecked Sendable {
        private let storage: UnsafeMutableRawPointer

        init(copying source: UnsafeRawPointer) {
            unsafe storage = .allocate(byteCount: ImageMemory.pageBytes, alignment: 64)
            unsafe storage.copyMemory(from: source, byteCount: ImageMemory.pageBytes)
        }

        deinit {
            unsafe storage.deallocate()
        }

        var bytes: UnsafeRawBufferPointer {
            unsafe UnsafeRawBufferPointer(start: storage, count: ImageMemory.pageBytes)
        }
    }

    /// The size of the memory in bytes, whole pages of WebAssembly.
    let size: Int

    /// The numbers of the pages that differ, ascending.
    let numbers: [Int]

    /// Those pages.
    let pages: [Page]

    /// A memory that is all as in its image.
    static func unchanged(size: Int) -> MemoryPages {
        MemoryPages(size: size, numbers: [], pages: [])
    }

    init(size: Int, numbers: [Int], pages: [Page]) {
        precondition(numbers.count == pages.count)
        self.size = size
        self.numbers = numbers
        self.pages = pages
    }

    /// Copies what differs from the image, sharing with an earlier copy the pages that are the same as there.
    init(of memory: GuestMemory, sharingWith earlier: MemoryPages?) throws(SandboxError) {
        var numbers: [Int] = []
        var pages: [Page] = []
        let image = unsafe memory.image.bytes
        var position = 0
        for range in try memory.dirtyPageRanges() {
            for number in range {
                if let earlier {
                    while position < earlier.numbers.count, earlier.numbers[position] < number { position += 1 }
                }
                let known = earlier.flatMap { earlier in
                    position < earlier.numbers.count && earlier.numbers[position] == number
                        ? earlier.pages[position] : nil
                }
                let page: Page? = unsafe memory.withPage(number) { bytes in
                    guard let source = bytes.baseAddress else { return nil }
                    // Most pages are as they were at the earlier copy, so that is looked at first.
                    if let known, unsafe Self.areEqual(source, known.bytes.baseAddress) { return known }
                    // A page that was written to and put back, as resting slots are, or written with what was there.
                    if unsafe Self.isSame(source, as: number, of: image) { return nil }
                    return unsafe Page(copying: source)
                }
                if let page {
                    numbers.append(number)
                    pages.append(page)
                }
            }
        }
        self.init(size: memory.size, numbers: numbers, pages: pages)
    }

    /// Writes the pages into a memory that is as the image has it and at least as large.
    func restore(to memory: GuestMemory) {
        precondition(memory.size >= size, "the memory is smaller than its copy")
        for (number, page) in zip(numbers, pages) {
            unsafe memory.withPage(number) { unsafe $0.copyMemory(from: page.bytes) }
        }
    }

    private static func isSame(
        _ page: UnsafeMutableRawPointer,
        as number: Int,
        of image: UnsafeRawBufferPointer
    ) -> Bool {
        let offset = number * ImageMemory.pageBytes
        guard offset < image.count, let start = image.baseAddress else {
            return unsafe areEqual(page, Self.zeros.bytes.baseAddress)
        }
        return unsafe areEqual(page, start + offset)
    }

    private static func areEqual(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer?) -> Bool {
        guard let second = unsafe second else { return false }
        return unsafe memcmp(first, second, ImageMemory.pageBytes) == 0
    }

    private static let zeros = unsafe [UInt8](repeating: 0, count: ImageMemory.pageBytes).withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { preconditionFailure("a page is not empty") }
        return unsafe Page(copying: start)
    }
}
