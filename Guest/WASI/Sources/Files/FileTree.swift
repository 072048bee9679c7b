// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The directory tree, with the operations on it that POSIX defines and the errors that Linux reports.
final class FileTree {
    private(set) var root: Node
    private var lastId: UInt64 = 1

    init() {
        // The root is not counted, as it is always there; its times are the clock's start.
        let record = BaseTree.Record(
            kind: .directory,
            isReadOnly: false,
            name: (0, 0),
            contents: (0, 0),
            modified: Timestamp(nanosecondsSince1970: 0)
        )
        root = Node(record, id: 1, isReadOnly: false)
        root.isMountPoint = true
        root.linkCount = 1
    }

    /// Starts from the files of an image in place of an empty directory.
    func mount(_ base: BaseTree) {
        guard let node = base.node(0, id: nextId(), isReadOnly: false), node.isDirectory else { return }
        node.isMountPoint = true
        node.linkCount = 1
        root = node
    }

    /// A directory's entries, with those of the image read in when they are first needed.
    func entries(of node: Node) -> Directory {
        guard let directory = node.directory else { return Directory() }
        if let children = directory.unopened {
            directory.unopened = nil
            for index in children.first..<children.first + children.count {
                guard
                    let record = children.tree.record(index),
                    let child = children.tree.node(index, id: nextId(), isReadOnly: node.isReadOnly)
                else { continue }
                let name = UnsafeRawBufferPointer(start: pointer(record.name.address), count: record.name.count)
                guard directory.lookup(name) == nil else { continue }
                child.linkCount = 1
                if child.isDirectory { child.parent = node }
                do throws(ErrorCode) { try directory.insert([UInt8](name), child) } catch { break }
            }
        }
        return directory
    }

    private func nextId() -> UInt64 {
        lastId += 1
        return lastId
    }

    // MARK: - Making things

    /// Makes a file for `open`; the location must have a name that does not exist.
    func makeFile(_ location: Location) throws(ErrorCode) -> Node {
        let parent = try writableParent(location)
        return try make(.file, location.name, in: parent)
    }

    func makeDirectory(_ location: Location) throws(ErrorCode) -> Node {
        try location.checkName()
        guard location.last == .name, location.node == nil else { throw .exists }
        let parent = try writableParent(location)
        let node = try make(.directory, location.name, in: parent)
        node.parent = parent
        return node
    }

    func makeSymbolicLink(_ location: Location, to target: UnsafeRawBufferPointer) throws(ErrorCode) {
        guard target.count > 0 else { throw .noEntry }
        guard target.count <= Self.maxPathBytes else { throw .nameTooLong }
        guard isValidName(target) else { throw .illegalByteSequence }
        try location.checkName()
        guard location.last == .name, location.node == nil else { throw .exists }
        guard !location.endsWithSlash else { throw .noEntry }
        let parent = try writableParent(location)
        try make(.symbolicLink, location.name, in: parent).target = [UInt8](target)
    }

    /// Gives a file another name.
    func makeLink(_ location: Location, to node: Node) throws(ErrorCode) {
        try location.checkName()
        guard location.last == .name, location.node == nil else { throw .exists }
        guard !location.endsWithSlash else { throw .noEntry }
        guard !node.isDirectory else { throw .notPermitted }
        let parent = try writableParent(location)
        guard !node.isReadOnly else { throw .readOnly }
        guard node.linkCount < 65000 else { throw .tooManyLinks }
        guard node.linkCount > 0 else { throw .noEntry }
        try system.quota.reserveNode()
        do throws(ErrorCode) {
            try entries(of: parent).insert(location.name, node)
        } catch {
            system.quota.releaseNode()
            throw error
        }
        node.linkCount += 1
        let now = system.clock.wall()
        node.changed = now
        parent.touch(now)
    }

    private func make(_ kind: Node.Kind, _ name: [UInt8], in parent: Node) throws(ErrorCode) -> Node {
        try system.quota.reserveNode()
        let now = system.clock.wall()
        // From here on the node gives its reservation back when it goes.
        let node = Node(kind, id: nextId(), time: now)
        try entries(of: parent).insert(name, node)
        node.linkCount = 1
        parent.touch(now)
        return node
    }

    // MARK: - Removing things

    func removeFile(_ location: Location) throws(ErrorCode) {
        try location.checkName()
        guard location.last == .name else { throw .isDirectory }
        guard let node = location.node else { throw .noEntry }
        guard !node.isDirectory else { throw .isDirectory }
        guard !location.endsWithSlash else { throw .notDirectory }
        let parent = try writableParent(location)
        detach(location.name, node, from: parent, at: system.clock.wall())
    }

    func removeDirectory(_ location: Location) throws(ErrorCode) {
        try location.checkName()
        switch location.last {
        case .dot: throw .invalid
        case .dotDot: throw .notEmpty
        case .root: throw .busy
        case .name: break
        }
        guard let node = location.node else { throw .noEntry }
        guard node.isDirectory else { throw .notDirectory }
        guard !node.isMountPoint else { throw .busy }
        guard !location.parentIsReadOnly else { throw .readOnly }
        guard entries(of: node).count == 0 else { throw .notEmpty }
        let parent = try writableParent(location)
        detach(location.name, node, from: parent, at: system.clock.wall())
    }

    /// Takes a name away; the node goes with the last of its names and descriptors.
    private func detach(_ name: [UInt8], _ node: Node, from parent: Node, at time: Timestamp) {
        name.withUnsafeBytes { entries(of: parent).remove($0) }
        noteLostName(node, at: time)
        parent.touch(time)
    }

    private func noteLostName(_ node: Node, at time: Timestamp) {
        node.linkCount -= 1
        if node.linkCount > 0 { system.quota.releaseNode() }
        node.changed = time
    }

    // MARK: - Renaming

    func rename(_ source: Location, to destination: Location) throws(ErrorCode) {
        guard source.last == .name, destination.last == .name else { throw .busy }
        try source.checkName()
        guard let node = source.node else { throw .noEntry }
        try destination.checkName()
        if !node.isDirectory, source.endsWithSlash || destination.endsWithSlash { throw .notDirectory }
        guard let oldParent = source.parent, let newParent = destination.parent else { throw .busy }
        guard !isAncestor(node, of: newParent) else { throw .invalid }
        if let victim = destination.node {
            guard !isAncestor(victim, of: oldParent) else { throw .notEmpty }
            guard victim !== node else { return }
        }
        _ = try writableParent(source)
        _ = try writableParent(destination)
        guard !node.isMountPoint else { throw .busy }
        if let victim = destination.node {
            if node.isDirectory {
                guard victim.isDirectory else { throw .notDirectory }
                guard !victim.isMountPoint else { throw .busy }
                guard entries(of: victim).count == 0 else { throw .notEmpty }
            } else {
                guard !victim.isDirectory else { throw .isDirectory }
            }
        }
        let now = system.clock.wall()
        if let victim = destination.node {
            destination.name.withUnsafeBytes { entries(of: newParent).replace($0, node) }
            noteLostName(victim, at: now)
        } else {
            guard Heap.isReserveFull() else { throw .insufficientSpace }
            try entries(of: newParent).insert(destination.name, node)
        }
        source.name.withUnsafeBytes { entries(of: oldParent).remove($0) }
        if node.isDirectory { node.parent = newParent }
        node.changed = now
        oldParent.touch(now)
        newParent.touch(now)
    }

    private func isAncestor(_ candidate: Node, of node: Node) -> Bool {
        var current: Node? = node
        while let directory = current {
            if directory === candidate { return true }
            current = directory.parent
        }
        return false
    }

    // MARK: - Permission

    /// The directory in which a name is about to change.
    private func writableParent(_ location: Location) throws(ErrorCode) -> Node {
        guard let parent = location.parent, parent.isAttached else { throw .noEntry }
        guard !parent.isReadOnly else { throw .readOnly }
        return parent
    }
}

extension Location {
    /// Whether the directory that holds the name refuses changes.
    var parentIsReadOnly: Bool { parent?.isReadOnly ?? false }
}
