// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The records in which an image or a host says how a guest's surroundings look; `ABI.md` has the list.
///
/// A record is a tag, the number of payload bytes, and the payload; it starts at a multiple of 8 bytes.
struct ConfigurationReader {
    enum Tag {
        static let environmentVariable: UInt32 = 1
        static let argument: UInt32 = 2
        static let workingDirectory: UInt32 = 3
        static let preopen: UInt32 = 4
        static let quotas: UInt32 = 5
        static let clock: UInt32 = 6
        static let random: UInt32 = 7
        static let baseTree: UInt32 = 8
        static let reset: UInt32 = 9
        static let namedPreopen: UInt32 = 10
    }

    struct Record {
        var tag: UInt32
        var payload: UnsafeRawBufferPointer

        func number<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value? {
            guard offset + MemoryLayout<Value>.size <= payload.count else { return nil }
            return payload.loadUnaligned(fromByteOffset: offset, as: type)
        }

        func bytes(from offset: Int, _ count: Int? = nil) -> [UInt8]? {
            guard offset <= payload.count else { return nil }
            let count = count ?? payload.count - offset
            guard count >= 0, count <= payload.count - offset else { return nil }
            return [UInt8](UnsafeRawBufferPointer(rebasing: payload[offset..<offset + count]))
        }
    }

    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func next() throws(ErrorCode) -> Record? {
        guard rest.count >= 8 else { return nil }
        let tag = rest.loadUnaligned(as: UInt32.self)
        let count = rest.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        guard count <= UInt32(rest.count - 8) else { throw .invalid }
        let payload = UnsafeRawBufferPointer(rebasing: rest[8..<8 + Int(count)])
        let end = min(rest.count, (8 + Int(count) + 7) & ~7)
        rest = UnsafeRawBufferPointer(rebasing: rest[end...])
        return Record(tag: tag, payload: payload)
    }
}

extension GuestSystem {
    /// Applies what the image says.
    func configureFromImage() {
        let bytes = UnsafeRawBufferPointer(
            start: pointer(imageConfigurationAddress()),
            count: Int(imageConfigurationLength() & 0x7fff_ffff)
        )
        try? configure(bytes)
    }

    /// Applies records in order; stops at the first that makes no sense.
    func configure(_ bytes: UnsafeRawBufferPointer) throws(ErrorCode) {
        var reader = ConfigurationReader(bytes)
        while let record = try reader.next() {
            try apply(record)
        }
    }

    private func apply(_ record: ConfigurationReader.Record) throws(ErrorCode) {
        switch record.tag {
        case ConfigurationReader.Tag.environmentVariable:
            guard
                let keyCount = record.number(at: 0, as: UInt32.self),
                let key = record.bytes(from: 4, Int(truncatingIfNeeded: keyCount)),
                let value = record.bytes(from: 4 + key.count)
            else { throw .invalid }
            environment.removeAll { $0.key == key }
            environment.append((key, value))
        case ConfigurationReader.Tag.argument:
            guard let argument = record.bytes(from: 0) else { throw .invalid }
            arguments.append(argument)
        case ConfigurationReader.Tag.workingDirectory:
            guard let path = record.bytes(from: 0) else { throw .invalid }
            workingDirectory = path
        case ConfigurationReader.Tag.preopen:
            guard let path = record.bytes(from: 0) else { throw .invalid }
            try addPreopen(path, name: path)
        case ConfigurationReader.Tag.namedPreopen:
            guard
                let nameCount = record.number(at: 0, as: UInt32.self),
                let name = record.bytes(from: 4, Int(truncatingIfNeeded: nameCount)),
                let path = record.bytes(from: 4 + name.count)
            else { throw .invalid }
            try addPreopen(path, name: name)
        case ConfigurationReader.Tag.quotas:
            guard
                let bytes = record.number(at: 0, as: UInt64.self),
                let nodes = record.number(at: 8, as: UInt32.self),
                let handles = record.number(at: 12, as: UInt32.self)
            else { throw .invalid }
            quota.maxBytes = Int(clamping: bytes)
            quota.maxNodes = Int(clamping: nodes)
            quota.maxHandles = Int(clamping: handles)
        case ConfigurationReader.Tag.clock:
            guard
                let isVirtual = record.number(at: 0, as: UInt32.self),
                let start = record.number(at: 8, as: UInt64.self),
                let tick = record.number(at: 16, as: UInt64.self)
            else { throw .invalid }
            if isVirtual != 0 { clock.useVirtualTime(from: start, tick: tick) } else { clock.source = .host }
        case ConfigurationReader.Tag.random:
            guard
                let isSeeded = record.number(at: 0, as: UInt32.self),
                let seed = record.number(at: 8, as: UInt64.self)
            else { throw .invalid }
            if isSeeded != 0 { random.seed(seed) } else { random.useHost() }
        case ConfigurationReader.Tag.baseTree:
            guard
                let start = record.payload.baseAddress,
                let base = BaseTree(address: UInt32(UInt(bitPattern: start)), count: record.payload.count)
            else { throw .invalid }
            // Open descriptors would keep showing the old tree.
            guard handles.count == 0, preopens.isEmpty else { throw .busy }
            tree.mount(base)
        case ConfigurationReader.Tag.reset:
            guard let parts = record.number(at: 0, as: UInt32.self) else { throw .invalid }
            if parts & 1 != 0 { environment.removeAll() }
            if parts & 2 != 0 { arguments.removeAll() }
            if parts & 4 != 0 { preopens.removeAll() }
        default:
            throw .unsupported
        }
    }

    /// Opens a directory to the guest under a name, making it if it is not there.
    private func addPreopen(_ path: [UInt8], name: [UInt8]) throws(ErrorCode) {
        let node = try path.withUnsafeBufferPointer { (bytes) throws(ErrorCode) in
            try tree.makeDirectories(UnsafeRawBufferPointer(bytes))
        }
        node.isMountPoint = true
        preopens.append(Preopen(name: name, node: node))
    }
}
