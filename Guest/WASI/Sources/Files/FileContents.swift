// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The bytes of a file, in pages of 16 KiB.
///
/// A page is the file's own, or lies in the image (which is never written to, so changing it makes a copy), or is a hole
/// that reads as zeros. The bytes of a page behind the end of the file are always zero. A file that fits part of a page
/// has only that part.
struct FileContents {
    static let pageBytes = 16384
    /// Sizes are `Int`, which has 32 bits here.
    static let maxBytes = Int(Int32.max) - pageBytes

    private(set) var count = 0
    /// What the image holds of the file: valid for offsets below `imageCount` whose page is not the file's own.
    private var imageAddress: UInt32 = 0
    private var imageCount = 0
    /// Addresses of the file's own pages, 0 where it has none.
    private var table: UInt32 = 0
    private var tableCapacity = 0
    /// How much of a page the first one has room for; the others are whole.
    private var firstPageBytes = 0

    init() {}

    /// Contents that lie in the image.
    init(image address: UInt32, count: Int) {
        imageAddress = address
        imageCount = count
        self.count = count
    }

    // MARK: - Reading

    /// A stretch of contents that is contiguous in memory; address 0 stands for zeros.
    struct Run {
        var address: UInt32
        var count: Int
    }

    /// The longest stretch that starts at an offset; empty at and behind the end.
    func run(at offset: Int) -> Run {
        guard offset < count else { return Run(address: 0, count: 0) }
        let index = offset / Self.pageBytes
        let start = offset % Self.pageBytes
        let toPageEnd = min(Self.pageBytes - start, count - offset)
        let page = self.page(index)
        if page != 0 {
            let bytes = index == 0 ? firstPageBytes : Self.pageBytes
            guard start < bytes else { return Run(address: 0, count: toPageEnd) }
            return Run(address: page + UInt32(start), count: min(toPageEnd, bytes - start))
        }
        guard offset < imageCount else { return Run(address: 0, count: toPageEnd) }
        let inImage = imageCount - offset
        // An unchanged file is one stretch.
        return Run(address: imageAddress + UInt32(offset), count: table == 0 ? inImage : min(toPageEnd, inImage))
    }

    /// Copies out what there is from an offset, at most `length`, and returns how much that was.
    func read(at offset: Int, into address: UInt32, _ length: Int) -> Int {
        var done = 0
        while done < length {
            let run = run(at: offset + done)
            guard run.count > 0 else { break }
            let step = min(run.count, length - done)
            let destination = pointer(address + UInt32(done))
            if run.address == 0 {
                destination.initializeMemory(as: UInt8.self, repeating: 0, count: step)
            } else {
                destination.copyMemory(from: pointer(run.address), byteCount: step)
            }
            done += step
        }
        return done
    }

    // MARK: - Writing

    /// Copies in as much as there is room for and returns how much that was; throws if it is nothing.
    mutating func write(at offset: Int, from address: UInt32, _ length: Int) throws(ErrorCode) -> Int {
        guard length > 0 else { return 0 }
        guard offset <= Self.maxBytes - length else { throw .fileTooLarge }
        var done = 0
        while done < length {
            let position = offset + done
            let start = position % Self.pageBytes
            let step = min(Self.pageBytes - start, length - done)
            let page = ownPage(position / Self.pageBytes, throughByte: start + step)
            guard page != 0 else { break }
            pointer(page + UInt32(start)).copyMemory(from: pointer(address + UInt32(done)), byteCount: step)
            done += step
            count = max(count, position + step)
        }
        guard done > 0 else { throw .insufficientSpace }
        return done
    }

    /// Cuts the file off or lets it end in zeros, which take no memory.
    mutating func resize(to newCount: Int) throws(ErrorCode) {
        guard newCount <= Self.maxBytes else { throw .fileTooLarge }
        if newCount < count {
            imageCount = min(imageCount, newCount)
            let keptPages = (newCount + Self.pageBytes - 1) / Self.pageBytes
            for index in keptPages..<max(keptPages, tableCapacity) { freePage(index) }
            let rest = newCount % Self.pageBytes
            let last = keptPages - 1
            if rest != 0, page(last) != 0 {
                let bytes = last == 0 ? firstPageBytes : Self.pageBytes
                if rest < bytes {
                    pointer(page(last) + UInt32(rest)).initializeMemory(
                        as: UInt8.self,
                        repeating: 0,
                        count: bytes - rest
                    )
                }
            }
            if newCount == 0 { freeTable() }
        }
        count = newCount
    }

    /// Gives everything back; the value must not be used afterwards.
    mutating func free() {
        for index in 0..<tableCapacity { freePage(index) }
        freeTable()
        count = 0
        imageCount = 0
    }

    // MARK: - Pages

    private func page(_ index: Int) -> UInt32 {
        guard index < tableCapacity else { return 0 }
        return pointer(table).load(fromByteOffset: index * 4, as: UInt32.self)
    }

    private func setPage(_ index: Int, _ address: UInt32) {
        pointer(table).storeBytes(of: address, toByteOffset: index * 4, as: UInt32.self)
    }

    /// The address of a page that may be written to up to a byte, or 0 where quota or memory are used up.
    private mutating func ownPage(_ index: Int, throughByte end: Int) -> UInt32 {
        let existing = page(index)
        if existing != 0, index > 0 || end <= firstPageBytes { return existing }
        guard growTable(through: index) else { return 0 }
        let start = index * Self.pageBytes
        let fromImage = existing == 0 ? max(0, min(imageCount - start, Self.pageBytes)) : 0
        var bytes = Self.pageBytes
        if index == 0, max(count, end) <= Self.pageBytes / 2 {
            bytes = 64
            while bytes < max(end, fromImage) { bytes *= 2 }
        }
        let previousBytes = existing == 0 ? 0 : firstPageBytes
        guard system.quota.reserveBytes(bytes - previousBytes) else { return 0 }
        let new = Heap.allocate(bytes)
        guard new != 0 else {
            system.quota.releaseBytes(bytes - previousBytes)
            return 0
        }
        let kept = existing == 0 ? fromImage : previousBytes
        if kept > 0 {
            let source = existing == 0 ? imageAddress + UInt32(start) : existing
            pointer(new).copyMemory(from: pointer(source), byteCount: kept)
        }
        (pointer(new) + kept).initializeMemory(as: UInt8.self, repeating: 0, count: bytes - kept)
        Heap.free(existing)
        setPage(index, new)
        if index == 0 { firstPageBytes = bytes }
        return new
    }

    private mutating func freePage(_ index: Int) {
        let address = page(index)
        guard address != 0 else { return }
        Heap.free(address)
        setPage(index, 0)
        system.quota.releaseBytes(index == 0 ? firstPageBytes : Self.pageBytes)
        if index == 0 { firstPageBytes = 0 }
    }

    private mutating func growTable(through index: Int) -> Bool {
        guard index >= tableCapacity else { return true }
        var capacity = max(tableCapacity, 4)
        while capacity <= index { capacity *= 2 }
        guard system.quota.reserveBytes((capacity - tableCapacity) * 4) else { return false }
        let new = Heap.allocate(capacity * 4)
        guard new != 0 else {
            system.quota.releaseBytes((capacity - tableCapacity) * 4)
            return false
        }
        if table != 0 { pointer(new).copyMemory(from: pointer(table), byteCount: tableCapacity * 4) }
        (pointer(new) + tableCapacity * 4).initializeMemory(
            as: UInt8.self,
            repeating: 0,
            count: (capacity - tableCapacity) * 4
        )
        Heap.free(table)
        table = new
        tableCapacity = capacity
        return true
    }

    private mutating func freeTable() {
        Heap.free(table)
        system.quota.releaseBytes(tableCapacity * 4)
        table = 0
        tableCapacity = 0
    }
}
