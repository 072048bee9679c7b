// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The allocator behind everything that lives in the guest's memory but does not belong to the guest.
///
/// Memory comes in granules of 64 KiB: first from the arena that the image provides, then by growing the guest's memory. A granule either serves blocks of one size class or belongs to a run of granules that is one big
/// block; a table with an entry per granule says which, so blocks need no headers. The guest's own allocator is never
/// involved: it may be a garbage collector, or in the middle of something.
enum Heap {
    static let granuleBytes = Int(GRANULE_BYTES)
    /// The largest block that shares its granule with others.
    static let largestClassBytes = 32768
    /// Granules kept back so that a small allocation inside an operation never fails halfway.
    static let reserveGranules = 8
    /// How much to ask for at once; asking is a system call on the host.
    private static let growthGranules = 16

    /// Entry of the granule table: 0 = not ours, below `runMark` = size class + 1, else a run of so many granules.
    private static let runMark: UInt16 = 0x8000

    // MARK: - Allocation

    /// Returns the address of a block of at least `bytes`, or 0 where the guest's memory cannot grow.
    static func allocate(_ bytes: Int) -> UInt32 {
        prepare()
        guard bytes <= largestClassBytes else { return allocateRun(bytes) }
        let sizeClass = sizeClass(for: bytes)
        return allocateBlock(sizeClass, granule: { takeGranules(1) })
    }

    /// Like `allocate`, but may use the reserve, for allocations that cannot report failure.
    static func allocateFromReserve(_ bytes: Int) -> UInt32 {
        prepare()
        guard bytes <= largestClassBytes else { return allocateRun(bytes) }
        let sizeClass = sizeClass(for: bytes)
        return allocateBlock(sizeClass) {
            let granule = takeGranules(1)
            return granule != 0 ? granule : takeReserve()
        }
    }

    static func free(_ address: UInt32) {
        guard address != 0 else { return }
        let entry = Self[address >> 16]
        if entry >= runMark {
            Self[address >> 16] = 0
            addRun(at: address, count: Int(entry & ~runMark))
        } else if entry != 0 {
            let sizeClass = Int(entry) - 1
            pointer(address).storeBytes(of: freeBlockLists()[sizeClass], as: UInt32.self)
            freeBlockLists()[sizeClass] = address
        }
    }

    /// Whether operations that create things may go ahead: false once memory cannot grow and the reserve is touched.
    static func isReserveFull() -> Bool {
        prepare()
        while reserveCount < reserveGranules {
            let granule = takeGranules(1)
            guard granule != 0 else { return false }
            pointer(granule).storeBytes(of: reserveList, as: UInt32.self)
            reserveList = granule
            reserveCount += 1
        }
        return true
    }

    /// Makes sure that a single allocation of `bytes` will succeed, so that a growing array does not trap.
    static func canAllocate(_ bytes: Int) -> Bool {
        guard bytes > largestClassBytes else { return isReserveFull() }
        let block = allocateRun(bytes)
        free(block)
        return block != 0
    }

    // MARK: - Size classes

    /// Classes go 16, 32, 48, 64, 96, 128, 192 … 32768: waste is at most a third.
    private static func sizeClass(for bytes: Int) -> Int {
        guard bytes > 32 else { return bytes > 16 ? 1 : 0 }
        let power = Int.bitWidth - (bytes - 1).leadingZeroBitCount  // 6 for 33...64
        let half = 3 << (power - 2)
        return (power - 5) * 2 + (bytes <= half ? 0 : 1)
    }

    static func classBytes(_ sizeClass: Int) -> Int {
        guard sizeClass > 1 else { return sizeClass == 0 ? 16 : 32 }
        let power = sizeClass / 2 + 5
        return sizeClass & 1 == 0 ? 3 << (power - 2) : 1 << power
    }

    private static func allocateBlock(_ sizeClass: Int, granule: () -> UInt32) -> UInt32 {
        let recycled = freeBlockLists()[sizeClass]
        if recycled != 0 {
            freeBlockLists()[sizeClass] = pointer(recycled).load(as: UInt32.self)
            return recycled
        }
        let bytes = UInt32(classBytes(sizeClass))
        if freshBlockStarts()[sizeClass] + bytes > freshBlockEnds()[sizeClass] {
            let start = granule()
            guard start != 0 else { return 0 }
            Self[start >> 16] = UInt16(sizeClass + 1)
            freshBlockStarts()[sizeClass] = start
            // The very last bytes of a 4 GiB memory would make the end wrap around.
            freshBlockEnds()[sizeClass] = start + UInt32(granuleBytes - 16)
        }
        let block = freshBlockStarts()[sizeClass]
        freshBlockStarts()[sizeClass] = block + bytes
        return block
    }

    // MARK: - Runs of granules

    private static func allocateRun(_ bytes: Int) -> UInt32 {
        guard bytes > 0, bytes <= 0x7fff_0000 else { return 0 }
        let count = (bytes + granuleBytes - 1) / granuleBytes
        let run = takeGranules(count)
        if run != 0 { Self[run >> 16] = runMark | UInt16(count) }
        return run
    }

    /// Takes the first free run that is long enough, growing memory if there is none; returns 0 if it cannot grow.
    private static func takeGranules(_ count: Int) -> UInt32 {
        if let run = firstFit(count) { return run }
        for request in [max(count, growthGranules), count] {
            let address = growMemory(UInt32(request))
            guard address != .max else { continue }
            addRun(at: address, count: request)
            return firstFit(count) ?? 0
        }
        return 0
    }

    private static func firstFit(_ count: Int) -> UInt32? {
        var previous: UInt32 = 0
        var current = firstRun
        while current != 0 {
            let next = pointer(current).load(as: UInt32.self)
            let length = Int(pointer(current).load(fromByteOffset: 4, as: UInt32.self))
            if length >= count {
                let rest: UInt32
                if length > count {
                    rest = current + UInt32(count * granuleBytes)
                    pointer(rest).storeBytes(of: next, as: UInt32.self)
                    pointer(rest).storeBytes(of: UInt32(length - count), toByteOffset: 4, as: UInt32.self)
                } else {
                    rest = next
                }
                setNext(of: previous, to: rest)
                return current
            }
            previous = current
            current = next
        }
        return nil
    }

    /// Puts a run back among the free ones, which are in order of address, and joins it with its neighbours.
    private static func addRun(at address: UInt32, count: Int) {
        var previous: UInt32 = 0
        var next = firstRun
        while next != 0, next < address {
            previous = next
            next = pointer(next).load(as: UInt32.self)
        }
        var length = UInt32(count)
        if next != 0, address + length * UInt32(granuleBytes) == next {
            length += pointer(next).load(fromByteOffset: 4, as: UInt32.self)
            next = pointer(next).load(as: UInt32.self)
        }
        if previous != 0 {
            let previousLength = pointer(previous).load(fromByteOffset: 4, as: UInt32.self)
            if previous + previousLength * UInt32(granuleBytes) == address {
                pointer(previous).storeBytes(of: next, as: UInt32.self)
                pointer(previous).storeBytes(of: previousLength + length, toByteOffset: 4, as: UInt32.self)
                return
            }
        }
        pointer(address).storeBytes(of: next, as: UInt32.self)
        pointer(address).storeBytes(of: length, toByteOffset: 4, as: UInt32.self)
        setNext(of: previous, to: address)
    }

    private static func setNext(of run: UInt32, to next: UInt32) {
        if run == 0 { firstRun = next } else { pointer(run).storeBytes(of: next, as: UInt32.self) }
    }

    private static func takeReserve() -> UInt32 {
        let granule = reserveList
        if granule != 0 {
            reserveList = pointer(granule).load(as: UInt32.self)
            reserveCount -= 1
        }
        return granule
    }

    /// Splits the arena of the image into the table of granules and free ones.
    private static func prepare() {
        guard granuleTable == 0 else { return }
        granuleTable = imageArenaAddress()
        let tableGranules = 2
        let count = Int(imageArenaLength()) / granuleBytes - tableGranules
        guard granuleTable != 0, count >= 0 else { fatalError() }
        if count > 0 { addRun(at: granuleTable + UInt32(tableGranules * granuleBytes), count: count) }
    }

    /// What the granule with a number is used for.
    private static subscript(granule: UInt32) -> UInt16 {
        get { pointer(granuleTable + granule * 2).load(as: UInt16.self) }
        set { pointer(granuleTable + granule * 2).storeBytes(of: newValue, as: UInt16.self) }
    }
}

// Plain globals with constant initial values need no lazy initialisation.
nonisolated(unsafe) private var granuleTable: UInt32 = 0
nonisolated(unsafe) private var firstRun: UInt32 = 0
nonisolated(unsafe) private var reserveList: UInt32 = 0
nonisolated(unsafe) private var reserveCount = 0

/// A pointer to an address in the guest's memory, which starts at 0.
@inline(__always)
func pointer(_ address: UInt32) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: UInt(address)).unsafelyUnwrapped
}

// MARK: - What the Swift runtime calls, through C's names for them in Runtime.c

@c
func heapAllocate(_ bytes: UInt32) -> UInt32 { Heap.allocateFromReserve(max(Int(bytes & 0x7fff_ffff), 1)) }

@c
func heapFree(_ address: UInt32) { Heap.free(address) }
