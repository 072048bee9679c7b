// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Operations on more than one thing, for the host and for configuration; guests have none of these.
extension FileTree {
    /// Makes a directory and those on the way to it; what is there already is used, links included.
    func makeDirectories(_ path: UnsafeRawBufferPointer) throws(ErrorCode) -> Node {
        var end = 0
        var node = root
        while end < path.count {
            while end < path.count, path[end] == UInt8(ascii: "/") { end += 1 }
            while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
            let prefix = UnsafeRawBufferPointer(rebasing: path[0..<end])
            let location = try locateFromRoot(prefix, .follow)
            node = if let existing = location.node { existing } else { try makeDirectory(location) }
            guard node.isDirectory else { throw .notDirectory }
        }
        return node
    }

    /// Empties a directory, however deep.
    func removeEntries(of top: Node) throws(ErrorCode) {
        var directory = top
        while true {
            guard let entry = entries(of: directory).entry(after: 0), let node = entry.node else {
                guard directory !== top, let parent = directory.parent else { return }
                directory = parent
                continue
            }
            let location = Location(last: .name, parent: directory, name: entry.name, node: node)
            if !node.isDirectory {
                try removeFile(location)
            } else if entries(of: node).count == 0 {
                try removeDirectory(location)
            } else {
                directory = node
            }
        }
    }
}
