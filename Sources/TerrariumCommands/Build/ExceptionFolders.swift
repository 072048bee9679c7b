// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Folders of Python packages as componentize-py can take them: its engine does not know exception handling, so that is taken
/// out of their extension modules, and put back into the component.
struct ExceptionFolders {
    /// The folders to give to componentize-py.
    private(set) var folders: [URL] = []
    private var exceptions = ExceptionsAside()

    /// Looks through folders; those that have extension modules with exceptions are copied, and changed there.
    ///
    /// - Parameters:
    ///   - originals: The folders.
    ///   - copies: An empty folder for the copies, or one that is not there yet.
    /// - Throws: `CommandFailure` with the file that cannot be read as a WebAssembly module.
    init(_ originals: [URL], copies: URL) throws {
        for (number, original) in originals.enumerated() {
            var stripped: [(path: String, module: [UInt8])] = []
            for path in Self.extensionModules(in: original) {
                guard let module = try strip(original.appending(path: path)) else { continue }
                stripped.append((path, module))
            }
            guard !stripped.isEmpty else {
                folders.append(original)
                continue
            }
            let copy = copies.appending(path: "\(number)")
            try FileManager.default.createDirectory(at: copies, withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: original, to: copy)
            for (path, module) in stripped {
                let file = copy.appending(path: path)
                // Not written over: the copy of a link is a link.
                try FileManager.default.removeItem(at: file)
                try Data(module).write(to: file)
            }
            folders.append(copy)
        }
    }

    /// Puts the exceptions back into the component that was made of the folders.
    func restore(_ component: URL) throws {
        guard !exceptions.isEmpty else { return }
        do {
            var decoded = try Component(decoding: [UInt8](Data(contentsOf: component)))
            try exceptions.restore(in: &decoded)
            try Data(decoded.encoded()).write(to: component)
        } catch let error as ComponentsError {
            throw CommandFailure.usage("The exception handling of packages cannot be linked: \(error).")
        }
    }

    private static func extensionModules(in folder: URL) -> [String] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return paths.filter { $0.hasSuffix(".so") }.sorted()
    }

    /// The module without its exceptions; `nil` if it has none, or if it is for another machine.
    private mutating func strip(_ file: URL) throws -> [UInt8]? {
        guard let contents = try? Data(contentsOf: file), contents.starts(with: [0x00, 0x61, 0x73, 0x6d]) else {
            return nil
        }
        do throws(ComponentsError) {
            var module = try CoreModule(decoding: [UInt8](contents))
            return try exceptions.strip(&module) ? module.encoded() : nil
        } catch {
            throw CommandFailure.usage("\(file.lastPathComponent) cannot be linked: \(error).")
        }
    }
}
