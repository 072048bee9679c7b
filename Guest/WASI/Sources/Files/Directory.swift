// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The entries of a directory, in the order in which they were made.
///
/// Every entry has a number that only grows, and a listing remembers the number it has come to: so a listing that goes on
/// while entries come and go still shows each entry that stays exactly once. A removed entry leaves a gap that is closed
/// when gaps are half of the array. Small directories are searched in order, others through a hash index.
final class Directory {
    struct Entry {
        let name: [UInt8]
        /// Nil marks a gap.
        var node: Node?
        let number: UInt64
        let hash: UInt32
    }

    /// Entries of the image that were not looked at yet; see `FileTree.entries(of:)`.
    var unopened: BaseTree.Children?

    private var entries: [Entry] = []
    /// Everything before is a gap, so that emptying a directory from the front is fast.
    private var firstUsed = 0
    private(set) var count = 0
    private var lastNumber: UInt64 = 0
    /// Open addressing: 0 = never used, else position in `entries` + 1 (which may have become a gap).
    private var index: [UInt32] = []

    private static let maxUnindexed = 8

    // MARK: - Lookup

    func lookup(_ name: UnsafeRawBufferPointer) -> Node? {
        position(of: name).flatMap { entries[$0].node }
    }

    /// The first entry with a number above the given one.
    func entry(after number: UInt64) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number <= number { low = middle + 1 } else { high = middle }
        }
        low = max(low, firstUsed)
        while low < entries.count {
            if entries[low].node != nil { return entries[low] }
            low += 1
        }
        return nil
    }

    // MARK: - Changes

    /// Adds an entry; there must be none of that name.
    func insert(_ name: [UInt8], _ node: Node) throws(ErrorCode) {
        if entries.count == entries.capacity {
            compact()
            guard Heap.canAllocate(max(entries.count * 2, 8) * MemoryLayout<Entry>.stride + 32) else {
                throw .insufficientSpace
            }
        }
        if entries.count >= Self.maxUnindexed, (entries.count + 1) * 2 > index.count {
            guard Heap.canAllocate(entries.count * 4 * 4 + 64) else { throw .insufficientSpace }
        }
        lastNumber += 1
        entries.append(Entry(name: name, node: node, number: lastNumber, hash: name.withUnsafeBytes(Self.hash)))
        count += 1
        if !index.isEmpty, entries.count * 2 <= index.count {
            addToIndex(entries.count - 1)
        } else if entries.count > Self.maxUnindexed {
            rebuildIndex()
        }
    }

    func remove(_ name: UnsafeRawBufferPointer) {
        guard let position = position(of: name) else { return }
        entries[position].node = nil
        count -= 1
        while firstUsed < entries.count, entries[firstUsed].node == nil { firstUsed += 1 }
        compact()
    }

    /// Puts another node under an existing name.
    func replace(_ name: UnsafeRawBufferPointer, _ node: Node) {
        guard let position = position(of: name) else { return }
        entries[position].node = node
    }

    // MARK: - Search

    private func position(of name: UnsafeRawBufferPointer) -> Int? {
        let hash = Self.hash(name)
        guard !index.isEmpty else {
            return entries.indices.first { matches($0, name, hash) }
        }
        let mask = index.count - 1
        var slot = Int(hash) & mask
        while index[slot] != 0 {
            let position = Int(index[slot]) - 1
            if matches(position, name, hash) { return position }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func matches(_ position: Int, _ name: UnsafeRawBufferPointer, _ hash: UInt32) -> Bool {
        let entry = entries[position]
        guard entry.hash == hash, entry.node != nil, entry.name.count == name.count else { return false }
        return entry.name.withUnsafeBytes { equal($0, name) }
    }

    private func addToIndex(_ position: Int) {
        let mask = index.count - 1
        var slot = Int(entries[position].hash) & mask
        while index[slot] != 0 { slot = (slot + 1) & mask }
        index[slot] = UInt32(position + 1)
    }

    private func rebuildIndex() {
        var slots = 32
        while slots < entries.count * 4 { slots *= 2 }
        index = [UInt32](repeating: 0, count: slots)
        for position in entries.indices where entries[position].node != nil { addToIndex(position) }
    }

    private func compact() {
        guard count * 2 <= entries.count, entries.count > Self.maxUnindexed else { return }
        entries.removeAll { $0.node == nil }
        firstUsed = 0
        if !index.isEmpty { rebuildIndex() }
    }

    /// FNV-1a, with the 31 low bits that fit an `Int`.
    private static func hash(_ name: UnsafeRawBufferPointer) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in name { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash & 0x7fff_ffff
    }
}

/// Whether two stretches of memory hold the same bytes.
func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    for i in 0..<left.count where left[i] != right[i] { return false }
    return true
}
