// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `FOLDER=/path`: a folder of the host whose files are copied into a sandbox.
struct FolderAddition {
    let source: URL
    private let destination: String

    init(_ argument: String) throws {
        guard let separator = argument.lastIndex(of: "="), separator != argument.startIndex,
            argument[argument.index(after: separator)...].hasPrefix("/")
        else {
            throw CommandFailure.usage("--add takes FOLDER=/path, and this is \(argument).")
        }
        source = URL(filePath: String(argument[..<separator]))
        destination = String(argument[argument.index(after: separator)...])
        var isFolder = false
        guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder), isFolder else {
            throw CommandFailure.usage("\(source.path) is not a folder.")
        }
    }

    /// Copies files and folders; symbolic links are not followed, so that nothing outside of the folder comes along.
    func copy(to sandbox: Sandbox) async throws {
        let files = FileManager.default
        let names = try files.subpathsOfDirectory(atPath: source.path).sorted()
        for name in names {
            let file = source.appending(path: name)
            let path = destination == "/" ? "/\(name)" : "\(destination)/\(name)"
            switch try files.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType {
            case .typeDirectory?: try await sandbox.makeDirectory(path)
            case .typeRegular?: try await sandbox.write(path, Array(Data(contentsOf: file)))
            default: continue
            }
        }
    }
}
