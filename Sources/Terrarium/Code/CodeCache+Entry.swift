// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Crypto

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

        /// What is known of the code, if it is what was written.
        func known() -> Known? {
            guard
                [code.deletingLastPathComponent(), code, record].allSatisfy({ FileIdentity.isTrusted(path: $0.path) }),
                let record = readRecord(), let identity = FileIdentity(path: code.path)
            else { return nil }
            let known = Known(code: code, initialMemoryBytes: record.initialMemoryBytes)
            if record.identity == identity { return known }
            guard let data = try? Data(contentsOf: code, options: .mappedIfSafe),
                CodeCache.hexadecimal(SHA256.hash(data: data)) == record.digest
            else { return nil }
            // The same bytes under another identity: copied or moved. From now on they are known by it.
            try? write(record.identified(by: identity))
            return known
        }

        func write(_ compiled: Compiled, source: String) throws(SandboxError) {
            do {
                try? FileManager.default.removeItem(at: record)
                try compiled.code.write(to: code, options: .atomic)
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: code.path)
                guard let identity = FileIdentity(path: code.path) else { return }
                let record = Record(
                    source: source,
                    digest: CodeCache.hexadecimal(SHA256.hash(data: compiled.code)),
                    identity: identity,
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

        func remove() {
            try? FileManager.default.removeItem(at: record)
            try? FileManager.default.removeItem(at: code)
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
            guard let data = try? Data(contentsOf: record) else { return nil }
            return try? JSONDecoder().decode(Record.self, from: data)
        }

        private func write(_ record: Record) throws {
            try JSONEncoder().encode(record).write(to: self.record, options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: self.record.path)
        }
    }
}
