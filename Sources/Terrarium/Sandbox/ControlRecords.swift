// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The layouts of the records that pass between the host and the control functions; Guest/WASI/ABI.md describes them.
///
/// A record is read from the guest's memory as a whole, with one check of its bounds, and taken apart here. No address is
/// computed from a number of the guest.
enum ControlRecords {
    /// A little-endian integer at an offset of a record.
    struct Field<Integer: FixedWidthInteger>: Sendable {
        let offset: Int
    }

    /// The result of `locate-contents`.
    enum Piece {
        static let byteCount = 16
        static let address = Field<UInt32>(offset: 0)
        static let length = Field<UInt32>(offset: 4)
    }

    /// The result of `list-directory`.
    enum Listing {
        static let byteCount = 8
        static let recordCount = Field<UInt32>(offset: 0)
        static let recordBytes = Field<UInt32>(offset: 4)
    }

    /// The beginning of a directory entry in the buffer of `list-directory`; the name follows, then padding.
    enum Entry {
        static let byteCount = 20
        static let alignment = 8
        static let number = Field<UInt64>(offset: 0)
        static let size = Field<UInt64>(offset: 8)
        static let nameBytes = Field<UInt16>(offset: 16)
        static let kind = Field<UInt8>(offset: 18)
    }

    /// The result of `usage`.
    enum Usage {
        static let byteCount = 48
        static let contentBytes = Field<UInt64>(offset: 0)
        static let nodes = Field<UInt64>(offset: 16)
    }

    /// The record of `configure` that sets quotas.
    enum Quotas {
        static let byteCount = 24
        static let tagOfQuotas: UInt32 = 5
        static let tag = Field<UInt32>(offset: 0)
        static let payloadBytes = Field<UInt32>(offset: 4)
        static let contentBytes = Field<UInt64>(offset: 8)
        static let nodes = Field<UInt32>(offset: 16)
        static let handles = Field<UInt32>(offset: 20)
    }

    /// The bits of the flags of `write-file`.
    enum WriteFlags {
        static let create: UInt32 = 1
        static let truncate: UInt32 = 2
        static let makeDirectories: UInt32 = 8
    }
}

/// The bytes of one record.
///
/// A field outside of them is a mistake of the host's own, never a number of the guest.
struct ControlRecord {
    private(set) var bytes: [UInt8]

    /// A record of zeros, to be filled in.
    init(byteCount: Int) {
        bytes = [UInt8](repeating: 0, count: byteCount)
    }

    /// A record that was read, of at least the bytes of its layout.
    init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
    }

    subscript<Integer>(_ field: ControlRecords.Field<Integer>) -> Integer {
        get {
            (0..<MemoryLayout<Integer>.size).reduce(0) { number, index in
                number | Integer(truncatingIfNeeded: bytes[field.offset + index]) << Integer(8 * index)
            }
        }
        set {
            for index in 0..<MemoryLayout<Integer>.size {
                bytes[field.offset + index] = UInt8(truncatingIfNeeded: newValue >> Integer(8 * index))
            }
        }
    }
}
