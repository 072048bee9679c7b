// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension CodeCache {
    /// The machine code of one component under one setting.
    public struct Entry: Sendable {
        /// The file with the code.
        public let code: URL

        /// The file with its record.
        private let record: URL

        init(folder: URL, name: String) {
            code = folder.appending(path: "\(name).cwasm")
            record = folder.appending(path: "\(name).record")
        }

        /// The component that it was compiled from, as it was named then; `nil` where the record is unreadable.
        public var source: String? { readRecord()?.source }

        /// The size of the code in bytes; 0 where the file is unreadable.
        public var byteCount: Int { FileIdentity(path: code.path)?.byteCount ?? 0 }

        /// Opens the code, if it is what was written; the folder was checked before.
        func known() -> Known? {
            guard let file = try? OpenFile(code, followsLink: false), file.isTrusted, let record = readRecord() else {
                return nil
            }
            let known = Known(code: file, initialMemoryBytes: record.initialMemoryBytes)
            if record.identity == file.identity { return known }
            guard let digest = try? CodeCache.digest(of: file), digest == record.digest, file.isUnchanged else {
                return nil
            }
            // The same bytes under another identity: copied or moved. From now on they are known by it.
            try? write(record.identified(by: file.identity))
            return known
        }

        func write(_ compiled: Compiled, source: String) throws(SandboxError) {
            do {
                try? FileManager.default.removeItem(at: record)
                try CodeCache.write(compiled.code, to: code)
                let record = Record(
                    source: source,
                    digest: CodeCache.digest(compiled.code),
                    identity: try OpenFile(code, followsLink: false).identity,
                    initialMemoryBytes: compiled.initialMemoryBytes
                )
                try write(record)
            } catch {
                throw SandboxError(
                    .unreadableFile,
                    "The compiled code cannot be kept in \(code.deletingLastPathComponent().path): "
                        + "\(fileErrorReason(error))."
                )
            }
        }

        private struct Record: Codable {
            let source: String
            let digest: String
            var identity: FileIdentity
            let initialMemoryBytes: Int

            func identified(by identity: FileIdentity) -> Record {
                var record = self
                record.identity = identity
                return record
            }
        }

        private func readRecord() -> Record? {
            guard let file = try? OpenFile(record, followsLink: false), file.isTrusted,
                let contents = try? file.contents(),
                let record = try? JSONDecoder().decode(Record.self, from: Data(contents)),
                record.initialMemoryBytes >= 0
            else { return nil }
            return record
        }

        private func write(_ record: Record) throws {
            try CodeCache.write(Array(JSONEncoder().encode(record)), to: self.record)
        }
    }

    /// Writes a file that appears under its name when it is complete, and that only this user can write to.
    ///
    /// The permissions do not depend on `umask`, so that what was written is trusted later.
    static func write(_ bytes: [UInt8], to file: URL) throws {
        try Data(bytes).write(to: file, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    }
}
