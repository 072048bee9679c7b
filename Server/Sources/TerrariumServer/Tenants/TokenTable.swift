// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes

/// The tokens by which tenants are known, of which only hashes are kept.
struct TokenTable: Sendable {
    private struct Entry: Sendable {
        let tenant: Tenant
        let digest: [UInt8]
    }

    /// A token that cannot be taken, with the reason.
    struct InvalidToken: Error, CustomStringConvertible {
        let description: String
    }

    static let minTokenBytes = 16
    static let maxTokenBytes = 512

    private var entries: [Entry] = []

    /// A Boolean value that tells whether there is no token, so that whoever reaches the server may use it.
    var isEmpty: Bool { entries.isEmpty }

    /// Adds a token.
    ///
    /// - Throws: ``InvalidToken`` if it is short enough to be guessed, or has characters that no header can have.
    mutating func add(_ token: String, for tenant: Tenant) throws(InvalidToken) {
        let bytes = Array(token.utf8)
        guard (Self.minTokenBytes...Self.maxTokenBytes).contains(bytes.count),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw InvalidToken(
                description: "A token has \(Self.minTokenBytes) to \(Self.maxTokenBytes) printable ASCII characters."
            )
        }
        entries.append(Entry(tenant: tenant, digest: SHA256Digest.of(bytes)))
    }

    /// Adds a token of which only the SHA-256 is known, in hexadecimal digits.
    ///
    /// - Throws: ``InvalidToken`` if these are no 64 digits.
    mutating func add(digest: String, for tenant: Tenant) throws(InvalidToken) {
        let digits = digest.utf8.compactMap(\.hexadecimalDigit)
        guard digest.utf8.count == 64, digits.count == 64 else {
            throw InvalidToken(description: "A hash is sha256: with 64 hexadecimal digits.")
        }
        let bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        entries.append(Entry(tenant: tenant, digest: bytes))
    }

    /// Makes a token that nobody can guess, of 256 random bits.
    static func newToken(for tenant: Tenant) -> String {
        "tr_\(tenant.name)_\(RandomDigits.hexadecimal(bits: 256))"
    }

    /// Returns the tenant who sends these headers.
    ///
    /// - Throws: ``ProblemDetails`` if there are tokens and the headers have none of them.
    func tenant(_ headers: HTTPFields) throws -> Tenant {
        guard !isEmpty else { return .local }
        guard let token = Self.token(in: headers), let tenant = tenant(of: token) else {
            throw ProblemDetails.unauthenticated
        }
        return tenant
    }

    private static func token(in headers: HTTPFields) -> String? {
        if let authorization = headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, ["bearer", "token"].contains(parts[0].lowercased()) else { return nil }
            return parts[1].filter { $0 != " " }
        }
        return headers[.apiKey]
    }

    /// Finds a token's tenant in a time that does not tell how much of the token is right.
    private func tenant(of token: String) -> Tenant? {
        guard token.utf8.count <= Self.maxTokenBytes else { return nil }
        let digest = SHA256Digest.of(Array(token.utf8))
        var found: Tenant?
        for entry in entries where ConstantTime.areEqual(entry.digest, digest) { found = entry.tenant }
        return found
    }
}

enum ConstantTime {
    /// Compares all bytes, whichever of them differ.
    static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(one, other) { difference |= one ^ other }
        return difference == 0
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit.
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
