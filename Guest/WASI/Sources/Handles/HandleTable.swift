// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What a handle of the guest stands for.
enum Resource {
    /// A free place; the next one in the list of free places.
    case vacant(next: Int)
    case descriptor(Descriptor)
    case input(InputStream)
    case output(OutputStream)
    case listing(DirectoryListing)
    /// A pollable that is ready from a time on the monotonic clock.
    case timer(UInt64)
    /// A pollable that is always ready.
    case ready
    case error(ErrorCode)
    case network
}

/// The guest's handles: numbers that name a place and the generation of what is in it, so that a handle that was
/// dropped does not silently mean the next thing.
///
/// The first handles are fixed and shared, and dropping them does nothing: standard streams, and a pollable that is
/// always ready. So those never run out.
struct HandleTable {
    static let ready: UInt32 = 1
    static let standardInput: UInt32 = 2
    static let standardOutput: UInt32 = 3
    static let standardError: UInt32 = 4
    static let network: UInt32 = 5

    private struct Slot {
        var resource: Resource
        var generation: UInt32
    }

    private static let indexBits: UInt32 = 16
    /// Handles stay below 2^28, as those of the component model do.
    private static let generations: UInt32 = 1 << 12
    private static let fixed = 6

    private var slots: [Slot]
    private var firstVacant = 0
    /// How many handles are open, not counting the fixed ones.
    private(set) var count = 0

    init() {
        let fixed: [Resource] = [
            .vacant(next: 0), .ready, .input(.standardInput()),
            .output(OutputStream(.host(1))), .output(OutputStream(.host(2))), .network,
        ]
        slots = []
        for resource in fixed { slots.append(Slot(resource: resource, generation: 0)) }
    }

    mutating func insert(_ resource: Resource) throws(ErrorCode) -> UInt32 {
        guard count < min(system.quota.maxHandles, 0xff00), Heap.isReserveFull() else { throw .insufficientSpace }
        if firstVacant == 0 {
            if slots.count == slots.capacity {
                guard Heap.canAllocate(slots.count * 2 * MemoryLayout<Slot>.stride + 32) else {
                    throw .insufficientSpace
                }
            }
            slots.append(Slot(resource: .vacant(next: 0), generation: 0))
            firstVacant = slots.count - 1
        }
        let index = firstVacant
        guard case .vacant(let next) = slots[index].resource else { throw .io }
        firstVacant = next
        slots[index].resource = resource
        count += 1
        return slots[index].generation << Self.indexBits | UInt32(index)
    }

    /// What a handle stands for; nil if it was never given out or was dropped.
    subscript(handle: UInt32) -> Resource? {
        let index = Int(handle & (1 << Self.indexBits - 1))
        guard index < slots.count, slots[index].generation == handle >> Self.indexBits else { return nil }
        if case .vacant = slots[index].resource { return nil }
        return slots[index].resource
    }

    /// Forgets a handle; the caller has checked that it is of the right kind.
    mutating func remove(_ handle: UInt32) {
        let index = Int(handle & (1 << Self.indexBits - 1))
        guard index >= Self.fixed, self[handle] != nil else { return }
        slots[index].generation = (slots[index].generation + 1) % Self.generations
        slots[index].resource = .vacant(next: firstVacant)
        firstVacant = index
        count -= 1
    }

    // MARK: - Typed access

    func descriptor(_ handle: UInt32) throws(ErrorCode) -> Descriptor {
        guard case .descriptor(let descriptor) = self[handle] else { throw .badDescriptor }
        return descriptor
    }

    func listing(_ handle: UInt32) throws(ErrorCode) -> DirectoryListing {
        guard case .listing(let listing) = self[handle] else { throw .badDescriptor }
        return listing
    }

    func input(_ handle: UInt32) throws(StreamError) -> InputStream {
        guard case .input(let stream) = self[handle] else { throw .failed(.badDescriptor) }
        return stream
    }

    func output(_ handle: UInt32) throws(StreamError) -> OutputStream {
        guard case .output(let stream) = self[handle] else { throw .failed(.badDescriptor) }
        return stream
    }
}
