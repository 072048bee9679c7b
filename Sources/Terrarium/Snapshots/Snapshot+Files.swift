// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The binary form of a snapshot, all integers little-endian:
///
/// | bytes | |
/// |---|---|
/// | 8 | `TERRSNAP` |
/// | u32 | 3, the version of this form |
/// | u32, then as many | the identity of the image, UTF-8 |
/// | u32 | bits: 1 the guest knows host functions and limits, 2 with a suspended program, 4 deterministic |
/// | u64 | the time on the sandbox's monotonic clock, in nanoseconds |
/// | u64, u64, u64 | where it is deterministic: the start of its clocks and the time since then, in nanoseconds, and the state of its random numbers |
/// | u64 | the size of the memory |
/// | u64 | the number of pages that follow |
/// | u32 | a page: its number |
/// | u16, then as many | what differs from the image in it: runs of bytes |
/// | u16, u16, then as many | of these, each run: its offset in the page, its length, its bytes |
/// | 32 | SHA-256 of all before |
///
/// A page of Python's memory differs from the image in few places, mostly reference counts, so that runs take a small
/// part of whole pages.
extension Snapshot {
    /// Stores the snapshot in a file, which appears under its name when it is complete.
    ///
    /// - Parameter file: Where to; a file that is there is replaced.
    /// - Throws: `SandboxError` with the code `.unreadableFile` if the file cannot be written.
    public func write(to file: URL) async throws {
        try await OwnThread.run {
            do {
                try Data(encoded()).write(to: file, options: .atomic)
            } catch {
                throw SandboxError(.unreadableFile, "\(file.path) cannot be written: \(fileErrorReason(error)).")
            }
        }
    }

    /// Reads a snapshot that ``write(to:)`` stored, in this process or another.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - image: The image that the snapshot was made with.
    /// - Throws: `SandboxError` with the code `.unreadableFile` if the file cannot be read, `.invalidSnapshot` if it is
    ///   no snapshot, is damaged or incomplete, or belongs to another image.
    public init(contentsOf file: URL, image: Image) async throws {
        self = try await OwnThread.run {
            try Snapshot(decoding: OpenFile(file).contents(), image: image, name: file.path)
        }
    }

    /// The snapshot as bytes, in the form above.
    ///
    /// They hold all data of the program and are not encrypted. Host functions and limits are not part of them.
    public func encoded() -> [UInt8] {
        var writer = SnapshotWriter()
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(UInt32(image.identity.utf8.count))
        writer.append(Array(image.identity.utf8))
        writer.append(UInt32(isConfigured ? 1 : 0) | (isSuspended ? 2 : 0) | (world != nil ? 4 : 0))
        writer.append(monotonicTime)
        if let world {
            for number in [world.startNanoseconds, world.elapsed, world.randomState] { writer.append(number) }
        }
        writer.append(UInt64(pages.size))
        writer.append(UInt64(pages.numbers.count))
        for (number, changes) in zip(pages.numbers, pages.changes) {
            writer.append(UInt32(number))
            writer.append(UInt16(changes.count))
            writer.append(changes)
        }
        writer.append(SHA256.hash(writer.bytes))
        return writer.bytes
    }

    /// Decodes bytes that ``encoded()`` made, in this process or another.
    ///
    /// The bytes are checked, and may come from anybody: at worst they are the state of another program.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - image: The image that the snapshot was made with.
    /// - Throws: `SandboxError` with the code `.invalidSnapshot` if they are no snapshot, are damaged or incomplete, or
    ///   belong to another image.
    public init(decoding bytes: [UInt8], image: Image) throws(SandboxError) {
        try self.init(decoding: bytes, image: image, name: "The data")
    }

    init(decoding bytes: [UInt8], image: Image, name: String) throws(SandboxError) {
        func invalid(_ reason: String) -> SandboxError { SandboxError(.invalidSnapshot, "\(name) \(reason).") }
        let digestBytes = 32
        guard bytes.count > Self.magic.count + digestBytes, bytes.starts(with: Self.magic) else {
            throw invalid("is no snapshot")
        }
        let content = bytes.dropLast(digestBytes)
        guard SHA256.hash(content).elementsEqual(bytes.suffix(digestBytes)) else {
            throw invalid("is damaged or incomplete: its checksum is wrong")
        }
        var reader = SnapshotReader(bytes: content.dropFirst(Self.magic.count))
        guard let version = reader.integer(UInt32.self), version == Self.version else {
            throw invalid("is a snapshot of another version of Terrarium")
        }
        guard let length = reader.integer(UInt32.self), let identity = reader.take(Int(length)) else {
            throw invalid("is malformed")
        }
        guard identity.elementsEqual(image.identity.utf8) else {
            throw invalid("belongs to another image than this one: restore it with the image that it was made of")
        }
        guard let flags = reader.integer(UInt32.self), flags < 8, let monotonicTime = reader.integer(UInt64.self),
            monotonicTime < 1 << 63
        else { throw invalid("is malformed") }
        var world: VirtualWorld?
        if flags & 4 != 0 {
            guard let start = reader.integer(UInt64.self), let elapsed = reader.integer(UInt64.self),
                let random = reader.integer(UInt64.self)
            else { throw invalid("is malformed") }
            world = VirtualWorld(startNanoseconds: start, elapsed: elapsed, randomState: random)
        }
        guard let pages = reader.pages(of: image) else { throw invalid("is malformed") }
        self.init(image: image, pages: pages, monotonicTime: monotonicTime)
        self.world = world
        isConfigured = flags & 1 != 0
        isSuspended = flags & 2 != 0
    }

    private static let magic = Array("TERRSNAP".utf8)
    private static let version: UInt32 = 3
}

/// Writes integers and bytes.
private struct SnapshotWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ integer: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: integer.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(_ other: [UInt8]) {
        bytes += other
    }
}

/// Reads what a writer wrote, from bytes that may have been made up.
private struct SnapshotReader {
    private var bytes: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        take(MemoryLayout<Integer>.size)?.reversed().reduce(0) { $0 << 8 | Integer($1) }
    }

    /// The size of the memory and its pages, to the end of the bytes.
    mutating func pages(of image: Image) -> MemoryPages? {
        guard let size = integer(UInt64.self), let count = integer(UInt64.self), size <= 1 << 32,
            size.isMultiple(of: UInt64(ImageMemory.wasmPageBytes)), size >= UInt64(image.initialMemoryBytes),
            count <= size / UInt64(ImageMemory.pageBytes)
        else { return nil }
        var numbers: [Int] = []
        var changes: [[UInt8]] = []
        for _ in 0..<count {
            guard let number = integer(UInt32.self), let length = integer(UInt16.self), let bytes = take(Int(length))
            else { return nil }
            numbers.append(Int(number))
            changes.append(Array(bytes))
        }
        guard bytes.isEmpty else { return nil }
        return MemoryPages(size: Int(size), numbers: numbers, untrustedChanges: changes)
    }
}
