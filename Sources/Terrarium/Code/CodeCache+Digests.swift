// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension CodeCache {
    /// The SHA-256 of an open file, remembered with the file's identity so that it is read only when it changed.
    func contentDigest(of file: OpenFile) throws(SandboxError) -> String {
        let path = URL(filePath: file.path).standardizedFileURL.path
        let name = Self.hexadecimal(SHA256.hash(path.utf8).prefix(20)) + ".source"
        for folder in [installed, folder] {
            guard let folder = try? Self.checked(folder),
                let known = KnownSource(in: folder.appending(path: name)), known.identity == file.identity
            else { continue }
            return known.digest
        }
        let digest = try Self.digest(of: file)
        // Without the memo the file is hashed again next time, so a folder that cannot be written is no error here.
        if let folder, (try? FileTrust.makeFolder(folder)) != nil, let folder = try? Self.checked(folder),
            file.isUnchanged
        {
            KnownSource(path: path, identity: file.identity, digest: digest).write(to: folder.appending(path: name))
        }
        return digest
    }

    /// The SHA-256 of an open file, which is read.
    static func digest(of file: OpenFile) throws(SandboxError) -> String {
        var hash = SHA256()
        try unsafe file.forEachPiece { unsafe hash.update($0) }
        return hexadecimal(hash.finalize())
    }

    /// The SHA-256 of bytes, in hexadecimal digits.
    package static func digest(_ bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(bytes))
    }

    /// A memo of the digest of a file.
    struct KnownSource: Codable {
        let path: String
        let identity: FileIdentity
        let digest: String

        init(path: String, identity: FileIdentity, digest: String) {
            self.path = path
            self.identity = identity
            self.digest = digest
        }

        /// Reads a memo that only this user can have written.
        init?(in memo: URL) {
            guard let file = try? OpenFile(memo, followsLink: false), file.isTrusted,
                let contents = try? file.contents(),
                let known = try? JSONDecoder().decode(Self.self, from: Data(contents))
            else { return nil }
            self = known
        }

        func write(to memo: URL) {
            guard let data = try? JSONEncoder().encode(self) else { return }
            try? CodeCache.write(Array(data), to: memo)
        }

        /// Returns whether a memo is of a file that still exists.
        static func isOfFileThatIsThere(_ memo: URL) -> Bool {
            guard let known = KnownSource(in: memo) else { return false }
            return FileManager.default.fileExists(atPath: known.path)
        }
    }
}
