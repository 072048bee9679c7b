// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An open file or directory: `wasi:filesystem/types.descriptor`.
final class Descriptor {
    let node: Node
    /// The preopen from which the descriptor was reached; paths never lead above it.
    let root: Node
    let flags: DescriptorFlags

    init(_ node: Node, root: Node, flags: DescriptorFlags) {
        self.node = node
        self.root = root
        self.flags = flags
    }

    /// The file, for reading.
    func readable() throws(ErrorCode) -> Node {
        guard !node.isDirectory else { throw .isDirectory }
        guard flags.contains(.read) else { throw .badDescriptor }
        return node
    }

    /// The file, for writing.
    func writable() throws(ErrorCode) -> Node {
        guard flags.contains(.write), !node.isDirectory else { throw .badDescriptor }
        return node
    }

    func locate(_ path: UnsafeRawBufferPointer, _ lastName: LastName) throws(ErrorCode) -> Location {
        try system.tree.locate(path, from: node, below: root, lastName)
    }
}

/// `wasi:filesystem/types.descriptor-flags`.
struct DescriptorFlags: OptionSet {
    let rawValue: UInt32

    static let read = DescriptorFlags(rawValue: 1)
    static let write = DescriptorFlags(rawValue: 2)
    static let mutateDirectory = DescriptorFlags(rawValue: 32)
    /// All flags of WASI 0.2.
    static let all = DescriptorFlags(rawValue: 63)
}

/// `wasi:filesystem/types.open-flags`.
struct OpenFlags: OptionSet {
    let rawValue: UInt32

    static let create = OpenFlags(rawValue: 1)
    static let directory = OpenFlags(rawValue: 2)
    static let exclusive = OpenFlags(rawValue: 4)
    static let truncate = OpenFlags(rawValue: 8)
}

extension Descriptor {
    /// Opens what a path leads to; the rules and their order are those of Linux's `openat`.
    func open(
        _ path: UnsafeRawBufferPointer,
        followsLinks: Bool,
        _ open: OpenFlags,
        _ flags: DescriptorFlags
    ) throws(ErrorCode) -> Descriptor {
        let creates = open.contains(.create)
        guard !(creates && open.contains(.directory)) else { throw .invalid }
        let exclusive = creates && open.contains(.exclusive)
        let location = try locate(
            path,
            creates ? .create(followingLink: followsLinks && !exclusive) : followsLinks ? .follow : .keep
        )
        let node: Node
        if let existing = location.node {
            if exclusive { throw .exists }
            try Self.check(existing, open, writes: flags.contains(.write))
            node = existing
            if open.contains(.truncate), node.kind == .file {
                try node.contents.resize(to: 0)
                node.touch(system.clock.wall())
            }
        } else {
            guard creates else { throw .noEntry }
            node = try system.tree.makeFile(location)
        }
        var granted = flags.intersection(.all)
        if node.isDirectory, !node.isReadOnly { granted.insert(.mutateDirectory) }
        return Descriptor(node, root: root, flags: granted)
    }

    private static func check(_ node: Node, _ open: OpenFlags, writes: Bool) throws(ErrorCode) {
        let changes = writes || open.contains(.truncate)
        if open.contains(.create), node.isDirectory { throw .isDirectory }
        if open.contains(.directory), !node.isDirectory { throw .notDirectory }
        switch node.kind {
        case .symbolicLink: throw .loop
        case .directory: if changes { throw .isDirectory }
        // A device is not changed by what is written to it.
        case .characterDevice: break
        case .file: if changes, node.isReadOnly { throw .readOnly }
        }
    }
}
