// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:filesystem/types: what is done to what a path leads to.
// https://github.com/WebAssembly/wasi-filesystem/blob/main/wit/types.wit

/// `path-flags`: whether a symbolic link at the end of the path is followed.
private func lastName(_ pathFlags: UInt32) -> LastName { pathFlags & 1 != 0 ? .follow : .keep }

/// What exists at a path.
private func existing(
    _ handle: UInt32,
    _ path: UInt32,
    _ length: UInt32,
    _ lastName: LastName
) throws(ErrorCode) -> Node {
    guard let node = try location(handle, path, length, lastName).node else { throw .noEntry }
    return node
}

private func location(
    _ handle: UInt32,
    _ path: UInt32,
    _ length: UInt32,
    _ lastName: LastName
) throws(ErrorCode) -> Location {
    let descriptor = try system.handles.descriptor(handle)
    guard descriptor.node.isDirectory else { throw .notDirectory }
    return try descriptor.locate(bytes(path, length), lastName)
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.open-at")
@c
func descriptorOpenAt(
    _ handle: UInt32,
    _ pathFlags: UInt32,
    _ path: UInt32,
    _ length: UInt32,
    _ openFlags: UInt32,
    _ flags: UInt32,
    _ result: UInt32
) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        let descriptor = try system.handles.descriptor(handle)
        guard descriptor.node.isDirectory else { throw .notDirectory }
        let opened = try descriptor.open(
            bytes(path, length),
            followsLinks: pathFlags & 1 != 0,
            OpenFlags(rawValue: openFlags),
            DescriptorFlags(rawValue: flags)
        )
        area.store(try system.handles.insert(.descriptor(opened)), at: 4)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.stat-at")
@c
func descriptorStatAt(_ handle: UInt32, _ pathFlags: UInt32, _ path: UInt32, _ length: UInt32, _ result: UInt32) {
    answer(result, errorAt: 8) { (area) throws(ErrorCode) in
        let node = try existing(handle, path, length, lastName(pathFlags))
        store(node, in: area)
        lastStatInode = node.id
    }
}

/// The inode number of what `stat-at` last described; 0 without one.
nonisolated(unsafe) private var lastStatInode: UInt64 = 0

/// Returns the inode number of what `stat-at` last described, once; 0 without one.
///
/// wasi-libc's `stat` always asks for the hash of the link itself and takes it for the inode number of what the link
/// leads to, so that a file and a link to it would seem to be different files. The pass wraps its `fstatat`.
@_expose(wasm, "terrarium:sandbox/image#take-stat-inode")
@c
func takeStatInode() -> UInt64 {
    defer { lastStatInode = 0 }
    return lastStatInode
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.metadata-hash-at")
@c
func descriptorMetadataHashAt(
    _ handle: UInt32,
    _ pathFlags: UInt32,
    _ path: UInt32,
    _ length: UInt32,
    _ result: UInt32
) {
    answer(result, errorAt: 8) { (area) throws(ErrorCode) in
        storeHash(try existing(handle, path, length, lastName(pathFlags)), in: area)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.set-times-at")
@c
func descriptorSetTimesAt(
    _ handle: UInt32,
    _ pathFlags: UInt32,
    _ path: UInt32,
    _ length: UInt32,
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
            existing(handle, path, length, lastName(pathFlags)),
            NewTimestamp(accessKind, accessSeconds, accessNanoseconds),
            NewTimestamp(modificationKind, modificationSeconds, modificationNanoseconds)
        )
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.create-directory-at")
@c
func descriptorCreateDirectoryAt(_ handle: UInt32, _ path: UInt32, _ length: UInt32, _ result: UInt32) {
    answer(result) { (_) throws(ErrorCode) in
        _ = try system.tree.makeDirectory(location(handle, path, length, .never))
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.remove-directory-at")
@c
func descriptorRemoveDirectoryAt(_ handle: UInt32, _ path: UInt32, _ length: UInt32, _ result: UInt32) {
    answer(result) { (_) throws(ErrorCode) in
        try system.tree.removeDirectory(location(handle, path, length, .never))
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.unlink-file-at")
@c
func descriptorUnlinkFileAt(_ handle: UInt32, _ path: UInt32, _ length: UInt32, _ result: UInt32) {
    answer(result) { (_) throws(ErrorCode) in
        try system.tree.removeFile(location(handle, path, length, .never))
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.rename-at")
@c
func descriptorRenameAt(
    _ handle: UInt32,
    _ oldPath: UInt32,
    _ oldLength: UInt32,
    _ newHandle: UInt32,
    _ newPath: UInt32,
    _ newLength: UInt32,
    _ result: UInt32
) {
    answer(result) { (_) throws(ErrorCode) in
        try system.tree.rename(
            location(handle, oldPath, oldLength, .never),
            to: location(newHandle, newPath, newLength, .never)
        )
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.link-at")
@c
func descriptorLinkAt(
    _ handle: UInt32,
    _ pathFlags: UInt32,
    _ oldPath: UInt32,
    _ oldLength: UInt32,
    _ newHandle: UInt32,
    _ newPath: UInt32,
    _ newLength: UInt32,
    _ result: UInt32
) {
    answer(result) { (_) throws(ErrorCode) in
        let node = try existing(handle, oldPath, oldLength, lastName(pathFlags))
        try system.tree.makeLink(location(newHandle, newPath, newLength, .never), to: node)
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.symlink-at")
@c
func descriptorSymlinkAt(
    _ handle: UInt32,
    _ target: UInt32,
    _ targetLength: UInt32,
    _ path: UInt32,
    _ length: UInt32,
    _ result: UInt32
) {
    answer(result) { (_) throws(ErrorCode) in
        guard targetLength > 0 else { throw .noEntry }
        try system.tree.makeSymbolicLink(location(handle, path, length, .never), to: bytes(target, targetLength))
    }
}

@_expose(wasm, "wasi:filesystem/types#[method]descriptor.readlink-at")
@c
func descriptorReadlinkAt(_ handle: UInt32, _ path: UInt32, _ length: UInt32, _ result: UInt32) {
    answer(result, errorAt: 4) { (area) throws(ErrorCode) in
        let node = try existing(handle, path, length, .keep)
        guard node.kind == .symbolicLink else { throw .invalid }
        guard let target = GuestList.copy(of: node.target) else { throw .insufficientMemory }
        area.store(target, at: 4)
    }
}
