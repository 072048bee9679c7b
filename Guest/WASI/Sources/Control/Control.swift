// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the host may call between calls of the guest. Everything is a number: the host writes paths and bytes into
// memory that `allocate` gives it, and reads results from there. Functions return 0, or an error code of
// `wasi:filesystem` plus 1. `ABI.md` describes them and the layout of results.

/// Runs an operation and turns its error into a status.
@inline(__always)
private func status(_ body: () throws(ErrorCode) -> Void) -> UInt32 {
    do throws(ErrorCode) {
        try body()
        return 0
    } catch {
        return UInt32(error.rawValue) + 1
    }
}

@_expose(wasm, "terrarium:sandbox/control#allocate")
@c
func controlAllocate(_ count: UInt32) -> UInt32 {
    guard count <= 0x7fff_0000 else { return 0 }
    return Heap.allocate(max(Int(count), 1))
}

@_expose(wasm, "terrarium:sandbox/control#free")
@c
func controlFree(_ address: UInt32) { Heap.free(address) }

@_expose(wasm, "terrarium:sandbox/control#configure")
@c
func controlConfigure(_ address: UInt32, _ count: UInt32) -> UInt32 {
    status { () throws(ErrorCode) in try system.configure(bytes(address, count)) }
}

@_expose(wasm, "terrarium:sandbox/control#reseed")
@c
func controlReseed(_ seed: UInt64) { system.random.seed(seed) }

/// Writes a usage record of 48 bytes.
@_expose(wasm, "terrarium:sandbox/control#usage")
@c
func controlUsage(_ result: UInt32) -> UInt32 {
    let area = ReturnArea(result)
    let quota = system.quota
    area.store(UInt64(quota.bytes), at: 0)
    area.store(UInt64(quota.maxBytes), at: 8)
    area.store(UInt64(quota.nodes), at: 16)
    area.store(UInt64(quota.maxNodes), at: 24)
    area.store(UInt64(system.handles.count), at: 32)
    area.store(UInt64(quota.maxHandles), at: 40)
    return 0
}

// MARK: - Looking at files

/// Writes a status record of 56 bytes.
@_expose(wasm, "terrarium:sandbox/control#file-status")
@c
func controlFileStatus(_ path: UInt32, _ length: UInt32, _ followsLinks: UInt32, _ result: UInt32) -> UInt32 {
    status { () throws(ErrorCode) in
        let node = try existing(path, length, followsLinks != 0 ? .follow : .keep)
        let area = ReturnArea(result)
        area.store(UInt64(node.size), at: 0)
        area.store(node.id, at: 8)
        area.store(node.accessed.nanosecondsSince1970, at: 16)
        area.store(node.modified.nanosecondsSince1970, at: 24)
        area.store(node.changed.nanosecondsSince1970, at: 32)
        area.store(UInt64(node.linkCount), at: 40)
        area.store(UInt32(node.kind.rawValue), at: 48)
        area.store(UInt32(node.isReadOnly ? 1 : 0), at: 52)
    }
}

/// Tells where the bytes of a file lie from an offset on: writes address, length, and the size of the whole.
///
/// Address 0 with a length stands for zeros; length 0 is the end.
@_expose(wasm, "terrarium:sandbox/control#locate-contents")
@c
func controlLocateContents(_ path: UInt32, _ length: UInt32, _ offset: UInt64, _ result: UInt32) -> UInt32 {
    status { () throws(ErrorCode) in
        let node = try existing(path, length, .follow)
        guard !node.isDirectory else { throw .isDirectory }
        let run = node.contents.run(at: Int(clamping: offset))
        let area = ReturnArea(result)
        area.store(run.address, at: 0)
        area.store(UInt32(run.count), at: 4)
        area.store(UInt64(node.contents.count), at: 8)
    }
}

/// Copies a symbolic link's target into a buffer; writes its length to the result.
@_expose(wasm, "terrarium:sandbox/control#read-link")
@c
func controlReadLink(_ path: UInt32, _ length: UInt32, _ buffer: UInt32, _ capacity: UInt32, _ result: UInt32) -> UInt32
{
    status { () throws(ErrorCode) in
        let node = try existing(path, length, .keep)
        guard node.kind == .symbolicLink else { throw .invalid }
        guard node.target.count <= Int(capacity) else { throw .overflow }
        node.target.withUnsafeBytes { source in
            if let start = source.baseAddress { pointer(buffer).copyMemory(from: start, byteCount: source.count) }
        }
        ReturnArea(result).store(UInt32(node.target.count), at: 0)
    }
}

/// Fills a buffer with records of a directory's entries after a number, and writes how many records and bytes there are.
@_expose(wasm, "terrarium:sandbox/control#list-directory")
@c
func controlListDirectory(
    _ path: UInt32,
    _ length: UInt32,
    _ after: UInt64,
    _ buffer: UInt32,
    _ capacity: UInt32,
    _ result: UInt32
) -> UInt32 {
    status { () throws(ErrorCode) in
        let node = try existing(path, length, .follow)
        guard node.isDirectory else { throw .notDirectory }
        let entries = system.tree.entries(of: node)
        var number = after
        var used = 0
        var count: UInt32 = 0
        while let entry = entries.entry(after: number), let child = entry.node {
            let bytes = (20 + entry.name.count + 7) & ~7
            guard bytes <= Int(capacity & 0x7fff_ffff) - used else {
                guard count > 0 else { throw .overflow }
                break
            }
            let record = ReturnArea(buffer + UInt32(used))
            record.store(entry.number, at: 0)
            record.store(UInt64(child.size), at: 8)
            record.store(UInt16(entry.name.count), at: 16)
            record.store(UInt8(child.kind.rawValue), at: 18)
            record.store(UInt8(child.isReadOnly ? 1 : 0), at: 19)
            entry.name.withUnsafeBytes { name in
                if let start = name.baseAddress {
                    (pointer(buffer) + used + 20).copyMemory(from: start, byteCount: name.count)
                }
            }
            number = entry.number
            used += bytes
            count += 1
        }
        let area = ReturnArea(result)
        area.store(count, at: 0)
        area.store(UInt32(used), at: 4)
    }
}

// MARK: - Changing files

/// How `write-file` treats what is there.
private struct WriteFlags: OptionSet {
    let rawValue: UInt32

    static let create = WriteFlags(rawValue: 1)
    static let truncate = WriteFlags(rawValue: 2)
    static let append = WriteFlags(rawValue: 4)
    /// Make the directories on the way.
    static let parents = WriteFlags(rawValue: 8)
    static let exclusive = WriteFlags(rawValue: 16)
}

@_expose(wasm, "terrarium:sandbox/control#write-file")
@c
func controlWriteFile(
    _ path: UInt32,
    _ length: UInt32,
    _ flags: UInt32,
    _ offset: UInt64,
    _ address: UInt32,
    _ count: UInt32
) -> UInt32 {
    status { () throws(ErrorCode) in
        let flags = WriteFlags(rawValue: flags)
        if flags.contains(.parents) { try makeParents(bytes(path, length)) }
        let location = try system.tree.locateFromRoot(bytes(path, length), .follow)
        let node: Node
        if let existing = location.node {
            if flags.contains(.exclusive) { throw .exists }
            guard !existing.isDirectory else { throw .isDirectory }
            guard !existing.isReadOnly else { throw .readOnly }
            node = existing
        } else {
            guard flags.contains(.create) else { throw .noEntry }
            node = try system.tree.makeFile(location)
        }
        if flags.contains(.truncate) { try node.contents.resize(to: 0) }
        let start = flags.contains(.append) ? node.contents.count : Int(clamping: offset)
        let written = try node.write(at: start, from: address, Int(count & 0x7fff_ffff))
        guard written == Int(count) else { throw .insufficientSpace }
    }
}

@_expose(wasm, "terrarium:sandbox/control#resize-file")
@c
func controlResizeFile(_ path: UInt32, _ length: UInt32, _ size: UInt64) -> UInt32 {
    status { () throws(ErrorCode) in
        let node = try existing(path, length, .follow)
        guard !node.isDirectory else { throw .isDirectory }
        guard !node.isReadOnly else { throw .readOnly }
        try node.contents.resize(to: Int(clamping: size))
        node.touch(system.clock.wall())
    }
}

@_expose(wasm, "terrarium:sandbox/control#make-directory")
@c
func controlMakeDirectory(_ path: UInt32, _ length: UInt32, _ withParents: UInt32) -> UInt32 {
    status { () throws(ErrorCode) in
        if withParents != 0 {
            _ = try system.tree.makeDirectories(bytes(path, length))
        } else {
            _ = try system.tree.makeDirectory(system.tree.locateFromRoot(bytes(path, length), .never))
        }
    }
}

@_expose(wasm, "terrarium:sandbox/control#remove")
@c
func controlRemove(_ path: UInt32, _ length: UInt32, _ recursively: UInt32) -> UInt32 {
    status { () throws(ErrorCode) in
        let location = try system.tree.locateFromRoot(bytes(path, length), .never)
        guard let node = location.node else { throw .noEntry }
        guard node.isDirectory else { return try system.tree.removeFile(location) }
        if recursively != 0 { try system.tree.removeEntries(of: node) }
        try system.tree.removeDirectory(location)
    }
}

@_expose(wasm, "terrarium:sandbox/control#rename")
@c
func controlRename(_ from: UInt32, _ fromLength: UInt32, _ to: UInt32, _ toLength: UInt32) -> UInt32 {
    status { () throws(ErrorCode) in
        try system.tree.rename(
            system.tree.locateFromRoot(bytes(from, fromLength), .never),
            to: system.tree.locateFromRoot(bytes(to, toLength), .never)
        )
    }
}

@_expose(wasm, "terrarium:sandbox/control#make-symbolic-link")
@c
func controlMakeSymbolicLink(_ target: UInt32, _ targetLength: UInt32, _ path: UInt32, _ length: UInt32) -> UInt32 {
    status { () throws(ErrorCode) in
        try system.tree.makeSymbolicLink(
            system.tree.locateFromRoot(bytes(path, length), .never),
            to: bytes(target, targetLength)
        )
    }
}

/// Sets when a file was last modified, in nanoseconds since 1970.
@_expose(wasm, "terrarium:sandbox/control#set-modified")
@c
func controlSetModified(_ path: UInt32, _ length: UInt32, _ time: UInt64) -> UInt32 {
    status { () throws(ErrorCode) in
        let node = try existing(path, length, .keep)
        guard !node.isReadOnly else { throw .readOnly }
        node.modified = Timestamp(nanosecondsSince1970: time)
    }
}

private func existing(_ path: UInt32, _ length: UInt32, _ lastName: LastName) throws(ErrorCode) -> Node {
    guard let node = try system.tree.locateFromRoot(bytes(path, length), lastName).node else { throw .noEntry }
    return node
}

private func makeParents(_ path: UnsafeRawBufferPointer) throws(ErrorCode) {
    var end = path.count
    while end > 0, path[end - 1] == UInt8(ascii: "/") { end -= 1 }
    while end > 0, path[end - 1] != UInt8(ascii: "/") { end -= 1 }
    guard end > 0 else { return }
    _ = try system.tree.makeDirectories(UnsafeRawBufferPointer(rebasing: path[0..<end]))
}
