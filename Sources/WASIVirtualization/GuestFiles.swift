// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
package import ComponentModel

/// A tree of files that becomes part of a virtualized component.
///
/// Its bytes are data of the component; a guest that changes a file changes a copy of the pages concerned.
///
/// ```swift
/// var files = GuestFiles()
/// try files.add(file: "/etc/motd", contents: Array("hello\n".utf8))
/// try files.add(directory: "/lib", isReadOnly: true)
/// ```
package struct GuestFiles: Sendable {
    private enum Kind {
        case directory(entries: [Int])
        case file([UInt8])
        case symbolicLink(String)
        case device(Device)
    }

    /// A file that is no store of bytes.
    package struct Device: Hashable, Sendable {
        /// The number by which GuestWASI knows it.
        fileprivate let number: UInt32

        /// Empty, and takes everything.
        package static let null = Device(number: 0)
        /// Zeros without end.
        package static let zero = Device(number: 1)
        /// Random bytes without end.
        package static let random = Device(number: 2)
        /// The guest's standard input.
        package static let standardInput = Device(number: 3)
        /// The guest's standard output.
        package static let standardOutput = Device(number: 4)
        /// The guest's standard error.
        package static let standardError = Device(number: 5)
    }

    private struct Node {
        var kind: Kind
        var name: String
        var modified: UInt64
        var isReadOnly: Bool
    }

    private var nodes: [Node]
    private var positions: [ExactName: Int] = [ExactName(""): 0]
    /// The size of the encoded tree, roughly.
    private var byteCount = 0

    /// A memory has room for not much more, and the encoding none for more than twice this.
    private static let maximumBytes = 2 << 30

    /// Creates an empty tree.
    package init() {
        nodes = [Node(kind: .directory(entries: []), name: "", modified: 0, isReadOnly: false)]
    }

    /// A Boolean value that tells whether there is nothing but a root that can be written to.
    package var isEmpty: Bool { nodes.count == 1 && !nodes[0].isReadOnly }

    // MARK: - Adding

    /// Adds a directory, and those on the way to it.
    ///
    /// The time of modification is in nanoseconds since 1970; what is read-only is so with everything below it.
    /// - Throws: an error of the code `invalid` for a path that cannot be, or that leads through something else.
    package mutating func add(
        directory path: String,
        modified: UInt64 = 0,
        isReadOnly: Bool = false
    ) throws(ComponentsError) {
        let position = try makeDirectory(Self.components(path)[...])
        nodes[position].modified = modified
        nodes[position].isReadOnly = isReadOnly
    }

    /// Adds a file, and the directories on the way to it.
    ///
    /// The time of modification is in nanoseconds since 1970.
    /// - Throws: an error of the code `invalid` for a path that cannot be, or that exists already.
    package mutating func add(
        file path: String,
        contents: [UInt8],
        modified: UInt64 = 0,
        isReadOnly: Bool = false
    ) throws(ComponentsError) {
        try add(.file(contents), path, modified: modified, isReadOnly: isReadOnly)
    }

    /// Adds a symbolic link, and the directories on the way to it.
    ///
    /// The time of modification is in nanoseconds since 1970.
    /// - Throws: an error of the code `invalid` for a path or target that cannot be, or that exists already.
    package mutating func add(
        symbolicLink path: String,
        target: String,
        modified: UInt64 = 0
    ) throws(ComponentsError) {
        guard !target.isEmpty, target.utf8.count <= 4095, !target.utf8.contains(0) else {
            throw ComponentsError(.invalid, "the symbolic link \(path) cannot have its target")
        }
        try add(.symbolicLink(target), path, modified: modified, isReadOnly: false)
    }

    /// Adds a device, and the directories on the way to it.
    ///
    /// - Throws: an error of the code `invalid` for a path that cannot be, or that exists already.
    package mutating func add(device path: String, _ device: Device) throws(ComponentsError) {
        try add(.device(device), path, modified: 0, isReadOnly: false)
    }

    private mutating func add(
        _ kind: Kind,
        _ path: String,
        modified: UInt64,
        isReadOnly: Bool
    ) throws(ComponentsError) {
        let components = try Self.components(path)
        guard let name = components.last else { throw ComponentsError(.invalid, "\(path) is a directory") }
        let parent = try makeDirectory(components.dropLast())
        guard positions[Self.key(components[...])] == nil else {
            throw ComponentsError(.invalid, "the image would have \(path) twice")
        }
        try append(
            Node(kind: kind, name: name, modified: modified, isReadOnly: isReadOnly),
            Self.key(components[...]),
            to: parent
        )
    }

    private mutating func makeDirectory(_ components: ArraySlice<String>) throws(ComponentsError) -> Int {
        var current = 0
        for (offset, name) in components.enumerated() {
            let key = Self.key(components.prefix(offset + 1))
            if let existing = positions[key] {
                guard case .directory = nodes[existing].kind else {
                    throw ComponentsError(.invalid, "/\(key.text) is not a directory")
                }
                current = existing
            } else {
                let node = Node(kind: .directory(entries: []), name: name, modified: 0, isReadOnly: false)
                current = try append(node, key, to: current)
            }
        }
        return current
    }

    @discardableResult
    private mutating func append(_ node: Node, _ key: ExactName, to parent: Int) throws(ComponentsError) -> Int {
        let position = nodes.count
        byteCount += 64 + node.name.utf8.count
        if case .file(let bytes) = node.kind { byteCount += bytes.count }
        if case .symbolicLink(let target) = node.kind { byteCount += target.utf8.count }
        guard byteCount <= Self.maximumBytes else {
            throw ComponentsError(.unsupported, "the files of an image must not have more than 2 GiB")
        }
        nodes.append(node)
        positions[key] = position
        if case .directory(var entries) = nodes[parent].kind {
            entries.append(position)
            nodes[parent].kind = .directory(entries: entries)
        }
        return position
    }

    private static func components(_ path: String) throws(ComponentsError) -> [String] {
        // By bytes: as a `Character`, a slash with a combining mark behind it is none.
        let components = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        for name in components {
            guard name != ".", name != "..", name.utf8.count <= 255, !name.utf8.contains(0) else {
                throw ComponentsError(.invalid, "there can be no file \(path) in an image")
            }
        }
        return components
    }

    private static func key(_ components: ArraySlice<String>) -> ExactName {
        ExactName(components.joined(separator: "/"))
    }

    // MARK: - Encoding

    /// The tree as GuestWASI reads it; see `Guest/WASI/ABI.md`.
    func encoded() -> [UInt8] {
        // The entries of a directory have to be neighbours: so directories go one after the other.
        var order = [0]
        var firstEntry: [Int: Int] = [:]
        var next = 0
        while next < order.count {
            if case .directory(let entries) = nodes[order[next]].kind {
                firstEntry[order[next]] = order.count
                order += entries
            }
            next += 1
        }
        let start = 16 + 32 * order.count
        var records = LittleEndianWriter()
        var contents = LittleEndianWriter()
        records.append(Array("TREE".utf8))
        for value in [1, UInt32(order.count), 0] { records.u32(value) }
        for position in order {
            let node = nodes[position]
            let nameOffset = UInt32(start + contents.bytes.count)
            contents.append(Array(node.name.utf8))
            let kind: UInt8
            let location: (Int, Int)
            switch node.kind {
            case .directory(let entries): (kind, location) = (3, (firstEntry[position] ?? 0, entries.count))
            case .symbolicLink(let target):
                (kind, location) = (5, (start + contents.bytes.count, target.utf8.count))
                contents.append(Array(target.utf8))
            case .device(let device): (kind, location) = (2, (Int(device.number), 0))
            case .file(let bytes):
                contents.align(to: 8)
                (kind, location) = (6, (start + contents.bytes.count, bytes.count))
                contents.append(bytes)
            }
            records.u8(kind)
            records.u8(node.isReadOnly ? 1 : 0)
            records.u16(UInt16(node.name.utf8.count))
            records.u32(nameOffset)
            records.u32(UInt32(location.0))
            records.u32(UInt32(location.1))
            records.u64(node.modified)
            records.u64(0)
        }
        return records.bytes + contents.bytes
    }
}
