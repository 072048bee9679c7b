// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:filesystem/types: what is done to an open file or directory itself.
// https://github.com/WebAssembly/wasi-filesystem/blob/main/wit/types.wit

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.read-via-stream")
@c
func descriptorReadViaStream(_ handle: UInt32, _ offset: UInt64, _ result: UInt32) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        let node = try system.handles.descriptor(handle).readable()
        area.store(try system.handles.insert(.input(InputStream(node, at: Int(clamping: offset)))), at: 4)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.write-via-stream")
@c
func descriptorWriteViaStream(_ handle: UInt32, _ offset: UInt64, _ result: UInt32) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        let node = try system.handles.descriptor(handle).writable()
        area.store(try system.handles.insert(.output(OutputStream(node, at: Int(clamping: offset)))), at: 4)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.append-via-stream")
@c
func descriptorAppendViaStream(_ handle: UInt32, _ result: UInt32) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        let node = try system.handles.descriptor(handle).writable()
        area.store(try system.handles.insert(.output(OutputStream(endOf: node))), at: 4)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.read")
@c
func descriptorRead(_ handle: UInt32, _ length: UInt64, _ offset: UInt64, _ result: UInt32) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        let node = try system.handles.descriptor(handle).readable()
        guard node.device == nil else { return try readDevice(node, length, area) }
        let start = Int(clamping: offset)
        let length = Int(min(length, UInt64(InputStream.maxReadBytes)))
        let available = max(0, min(length, node.contents.count - start))
        guard let list = GuestList.allocate(available) else { throw .insufficientMemory }
        _ = node.contents.read(at: start, into: list.address, available)
        node.noteAccess()
        area.store(list, at: 4)
        area.store(UInt8(start >= node.contents.count - available ? 1 : 0), at: 12)
    }
}

private func readDevice(_ node: Node, _ length: UInt64, _ area: ReturnArea) throws(ErrorCode) {
    do throws(StreamError) {
        area.store(try InputStream(node, at: 0).read(length), at: 4)
        area.store(UInt8(0), at: 12)
    } catch {
        if case .failed(let code) = error { throw code }
        area.store(.empty(alignment: 1), at: 4)
        area.store(UInt8(1), at: 12)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.write")
@c
func descriptorWrite(_ handle: UInt32, _ address: UInt32, _ count: UInt32, _ offset: UInt64, _ result: UInt32) {
    answer(result, errorAt: 8) { (area) throws(ErrorCode) in
        let node = try system.handles.descriptor(handle).writable()
        guard count <= 0x7fff_0000 else { throw .invalid }
        guard node.device == nil else {
            try writeDevice(node, address, Int(count))
            return area.store(UInt64(count), at: 8)
        }
        let written = try node.write(at: Int(clamping: offset), from: address, Int(count))
        area.store(UInt64(written), at: 8)
    }
}

private func writeDevice(_ node: Node, _ address: UInt32, _ count: Int) throws(ErrorCode) {
    do throws(StreamError) {
        try OutputStream(node, at: 0).write(address, count)
    } catch {
        if case .failed(let code) = error { throw code }
        throw .io
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.set-size")
@c
func descriptorSetSize(_ handle: UInt32, _ size: UInt64, _ result: UInt32) {
    answer(result) { (_) throws(ErrorCode) in
        let descriptor = try system.handles.descriptor(handle)
        guard descriptor.flags.contains(.write), descriptor.node.kind == .file else { throw .invalid }
        guard !descriptor.node.isReadOnly else { throw .readOnly }
        try descriptor.node.contents.resize(to: Int(clamping: size))
        descriptor.node.touch(system.clock.wall())
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.advise")
@c
func descriptorAdvise(_ handle: UInt32, _ offset: UInt64, _ length: UInt64, _ advice: UInt32, _ result: UInt32) {
    answer(result) { (_) throws(ErrorCode) in
        guard !(try system.handles.descriptor(handle).node.isDirectory) else { throw .badDescriptor }
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.sync")
@c
func descriptorSync(_ handle: UInt32, _ result: UInt32) {
    answer(result) { (_) throws(ErrorCode) in _ = try system.handles.descriptor(handle) }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.sync-data")
@c
func descriptorSyncData(_ handle: UInt32, _ result: UInt32) { descriptorSync(handle, result) }

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.get-flags")
@c
func descriptorGetFlags(_ handle: UInt32, _ result: UInt32) {
    answer(result) { (area) throws(ErrorCode) in
        area.store(UInt8(truncatingIfNeeded: try system.handles.descriptor(handle).flags.rawValue), at: 1)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.get-type")
@c
func descriptorGetType(_ handle: UInt32, _ result: UInt32) {
    answer(result) { (area) throws(ErrorCode) in
        area.store(try system.handles.descriptor(handle).node.kind.rawValue, at: 1)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.stat")
@c
func descriptorStat(_ handle: UInt32, _ result: UInt32) {
    answer(result, errorAt: 8) { (area) throws(ErrorCode) in
        store(try system.handles.descriptor(handle).node, in: area)
    }
}

/// Writes a `descriptor-stat` as the payload of a result.
func store(_ node: Node, in area: ReturnArea) {
    area.store(node.kind.rawValue, at: 8)
    area.store(UInt64(node.linkCount), at: 16)
    area.store(UInt64(node.size), at: 24)
    area.store(node.accessed, at: 32)
    area.store(node.modified, at: 56)
    area.store(node.changed, at: 80)
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.set-times")
@c
func descriptorSetTimes(
    _ handle: UInt32,
    _ accessKind: UInt32,
    _ accessSeconds: UInt64,
    _ accessNanoseconds: UInt32,
    _ modificationKind: UInt32,
    _ modificationSeconds: UInt64,
    _ modificationNanoseconds: UInt32,
    _ result: UInt32
) {
    answer(result) { (_) throws(ErrorCode) in
        try setTimes(
            system.handles.descriptor(handle).node,
            NewTimestamp(accessKind, accessSeconds, accessNanoseconds),
            NewTimestamp(modificationKind, modificationSeconds, modificationNanoseconds)
        )
    }
}

/// `wasi:filesystem/types.new-timestamp`.
enum NewTimestamp {
    case noChange
    case now
    case time(Timestamp)

    init(_ kind: UInt32, _ seconds: UInt64, _ nanoseconds: UInt32) throws(ErrorCode) {
        switch kind {
        case 0: self = .noChange
        case 1: self = .now
        default:
            guard let time = Timestamp(seconds: seconds, nanoseconds: nanoseconds) else { throw .overflow }
            self = .time(time)
        }
    }

    func resolve(_ current: Timestamp, _ now: Timestamp) -> Timestamp {
        switch self {
        case .noChange: current
        case .now: now
        case .time(let time): time
        }
    }
}

func setTimes(_ node: Node, _ access: NewTimestamp, _ modification: NewTimestamp) throws(ErrorCode) {
    guard !node.isReadOnly else { throw .readOnly }
    let now = system.clock.wall()
    node.accessed = access.resolve(node.accessed, now)
    node.modified = modification.resolve(node.modified, now)
    node.changed = now
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.is-same-object")
@c
func descriptorIsSameObject(_ handle: UInt32, _ other: UInt32) -> UInt32 {
    guard
        case .descriptor(let left) = system.handles[handle],
        case .descriptor(let right) = system.handles[other]
    else { trapForWrongHandle() }
    return left.node === right.node ? 1 : 0
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.metadata-hash")
@c
func descriptorMetadataHash(_ handle: UInt32, _ result: UInt32) {
    answer(result, errorAt: 8) { (area) throws(ErrorCode) in
        storeHash(try system.handles.descriptor(handle).node, in: area)
    }
}

/// The lower half is what guests show as the inode number.
func storeHash(_ node: Node, in area: ReturnArea) {
    area.store(node.id, at: 8)
    area.store(UInt64(0), at: 16)
}

@_expose(wasm, "wasi:filesystem/types#[resource-drop]descriptor")
@c
func dropDescriptor(_ handle: UInt32) {
    guard case .descriptor = system.handles[handle] else { trapForWrongHandle() }
    system.handles.remove(handle)
}

@_expose(wasm, "wasi:filesystem/types#filesystem-error-code")
@c
func filesystemErrorCode(_ handle: UInt32, _ result: UInt32) {
    guard case .error(let code) = system.handles[handle] else { trapForWrongHandle() }
    let area = ReturnArea(result)
    area.store(UInt8(1), at: 0)
    area.store(code.rawValue, at: 1)
}

// MARK: - Directories

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.read-directory")
@c
func descriptorReadDirectory(_ handle: UInt32, _ result: UInt32) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        let node = try system.handles.descriptor(handle).node
        guard node.isDirectory else { throw .notDirectory }
        area.store(try system.handles.insert(.listing(DirectoryListing(node))), at: 4)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]directory-entry-stream.read-directory-entry")
@c
func directoryReadEntry(_ handle: UInt32, _ result: UInt32) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        guard let entry = try system.handles.listing(handle).next(), let node = entry.node else {
            return area.store(UInt8(0), at: 4)
        }
        guard let name = GuestList.copy(of: entry.name) else { throw .insufficientMemory }
        area.store(UInt8(1), at: 4)
        area.store(node.kind.rawValue, at: 8)
        area.store(name, at: 12)
    }
}

@_expose(wasm, "wasi:filesystem/types#[resource-drop]directory-entry-stream")
@c
func dropListing(_ handle: UInt32) {
    guard case .listing = system.handles[handle] else { trapForWrongHandle() }
    system.handles.remove(handle)
}

@_expose(wasm, "wasi:filesystem/preopens#get-directories")
@c
func getDirectories(_ result: UInt32) {
    let area = ReturnArea(result)
    area.store(.empty(alignment: 4), at: 0)
    let preopens = system.preopens
    guard let list = GuestList.allocate(preopens.count, stride: 12, alignment: 4) else { return }
    let elements = ReturnArea(list.address)
    var count: UInt32 = 0
    for preopen in preopens {
        var flags: DescriptorFlags = .read
        if !preopen.node.isReadOnly { flags.insert(.mutateDirectory) }
        let descriptor = Descriptor(preopen.node, root: preopen.node, flags: flags)
        guard
            let handle = try? system.handles.insert(.descriptor(descriptor)),
            let name = GuestList.copy(of: preopen.name)
        else { break }
        elements.store(handle, at: Int(count) * 12)
        elements.store(name, at: Int(count) * 12 + 4)
        count += 1
    }
    area.store(GuestList(address: list.address, count: count), at: 0)
}
