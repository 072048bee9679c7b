// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A file, directory or symbolic link, whatever names it has; the inode of other systems.
///
/// Names and open descriptors keep a node alive, so a file that was removed while it is open lives on until it is closed.
final class Node {
    enum Kind: UInt8 {
        // The case numbers of `wasi:filesystem/types.descriptor-type`.
        case characterDevice = 2
        case directory = 3
        case symbolicLink = 5
        case file = 6
    }

    let kind: Kind
    /// Unique in the tree for as long as the sandbox lives.
    let id: UInt64
    /// Whether every change is refused; inherited from the directory in which the image has it.
    let isReadOnly: Bool
    /// Whether the node was made at run time and counts against the quota.
    private let isCounted: Bool

    /// Names of the node; a directory has one.
    var linkCount = 0
    /// The directory that a directory is in, or was in when it was removed; nil for the root.
    var parent: Node?
    /// Whether a directory is a preopen or the root, which cannot be removed or renamed.
    var isMountPoint = false

    var accessed: Timestamp
    var modified: Timestamp
    var changed: Timestamp

    /// The bytes of a file; empty in others.
    var contents = FileContents()
    /// The device that a character device is; nil in others.
    var device: Device?
    /// Where a symbolic link leads.
    var target: [UInt8] = []
    /// The entries of a directory; nil in others.
    let directory: Directory?

    /// A new node; the caller has reserved it in the quota.
    init(_ kind: Kind, id: UInt64, time: Timestamp) {
        self.kind = kind
        self.id = id
        isReadOnly = false
        isCounted = true
        accessed = time
        modified = time
        changed = time
        directory = kind == .directory ? Directory() : nil
    }

    /// A node of the image.
    init(_ record: BaseTree.Record, id: UInt64, isReadOnly: Bool) {
        kind = record.kind
        self.id = id
        self.isReadOnly = isReadOnly
        isCounted = false
        accessed = record.modified
        modified = record.modified
        changed = record.modified
        directory = kind == .directory ? Directory() : nil
    }

    deinit {
        contents.free()
        if isCounted { system.quota.releaseNode() }
        // Removed directories may hold on to a long row of others; the stack is too short to let go of it in one breath.
        var next = parent
        parent = nil
        while isKnownUniquelyReferenced(&next), let node = next {
            next = node.parent
            node.parent = nil
        }
    }

    var isDirectory: Bool { kind == .directory }

    /// Whether a directory still has a place in the tree.
    var isAttached: Bool { linkCount > 0 }

    /// Notes that entries or bytes changed.
    func touch(_ time: Timestamp) {
        modified = time
        changed = time
    }

    /// What `stat` reports as the size.
    var size: Int {
        switch kind {
        case .file: contents.count
        case .symbolicLink: target.count
        case .directory, .characterDevice: 0
        }
    }
}
