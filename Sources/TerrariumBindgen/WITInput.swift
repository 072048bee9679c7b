// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel
package import WIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The input that a person names where WIT is wanted: a component, a WIT file, or a folder of WIT files.
package enum WITInput {
    /// Why there is no WIT, or no component, in a sentence that names the file.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    private static let maximumFileBytes = 1 << 30

    /// Reads the model of a component, a file or a folder; the first bytes of a file decide what it is.
    ///
    /// - Throws: `Failure` with the place in the text, as a compiler says it.
    package static func model(at path: String, features: WITFeatures = .none) throws -> WITModel {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure("\(path) is not there.")
        }
        do {
            if isFolder { return try WITModel(folder: try sourceFiles(in: path), features: features) }
            let bytes = try contents(of: path)
            if isWebAssembly(bytes) { return try WITModel(of: try component(bytes, path)) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Failure("\(path) is neither a component nor text.")
            }
            return try WITModel(parsing: text, path: path, features: features)
        } catch let error as WITError {
            throw Failure(error.file == nil ? "\(path): \(error.message)" : error.description)
        }
    }

    /// Reads a component.
    ///
    /// - Throws: `Failure` if the file cannot be read, or is not a component.
    package static func component(at path: String) throws -> Component {
        try component(try contents(of: path), path)
    }

    /// Returns whether bytes start like a module or a component.
    package static func isWebAssembly(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x00, 0x61, 0x73, 0x6d])
    }

    /// The bytes of a file.
    package static func contents(of path: String) throws -> [UInt8] {
        guard let data = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
            throw Failure("\(path) cannot be read.")
        }
        guard data.count <= maximumFileBytes else {
            throw Failure("\(path) has more than 1 GiB.")
        }
        return Array(data)
    }

    private static func component(_ bytes: [UInt8], _ path: String) throws -> Component {
        guard isWebAssembly(bytes) else { throw Failure("\(path) is not a component.") }
        do {
            return try Component(decoding: bytes)
        } catch {
            throw Failure("\(path) is not a component that can be read: \(error)")
        }
    }

    /// The `.wit` files of a folder and of `deps` in it, by their paths within it.
    private static func sourceFiles(in folder: String) throws -> [WITSourceFile] {
        var files: [WITSourceFile] = []
        func add(_ subfolder: String, depth: Int) throws {
            let path = subfolder.isEmpty ? folder : "\(folder)/\(subfolder)"
            for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
                let relative = subfolder.isEmpty ? name : "\(subfolder)/\(name)"
                if name.hasSuffix(".wit") {
                    guard let text = String(validating: try contents(of: "\(path)/\(name)"), as: UTF8.self) else {
                        throw Failure("\(path)/\(name) is not UTF-8 text.")
                    }
                    files.append(WITSourceFile(path: relative, text: text))
                } else if depth > 0 || name == "deps", depth < 2 {
                    var isFolder = false
                    _ = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                    if isFolder { try add(relative, depth: depth + 1) }
                }
            }
        }
        try add("", depth: 0)
        guard !files.isEmpty else { throw Failure("There is no .wit file in \(folder).") }
        return files
    }
}
