// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// A file of tenants: on each line a name, a token or its hash, and quotas, with blanks between.
///
///     acme sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 sessions=10 requests-per-minute=600
///
/// Lines that begin with `#` are remarks. A tenant may have several tokens; of its quotas the last ones count.
enum TenantFile {
    private static let maxBytes = 1 << 20
    private static let hashPrefix = "sha256:"

    /// Reads a file into the settings.
    ///
    /// - Throws: ``ServeConfiguration/Invalid`` if the file cannot be read, if others than its owner can read or change it, or
    ///   if a line is not as it should be. The message has no token.
    static func read(_ path: String, into settings: inout ServeConfiguration) throws(ServeConfiguration.Invalid) {
        let text = try contents(of: path)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            do throws(TokenTable.InvalidToken) {
                try read(words, into: &settings)
            } catch {
                throw ServeConfiguration.Invalid(description: "\(path), line \(index + 1): \(error)")
            }
        }
    }

    private static func read(
        _ words: [Substring],
        into settings: inout ServeConfiguration
    ) throws(TokenTable.InvalidToken) {
        guard words.count >= 2, Tenant.isName(String(words[0])) else {
            throw TokenTable.InvalidToken(description: "A line has a tenant's name, a token, and quotas.")
        }
        let tenant = Tenant(name: String(words[0]))
        if words[1].hasPrefix(hashPrefix) {
            try settings.tokens.add(digest: String(words[1].dropFirst(hashPrefix.count)), for: tenant)
        } else {
            try settings.tokens.add(String(words[1]), for: tenant)
        }
        var quota = settings.quotas[tenant] ?? TenantQuota()
        for word in words.dropFirst(2) where !quota.read(word) {
            throw TokenTable.InvalidToken(
                description: "A quota is requests-per-minute, seconds-per-hour, sessions or stored, = and a number."
            )
        }
        settings.quotas[tenant] = quota
    }

    /// The line of a new token, and the token, which only its tenant keeps.
    static func newEntry(for tenant: Tenant) -> (token: String, line: String) {
        let token = TokenTable.newToken(for: tenant)
        return (token, "\(tenant.name) \(hashPrefix)\(SHA256Digest.hexadecimal(of: Array(token.utf8)))")
    }

    private static func contents(of path: String) throws(ServeConfiguration.Invalid) -> String {
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
        return text
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
