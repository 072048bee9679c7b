// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Why a stream does nothing: `wasi:io/streams.stream-error`.
enum StreamError: Error {
    case closed
    case failed(ErrorCode)
}

/// `wasi:io/streams.input-stream`: a file from an offset on, or a device.
final class InputStream {
    private enum Source {
        case file(Node)
        case device(Device)
    }

    private let source: Source
    private var offset: Int

    /// Standard input.
    static func standardInput() -> InputStream { InputStream(.device(.standardInput), at: 0) }

    /// What one read delivers at most, so that a request for everything does not double the memory of a big file.
    static let maxReadBytes = 1 << 20

    convenience init(_ node: Node, at offset: Int) {
        self.init(node.device.map { .device($0) } ?? .file(node), at: offset)
    }

    private init(_ source: Source, at offset: Int) {
        self.source = source
        self.offset = offset
    }

    /// Reads into memory that the guest's allocator gives for it.
    func read(_ length: UInt64) throws(StreamError) -> GuestList {
        let length = Int(min(length, UInt64(Self.maxReadBytes)))
        guard length > 0 else { return .empty(alignment: 1) }
        guard case .file(let node) = source else { return try readDevice(length) }
        let available = min(length, node.contents.count - offset)
        guard available > 0 else { throw .closed }
        guard let list = GuestList.allocate(available) else { throw .failed(.insufficientMemory) }
        offset += node.contents.read(at: offset, into: list.address, available)
        node.noteAccess()
        return list
    }

    /// Moves on without reading.
    func skip(_ length: UInt64) throws(StreamError) -> UInt64 {
        let length = Int(min(length, UInt64(Self.maxReadBytes)))
        guard length > 0 else { return 0 }
        let run = try peek(length)
        advance(run)
        return UInt64(run.count)
    }

    /// The next bytes where they lie; `advance` must follow.
    func peek(_ length: Int) throws(StreamError) -> FileContents.Run {
        guard case .file(let node) = source else { return try peekDevice(min(length, Self.deviceBytes)) }
        var run = node.contents.run(at: offset)
        guard run.count > 0 else { throw .closed }
        run.count = min(run.count, length)
        return run
    }

    func advance(_ run: FileContents.Run) {
        if case .file = source { offset += run.count } else { Heap.free(run.address) }
    }

    // MARK: - Devices

    private static let deviceBytes = 16384

    /// The next bytes of a device, in memory of their own.
    private func peekDevice(_ length: Int) throws(StreamError) -> FileContents.Run {
        guard case .device(let device) = source else { throw .closed }
        let buffer = Heap.allocate(length)
        guard buffer != 0 else { throw .failed(.insufficientMemory) }
        let count =
            switch device {
            case .zero: zeros(buffer, length)
            case .random: random(buffer, length)
            case .standardInput: Int(truncatingIfNeeded: hostInput(buffer, UInt32(length)) & 0x7fff_ffff)
            case .null, .standardOutput, .standardError: 0
            }
        guard count > 0, count <= length else {
            Heap.free(buffer)
            throw .closed
        }
        return FileContents.Run(address: buffer, count: count)
    }

    private func zeros(_ buffer: UInt32, _ length: Int) -> Int {
        pointer(buffer).initializeMemory(as: UInt8.self, repeating: 0, count: length)
        return length
    }

    private func random(_ buffer: UInt32, _ length: Int) -> Int {
        system.random.fill(buffer, length)
        return length
    }

    private func readDevice(_ length: Int) throws(StreamError) -> GuestList {
        let run = try peek(length)
        let list = GuestList.copy(of: UnsafeRawBufferPointer(start: pointer(run.address), count: run.count))
        advance(run)
        guard let list else { throw .failed(.insufficientMemory) }
        return list
    }
}

/// `wasi:io/streams.output-stream`: a file from an offset on, a file's end, or the host.
final class OutputStream {
    enum Destination {
        /// Standard output (1) or standard error (2).
        case host(UInt32)
        /// Nobody.
        case nowhere
        case file(Node)
        case end(Node)
    }

    private let destination: Destination
    private var offset: Int

    /// What `check-write` allows at once: everything, because a guest's libc passes the rest of a longer write on as a
    /// short one, and Python's unbuffered streams then lose it.
    static var permit: UInt64 { 0x7fff_0000 }
    /// What a splice or a write of zeros does at most.
    static var maxStepBytes: UInt64 { 1 << 20 }

    /// A stream into a file or a device.
    convenience init(_ node: Node, at offset: Int) {
        self.init(Self.destination(of: node) ?? .file(node), at: offset)
    }

    /// A stream to the end of a file, wherever that is then, or into a device.
    convenience init(endOf node: Node) {
        self.init(Self.destination(of: node) ?? .end(node))
    }

    private static func destination(of node: Node) -> Destination? {
        node.device.map { device in device.hostStream.map { .host($0) } ?? .nowhere }
    }

    init(_ destination: Destination, at offset: Int = 0) {
        self.destination = destination
        self.offset = offset
    }

    /// Writes all of it, or throws; what was written before an error stays.
    func write(_ address: UInt32, _ length: Int) throws(StreamError) {
        guard length > 0 else { return }
        do throws(ErrorCode) {
            switch destination {
            case .nowhere: return
            case .host(let stream):
                switch hostOutput(stream, address, UInt32(length)) {
                case OutputStatus.accepted: return
                case OutputStatus.full: throw .insufficientSpace
                case OutputStatus.closed: break
                default: throw .io
                }
            case .file(let node):
                let written = try node.write(at: offset, from: address, length)
                offset += written
                guard written == length else { throw .insufficientSpace }
                return
            case .end(let node):
                let written = try node.write(at: node.contents.count, from: address, length)
                guard written == length else { throw .insufficientSpace }
                return
            }
        } catch {
            throw .failed(error)
        }
        throw .closed
    }

    /// Writes zeros; no more than that at once, so that nobody is kept busy for ages.
    func writeZeros(_ length: UInt64) throws(StreamError) {
        guard length <= Self.maxStepBytes else { throw .failed(.invalid) }
        var rest = length
        guard rest > 0 else { return }
        let step = Int(min(rest, UInt64(FileContents.pageBytes)))
        let zeros = Heap.allocate(step)
        guard zeros != 0 else { throw .failed(.insufficientMemory) }
        defer { Heap.free(zeros) }
        pointer(zeros).initializeMemory(as: UInt8.self, repeating: 0, count: step)
        while rest > 0 {
            let count = Int(min(rest, UInt64(step)))
            try write(zeros, count)
            rest -= UInt64(count)
        }
    }

    /// Moves bytes over from an input, at most `length`, and returns how many.
    func splice(_ source: InputStream, _ length: UInt64) throws(StreamError) -> UInt64 {
        let limit = Int(min(length, Self.maxStepBytes))
        guard limit > 0 else { return 0 }
        let run = try source.peek(min(limit, FileContents.pageBytes))
        defer { source.advance(run) }
        guard run.address != 0 else {
            try writeZeros(UInt64(run.count))
            return UInt64(run.count)
        }
        try write(run.address, run.count)
        return UInt64(run.count)
    }
}

extension Node {
    /// Writes to a file and notes the time; returns how much there was room for.
    func write(at offset: Int, from address: UInt32, _ length: Int) throws(ErrorCode) -> Int {
        guard !isReadOnly else { throw .readOnly }
        let written = try contents.write(at: offset, from: address, length)
        touch(system.clock.wall())
        return written
    }

    /// Notes that a file was read, as Linux's `relatime` does: only for the first time since it was changed.
    func noteAccess() {
        if accessed.nanosecondsSince1970 <= modified.nanosecondsSince1970 { accessed = system.clock.wall() }
    }
}
