// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// Works on the files in a guest's memory, through its control functions.
///
/// Those run inside of the guest, which may have been tampered with: no answer is believed before it was checked.
struct GuestFiles {
    private let guest: GuestInstance
    private let memory: GuestMemory

    /// An entry of a directory, whose name leads nowhere else.
    struct Entry {
        let name: FileName
        /// The name as text, which the names of a sandbox always are.
        let text: String
        let kind: Sandbox.Entry.Kind
        let byteCount: UInt64
    }

    /// Bounds of one listing, whatever the guest answers: the number of entries, and the bytes of their names.
    private static let maxEntries = 1_000_000
    private static let maxNameBytes = 64 << 20

    init(_ guest: GuestInstance) {
        self.guest = guest
        memory = guest.memory
    }

    func contents(of path: String, maxBytes: Int) throws -> [UInt8] {
        try withText(path) { address, length in
            try withBuffer(ControlRecords.Piece.byteCount) { result in
                var contents: [UInt8] = []
                while true {
                    let offset = ComponentValue.u64(UInt64(contents.count))
                    try check(.locateContents, [.u32(address), .u32(length), offset, .u32(result)], path)
                    let piece = try record(at: result, byteCount: ControlRecords.Piece.byteCount)
                    let (start, count) = (piece[ControlRecords.Piece.address], piece[ControlRecords.Piece.length])
                    if count == 0 { return contents }
                    guard Int(count) <= maxBytes - contents.count else {
                        throw SandboxError(.file, "\(path) is larger than the \(maxBytes) bytes that may be read.")
                    }
                    if start == 0 {
                        contents += [UInt8](repeating: 0, count: Int(count))
                    } else {
                        contents += try memory.read(at: start, count: count)
                    }
                }
            }
        }
    }

    func write(_ contents: [UInt8], to path: String) throws {
        typealias Flags = ControlRecords.WriteFlags
        try withText(path) { address, length in
            var written = 0
            repeat {
                let piece = contents[written..<min(contents.count, written + 1 << 20)]
                let flags = written == 0 ? Flags.create | Flags.truncate | Flags.makeDirectories : 0
                try withBuffer(max(1, piece.count)) { buffer in
                    try memory.write(piece, at: buffer)
                    let arguments: [ComponentValue] = [
                        .u32(address), .u32(length), .u32(flags), .u64(UInt64(written)), .u32(buffer),
                        .u32(UInt32(piece.count)),
                    ]
                    try check(.writeFile, arguments, path)
                }
                written += piece.count
            } while written < contents.count
        }
    }

    /// Lists a directory.
    func entries(of path: String) throws -> [Sandbox.Entry] {
        var entries: [Sandbox.Entry] = []
        let isDirectory = try forEachEntry(of: path) {
            entries.append(Sandbox.Entry(name: $0.text, kind: $0.kind, byteCount: $0.byteCount))
        }
        guard isDirectory else { throw Self.error(Self.notADirectory, path) }
        return entries
    }

    /// Calls a closure for each entry of a directory, and keeps none; answers `false` if the path is of no directory.
    func forEachEntry(of path: String, _ body: (Entry) throws -> Void) throws -> Bool {
        let capacity = 64 << 10
        return try withText(path) { address, length in
            try withBuffer(capacity) { buffer in
                try withBuffer(ControlRecords.Listing.byteCount) { result in
                    var parser = ListingParser()
                    while true {
                        let arguments: [ComponentValue] = [
                            .u32(address), .u32(length), .u64(parser.last), .u32(buffer), .u32(UInt32(capacity)),
                            .u32(result),
                        ]
                        let answer = try guest.control(.listDirectory, arguments)
                        if answer == Self.notADirectory { return false }
                        guard answer == 0 else { throw Self.error(answer, path) }
                        let listing = try record(at: result, byteCount: ControlRecords.Listing.byteCount)
                        let (count, bytes) =
                            (listing[ControlRecords.Listing.recordCount], listing[ControlRecords.Listing.recordBytes])
                        guard bytes <= capacity else { throw Self.nonsense }
                        if count == 0 { return true }
                        try parser.parse(memory.read(at: buffer, count: bytes), count: count, body)
                    }
                }
            }
        }
    }

    /// Sets how many bytes the contents of all files may take, and how many files and directories there may be.
    func setQuotas(bytes: Int, count: Int) throws {
        typealias Quotas = ControlRecords.Quotas
        var quotas = ControlRecord(byteCount: Quotas.byteCount)
        quotas[Quotas.tag] = Quotas.tagOfQuotas
        quotas[Quotas.payloadBytes] = 16
        quotas[Quotas.contentBytes] = UInt64(max(0, bytes))
        quotas[Quotas.nodes] = UInt32(clamping: count)
        quotas[Quotas.handles] = 4_096
        try withBuffer(Quotas.byteCount) { address in
            try memory.write(quotas.bytes, at: address)
            try check(.configure, [.u32(address), .u32(UInt32(Quotas.byteCount))], "the quotas")
        }
    }

    /// Returns the size of the contents of all files in bytes, and the number of files and directories.
    func usage() throws -> (bytes: Int, count: Int) {
        try withBuffer(ControlRecords.Usage.byteCount) { result in
            _ = try guest.callControl(.usage, [.u32(result)])
            let usage = try record(at: result, byteCount: ControlRecords.Usage.byteCount)
            return (
                Int(min(usage[ControlRecords.Usage.contentBytes], 1 << 40)),
                Int(min(usage[ControlRecords.Usage.nodes], 1 << 40))
            )
        }
    }

    /// Reads a record that the guest wrote.
    private func record(at address: UInt32, byteCount: Int) throws -> ControlRecord {
        ControlRecord(try memory.read(at: address, count: UInt32(byteCount)))
    }

    func remove(_ path: String) throws {
        try withText(path) { address, length in try check(.remove, [.u32(address), .u32(length), .u32(1)], path) }
    }

    func makeDirectory(_ path: String) throws {
        try withText(path) { address, length in
            try check(.makeDirectory, [.u32(address), .u32(length), .u32(1)], path)
        }
    }

    /// Takes apart the records of `list-directory`, one buffer after the other.
    struct ListingParser {
        /// The number of the last entry, after which the next buffer begins.
        private(set) var last: UInt64 = 0
        private var entryCount = 0
        private var nameBytes = 0

        /// Calls a closure for each record of a buffer.
        ///
        /// - Throws: `SandboxError` with the code `.file` if the records are not what the guest's own code writes, or are
        ///   more than a directory can have.
        mutating func parse(_ buffer: [UInt8], count: UInt32, _ body: (Entry) throws -> Void) throws {
            var rest = buffer[...]
            for _ in 0..<count {
                let headerBytes = ControlRecords.Entry.byteCount
                guard rest.count >= headerBytes else { throw nonsense }
                let header = ControlRecord(rest.prefix(headerBytes))
                let nameLength = Int(header[ControlRecords.Entry.nameBytes])
                let alignment = ControlRecords.Entry.alignment
                let recordBytes = (headerBytes + nameLength + alignment - 1) / alignment * alignment
                guard rest.count >= recordBytes else { throw nonsense }
                let number = header[ControlRecords.Entry.number]
                guard number > last else { throw nonsense }
                last = number
                entryCount += 1
                nameBytes += nameLength
                guard entryCount <= maxEntries, nameBytes <= maxNameBytes,
                    let name = FileName(rest.dropFirst(headerBytes).prefix(nameLength)), let text = name.text
                else { throw nonsense }
                try body(
                    Entry(
                        name: name,
                        text: text,
                        kind: [3: .directory, 5: .symbolicLink, 6: .file][header[ControlRecords.Entry.kind]] ?? .other,
                        byteCount: header[ControlRecords.Entry.size]
                    )
                )
                rest = rest.dropFirst(recordBytes)
            }
        }
    }

    private static let nonsense = SandboxError(
        .file,
        "The sandbox's files are damaged: its program tampered with them."
    )

    /// Calls a function whose answer is 0 or 1 + an error code of `wasi:filesystem/types`.
    private func check(_ function: ControlFunction, _ arguments: [ComponentValue], _ path: String) throws {
        let answer = try guest.control(function, arguments)
        guard answer == 0 else { throw Self.error(answer, path) }
    }

    /// The answer for what is no directory.
    private static let notADirectory: UInt32 = 25

    private static func error(_ answer: UInt32, _ path: String) -> SandboxError {
        let code = Int(answer) - 1
        return SandboxError(.file, "\(path): \(reasons.indices.contains(code) ? reasons[code] : "an unknown error").")
    }

    /// The cases of [`error-code`](https://github.com/WebAssembly/wasi-filesystem/blob/main/wit/types.wit), in order.
    private static let reasons = [
        "permission denied", "would block", "already being opened", "bad descriptor", "busy", "would deadlock",
        "quota used up", "exists already", "too large", "illegal bytes in the name", "in progress", "interrupted",
        "invalid argument", "input/output error", "is a directory", "too many symbolic links", "too many links",
        "message too large", "name too long", "no such device", "no such file or directory", "no lock",
        "insufficient memory", "no space left", "not a directory", "the directory is not empty", "not recoverable",
        "not supported", "not a terminal", "no such device or address", "value too large", "not permitted",
        "broken pipe", "read-only", "invalid seek", "text file busy", "on another device",
    ]

    private func withText<Result>(_ text: String, _ body: (UInt32, UInt32) throws -> Result) throws -> Result {
        let bytes = Array(text.utf8)
        return try withBuffer(max(1, bytes.count)) { address in
            try memory.write(bytes, at: address)
            return try body(address, UInt32(bytes.count))
        }
    }

    /// Lends memory of the guest, which its own allocator provides.
    private func withBuffer<Result>(_ count: Int, _ body: (UInt32) throws -> Result) throws -> Result {
        guard let size = UInt32(exactly: count), case let address = try guest.control(.allocate, [.u32(size)]),
            address != 0
        else {
            throw SandboxError(.file, "The sandbox has no memory left for the operation.")
        }
        // After anything worse than a failed file operation the guest is thrown away, and the buffer with it.
        let outcome = Swift.Result { try body(address) }
        if case .failure(let error) = outcome, (error as? SandboxError)?.code != .file { throw error }
        _ = try guest.callControl(.free, [.u32(address)])
        return try outcome.get()
    }
}
