// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// Works on the files in a guest's memory, through its control functions.
///
/// Those run inside of the guest, which may have been tampered with: no answer is believed before it was checked.
struct GuestFiles {
    private let guest: GuestInstance
    private let memory: GuestMemory

    private static let maxEntries = 1_000_000

    init(_ guest: GuestInstance) throws {
        guard let memory = guest.memory else {
            throw SandboxError(.unsupported, "A component that is run as it is has no files.")
        }
        self.guest = guest
        self.memory = memory
    }

    func contents(of path: String, maxBytes: Int) throws -> [UInt8] {
        try withText(path) { address, length in
            try withBuffer(16) { result in
                var contents: [UInt8] = []
                while true {
                    let offset = ComponentValue.u64(UInt64(contents.count))
                    try check(.locateContents, [.u32(address), .u32(length), offset, .u32(result)], path)
                    let start = try memory.load(UInt32.self, at: result)
                    let count = try memory.load(UInt32.self, at: result + 4)
                    if count == 0 { return contents }
                    guard contents.count + Int(count) <= maxBytes else {
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
        let (create, truncate, makeDirectories): (UInt32, UInt32, UInt32) = (1, 2, 8)
        try withText(path) { address, length in
            var written = 0
            repeat {
                let piece = contents[written..<min(contents.count, written + 1 << 20)]
                let flags = written == 0 ? create | truncate | makeDirectories : 0
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

    func entries(of path: String) throws -> [Sandbox.Entry] {
        let capacity = 64 << 10
        return try withText(path) { address, length in
            try withBuffer(capacity) { buffer in
                try withBuffer(8) { result in
                    var entries: [Sandbox.Entry] = []
                    var last: UInt64 = 0
                    while true {
                        let arguments: [ComponentValue] = [
                            .u32(address), .u32(length), .u64(last), .u32(buffer), .u32(UInt32(capacity)), .u32(result),
                        ]
                        try check(.listDirectory, arguments, path)
                        let count = try memory.load(UInt32.self, at: result)
                        let bytes = try memory.load(UInt32.self, at: result + 4)
                        guard bytes <= capacity else { throw Self.nonsense }
                        if count == 0 { return entries }
                        let records = try memory.read(at: buffer, count: bytes)
                        try Self.parse(records, count: count, into: &entries, last: &last)
                        guard entries.count <= Self.maxEntries else { throw Self.nonsense }
                    }
                }
            }
        }
    }

    /// How many bytes the contents of all files take, and how many files and directories there are.
    func usage() throws -> (bytes: Int, count: Int) {
        try withBuffer(48) { result in
            _ = try guest.callControl(.usage, [.u32(result)])
            let bytes = try memory.load(UInt64.self, at: result)
            let count = try memory.load(UInt64.self, at: result + 16)
            return (Int(min(bytes, 1 << 40)), Int(min(count, 1 << 40)))
        }
    }

    func remove(_ path: String) throws {
        try withText(path) { address, length in try check(.remove, [.u32(address), .u32(length), .u32(1)], path) }
    }

    func makeDirectory(_ path: String) throws {
        try withText(path) { address, length in
            try check(.makeDirectory, [.u32(address), .u32(length), .u32(1)], path)
        }
    }

    /// Takes apart the records of `list-directory`.
    private static func parse(
        _ records: [UInt8],
        count: UInt32,
        into entries: inout [Sandbox.Entry],
        last: inout UInt64
    ) throws {
        var rest = records[...]
        func integer<Integer: FixedWidthInteger>(_ offset: Int, _ type: Integer.Type) -> Integer {
            (0..<MemoryLayout<Integer>.size).reversed()
                .reduce(0) { $0 << 8 | Integer(rest[rest.startIndex + offset + $1]) }
        }
        for _ in 0..<count {
            let headerBytes = 20
            guard rest.count >= headerBytes else { throw nonsense }
            let nameLength = Int(integer(16, UInt16.self))
            let recordBytes = (headerBytes + nameLength + 7) / 8 * 8
            guard rest.count >= recordBytes else { throw nonsense }
            let number = integer(0, UInt64.self)
            guard number > last else { throw nonsense }
            last = number
            let name = rest[(rest.startIndex + headerBytes)...].prefix(nameLength)
            guard let text = String(validating: name, as: UTF8.self), !text.isEmpty, !text.contains("/"),
                text != ".", text != ".."
            else { throw nonsense }
            entries.append(
                Sandbox.Entry(
                    name: text,
                    kind: [3: .directory, 5: .symbolicLink, 6: .file][rest[rest.startIndex + 18]] ?? .other,
                    byteCount: integer(8, UInt64.self)
                )
            )
            rest = rest.dropFirst(recordBytes)
        }
    }

    private static let nonsense = SandboxError(
        .file,
        "The sandbox's files are damaged: its program tampered with them."
    )

    /// Calls a function whose answer is 0 or 1 + an error code of `wasi:filesystem/types`.
    private func check(_ function: ControlFunction, _ arguments: [ComponentValue], _ path: String) throws {
        let answer = try guest.control(function, arguments)
        guard answer != 0 else { return }
        let reason = Int(answer - 1) < Self.reasons.count ? Self.reasons[Int(answer - 1)] : "an unknown error"
        throw SandboxError(.file, "\(path): \(reason).")
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
