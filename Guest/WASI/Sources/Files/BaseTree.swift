// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The files that are part of the image, as the `virtualize` pass lays them out in the configuration.
///
/// All numbers are little-endian. A header of 16 bytes - "TREE", version 1, number of records, reserved - is followed by
/// records of 32 bytes; record 0 is the root:
///
///     0  u8  kind (2 device, 3 directory, 5 symbolic link, 6 file)
///     1  u8  flags (1 = read-only, with all below)         8  u32 offset of the contents, first child's record, or device
///     2  u16 bytes of the name                            12  u32 bytes of the contents, or number of children
///     4  u32 offset of the name                           16  u64 time of modification, nanoseconds since 1970
///                                                         24  u64 reserved
///
/// The children of a directory are adjacent records after it. Offsets count from the header. Whatever does not fit is
/// taken as not there: the bytes lie in the guest's memory, and a guest may overwrite its own.
struct BaseTree {
    static let headerBytes = 16
    static let recordBytes = 32

    struct Record {
        var kind: Node.Kind
        var isReadOnly: Bool
        var name: (address: UInt32, count: Int)
        var contents: (offset: UInt32, count: UInt32)
        var modified: Timestamp
    }

    /// The records of a directory's entries.
    struct Children {
        var tree: BaseTree
        var first: Int
        var count: Int
    }

    private let address: UInt32
    private let count: Int
    private let recordCount: Int

    /// A tree at an address; nil if there is none.
    init?(address: UInt32, count: Int) {
        guard count >= Self.headerBytes else { return nil }
        let header = pointer(address)
        guard header.load(as: UInt32.self) == 0x4545_5254, header.load(fromByteOffset: 4, as: UInt32.self) == 1 else {
            return nil
        }
        self.address = address
        self.count = count
        let records = Int(truncatingIfNeeded: header.load(fromByteOffset: 8, as: UInt32.self) & 0x7fff_ffff)
        recordCount = min(records, (count - Self.headerBytes) / Self.recordBytes)
        guard recordCount > 0 else { return nil }
    }

    func record(_ index: Int) -> Record? {
        guard index >= 0, index < recordCount else { return nil }
        let start = pointer(address) + Self.headerBytes + index * Self.recordBytes
        guard let kind = Node.Kind(rawValue: start.load(as: UInt8.self)) else { return nil }
        let nameOffset = start.load(fromByteOffset: 4, as: UInt32.self)
        let nameCount = UInt32(start.load(fromByteOffset: 2, as: UInt16.self))
        guard let nameAddress = location(nameOffset, nameCount) else { return nil }
        return Record(
            kind: kind,
            isReadOnly: start.load(fromByteOffset: 1, as: UInt8.self) & 1 != 0,
            name: (nameAddress, Int(nameCount)),
            contents: (
                start.load(fromByteOffset: 8, as: UInt32.self), start.load(fromByteOffset: 12, as: UInt32.self)
            ),
            modified: Timestamp(nanosecondsSince1970: start.load(fromByteOffset: 16, as: UInt64.self))
        )
    }

    /// Turns a record into a node whose contents stay where they are.
    func node(_ index: Int, id: UInt64, isReadOnly: Bool) -> Node? {
        guard let record = record(index) else { return nil }
        let node = Node(record, id: id, isReadOnly: isReadOnly || record.isReadOnly)
        switch record.kind {
        case .characterDevice:
            node.device = Device(rawValue: record.contents.offset) ?? .null
        case .directory:
            // Children come after their parent, so that no directory contains itself.
            let first = Int(truncatingIfNeeded: record.contents.offset & 0x7fff_ffff)
            let count = Int(truncatingIfNeeded: record.contents.count & 0x7fff_ffff)
            guard count > 0, first > index, count <= recordCount, first <= recordCount - count else { break }
            node.directory?.unopened = Children(tree: self, first: first, count: count)
        case .file, .symbolicLink:
            guard let start = location(record.contents.offset, record.contents.count) else { break }
            let count = Int(record.contents.count)
            if record.kind == .file {
                node.contents = FileContents(image: start, count: count)
            } else {
                node.target = Array(UnsafeRawBufferPointer(start: pointer(start), count: count))
            }
        }
        return node
    }

    private func location(_ offset: UInt32, _ length: UInt32) -> UInt32? {
        guard length <= UInt32(count), offset <= UInt32(count) - length else { return nil }
        return address + offset
    }
}
