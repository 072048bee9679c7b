// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Where a path leads.
struct Location {
    /// What the path ends with.
    enum Last { case name, dot, dotDot, root }

    var last: Last
    /// The directory that contains the name, where the path ends with one.
    var parent: Node?
    /// The last name in the path, after following links.
    var name: [UInt8] = []
    /// What is there; nil for a name that does not exist yet.
    var node: Node?
    /// Whether the path ends with a slash, so that only a directory will do.
    var endsWithSlash = false
}

extension Location {
    /// Throws for a last name that no directory can hold, or that would be in one that was removed.
    func checkName() throws(ErrorCode) {
        guard parent?.isAttached ?? true else { throw .noEntry }
        guard name.count <= FileTree.maxNameBytes else { throw .nameTooLong }
    }
}

/// How to treat the last name of a path.
struct LastName {
    /// Whether to go on where it leads if it is a symbolic link.
    var followsLink: Bool
    /// Whether to do so if a slash comes after it; then it also has to be a directory.
    var followsLinkBeforeSlash: Bool
    /// Whether it is an error (that of a directory) for a slash to come after it.
    var refusesSlash = false

    static let follow = LastName(followsLink: true, followsLinkBeforeSlash: true)
    static let keep = LastName(followsLink: false, followsLinkBeforeSlash: true)
    /// For operations on the name itself.
    static let never = LastName(followsLink: false, followsLinkBeforeSlash: false)

    /// For making a file.
    static func create(followingLink: Bool) -> LastName {
        LastName(followsLink: followingLink, followsLinkBeforeSlash: false, refusesSlash: true)
    }
}

extension FileTree {
    static let maxNameBytes = 255
    static let maxPathBytes = 4095
    private static let maxExpandedBytes = 65536
    private static let maxLinks = 40
    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// Walks a path from a directory.
    ///
    /// Nothing leads above `root`: there `..` stays where it is, and links that start with a slash start at it.
    func locate(
        _ path: UnsafeRawBufferPointer,
        from directory: Node,
        below root: Node,
        _ lastName: LastName
    ) throws(ErrorCode) -> Location {
        guard path.count > 0 else { throw .noEntry }
        guard path.count <= Self.maxPathBytes else { throw .nameTooLong }
        guard isValidName(path) else { throw .illegalByteSequence }
        // Absolute paths are for the guest's libc to resolve against its preopens, as WASI has it.
        guard path[0] != Self.slash else { throw .notPermitted }
        return try walk([UInt8](path), from: directory, below: root, lastName)
    }

    /// Like `locate`, from the root; for the host, whose paths may start with a slash.
    func locateFromRoot(_ path: UnsafeRawBufferPointer, _ lastName: LastName) throws(ErrorCode) -> Location {
        guard path.count > 0 else { throw .noEntry }
        guard path.count <= Self.maxPathBytes else { throw .nameTooLong }
        guard isValidName(path) else { throw .illegalByteSequence }
        return try walk([UInt8](path), from: root, below: root, lastName)
    }

    private func walk(
        _ path: [UInt8],
        from directory: Node,
        below root: Node,
        _ lastName: LastName
    ) throws(ErrorCode) -> Location {
        var path = path
        var position = 0
        var current = directory
        var last = Location.Last.root
        var links = 0
        while true {
            guard current.isDirectory else { throw .notDirectory }
            while position < path.count, path[position] == Self.slash { position += 1 }
            guard position < path.count else { return Location(last: last, node: current) }
            var end = position
            while end < path.count, path[end] != Self.slash { end += 1 }
            var next = end
            while next < path.count, path[next] == Self.slash { next += 1 }
            let length = end - position

            if path[position] == Self.dot, length == 1 || (length == 2 && path[position + 1] == Self.dot) {
                last = length == 1 ? .dot : .dotDot
                if length == 2, current !== root {
                    current = current.parent ?? root
                }
                position = next
                continue
            }
            let isLast = next == path.count
            let endsWithSlash = isLast && next > end
            if endsWithSlash, lastName.refusesSlash { throw .isDirectory }
            // Operations on a name look at it after everything else; see `checkName`.
            if !isLast || lastName.followsLinkBeforeSlash || lastName.refusesSlash {
                guard current.isAttached else { throw .noEntry }
                guard length <= Self.maxNameBytes else { throw .nameTooLong }
            }
            let entries = entries(of: current)
            let node = path.withUnsafeBytes { entries.lookup(UnsafeRawBufferPointer(rebasing: $0[position..<end])) }

            if let node, node.kind == .symbolicLink,
                !isLast || (endsWithSlash ? lastName.followsLinkBeforeSlash : lastName.followsLink)
            {
                links += 1
                guard links <= Self.maxLinks else { throw .loop }
                guard node.target.count + path.count - end <= Self.maxExpandedBytes else { throw .nameTooLong }
                if node.target.first == Self.slash { current = root }
                path = node.target + path[end...]
                position = 0
                last = .root
                continue
            }
            if isLast {
                if lastName.followsLinkBeforeSlash, endsWithSlash, let node, !node.isDirectory { throw .notDirectory }
                let name = [UInt8](path[position..<end])
                return Location(
                    last: .name,
                    parent: current,
                    name: name,
                    node: node,
                    endsWithSlash: endsWithSlash
                )
            }
            guard let node else { throw .noEntry }
            current = node
            position = next
        }
    }

    /// Whether bytes are UTF-8 without a zero byte, as WASI's strings and everybody's paths are.
    func isValidName(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var i = 0
        while i < bytes.count {
            let byte = bytes[i]
            i += 1
            guard byte >= 0x80 else {
                if byte == 0 { return false }
                continue
            }
            let length: Int
            let lowest: UInt32
            switch byte {
            case 0xc2...0xdf: (length, lowest) = (1, 0x80)
            case 0xe0...0xef: (length, lowest) = (2, 0x800)
            case 0xf0...0xf4: (length, lowest) = (3, 0x10000)
            default: return false
            }
            guard i + length <= bytes.count else { return false }
            var scalar = UInt32(byte) & (0x3f >> UInt32(length))
            for k in i..<i + length {
                guard bytes[k] & 0xc0 == 0x80 else { return false }
                scalar = scalar << 6 | UInt32(bytes[k] & 0x3f)
            }
            guard scalar >= lowest, scalar <= 0x10ffff, !(0xd800...0xdfff).contains(scalar) else { return false }
            i += length
        }
        return true
    }
}
