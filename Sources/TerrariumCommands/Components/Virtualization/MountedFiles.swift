// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel
import TerrariumBindgen
import WASIVirtualization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads folders of the host into the tree that becomes part of a component.
enum MountedFiles {
    /// Files, folders and symbolic links, which lead to places in the tree only; anything else is left out.
    static func read(_ mounts: [VirtualizationPlan.Mount], isWritable: Bool) throws -> GuestFiles {
        var files = GuestFiles()
        do {
            // The folders that lead to what is mounted are no more writable than that.
            if !isWritable, !mounts.isEmpty { try files.add(directory: "/", isReadOnly: true) }
            for mount in mounts { try add(mount.host, at: mount.guest, isWritable: isWritable, to: &files, depth: 0) }
        } catch let error as ComponentsError {
            throw CommandFailure.usage("The files cannot become part of the component: \(error.message)")
        }
        return files
    }

    private static let maximumDepth = 128

    /// The time as a guest is told it; times before 1970 and after the year 2554 become the nearest that it can be told.
    static func nanoseconds(since1970 date: Date?) -> UInt64 {
        let latest = UInt64.max / 1_000_000_000
        let seconds = min(max(date?.timeIntervalSince1970 ?? 0, 0), Double(latest))
        return min(UInt64(seconds), latest) * 1_000_000_000
    }

    private static func add(
        _ host: String,
        at guest: String,
        isWritable: Bool,
        to files: inout GuestFiles,
        depth: Int
    ) throws {
        guard depth < maximumDepth else { throw CommandFailure.usage("\(host) is more than 128 folders deep.") }
        // What a person names may be a link; below it, links stay links.
        let path = depth == 0 ? URL(filePath: host).resolvingSymlinksInPath().path : host
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw CommandFailure.usage("\(host) is not there, or cannot be read.")
        }
        let modified = nanoseconds(since1970: attributes[.modificationDate] as? Date)
        switch attributes[.type] as? FileAttributeType {
        case .typeDirectory?:
            try files.add(directory: guest, modified: modified, isReadOnly: !isWritable)
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
                throw CommandFailure.usage("\(host) cannot be read.")
            }
            for name in names.sorted() {
                let place = guest.hasSuffix("/") ? "\(guest)\(name)" : "\(guest)/\(name)"
                try add("\(path)/\(name)", at: place, isWritable: isWritable, to: &files, depth: depth + 1)
            }
        case .typeRegular?:
            let contents = try WITInput.contents(of: path)
            try files.add(file: guest, contents: contents, modified: modified, isReadOnly: !isWritable)
        case .typeSymbolicLink?:
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
                throw CommandFailure.usage("\(host) cannot be read.")
            }
            try files.add(symbolicLink: guest, target: target, modified: modified)
        default: break
        }
    }
}
