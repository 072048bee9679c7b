// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// A file of tokens: on each line a tenant's name and a token, with blanks between.
///
/// Lines that begin with `#` are remarks.
enum TokenFile {
    private static let maxBytes = 1 << 20

    /// Reads a file into a table.
    ///
    /// - Throws: ``ServeConfiguration/Invalid`` if the file cannot be read, if others than its owner can read or change it, or
    ///   if a line is not as it should be. The message has no token.
    static func read(_ path: String, into table: inout TokenTable) throws(ServeConfiguration.Invalid) {
        let text: String
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
            guard permissions & 0o077 == 0 else {
                throw ServeConfiguration.Invalid(
                    description: "Others than its owner may use the file of tokens \(path): chmod 600 \(path)."
                )
            }
            let data = try Data(contentsOf: URL(filePath: path))
            guard data.count <= maxBytes, let decoded = String(data: data, encoding: .utf8) else {
                throw ServeConfiguration.Invalid(description: "\(path) is no file of tokens.")
            }
            text = decoded
        } catch let error as ServeConfiguration.Invalid {
            throw error
        } catch {
            throw ServeConfiguration.Invalid(description: "The file of tokens \(path) cannot be read.")
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            let place = "\(path), line \(index + 1)"
            guard words.count == 2, Tenant.isName(String(words[0])) else {
                throw ServeConfiguration.Invalid(description: "\(place): a line has a tenant's name and a token.")
            }
            do {
                try table.add(String(words[1]), for: Tenant(name: String(words[0])))
            } catch {
                throw ServeConfiguration.Invalid(description: "\(place): \(error)")
            }
        }
    }
}

extension Tenant {
    /// Returns whether a text can name a tenant: it stands in logs, and in other tenants' sight nowhere.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            }
    }
}
