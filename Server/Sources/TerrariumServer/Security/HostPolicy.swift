// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The hosts that the server answers for, and the pages that may use it from within a browser.
///
/// A page can have its own name resolved to this machine's address, and then asks this server as if it were its own. The
/// browser sends that name as the host, by which such a request is known.
struct HostPolicy: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>
    /// A Boolean value that tells whether addresses are hosts, whichever they are: no page has an address for its name.
    private let allowsAddresses: Bool

    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - hosts: The names that the server has besides those of the loopback interface, without ports.
    ///   - origins: The origins of pages of other servers that may use this one, such as `https://example.com`.
    ///   - address: The address that the server listens on.
    init(hosts: [String] = [], origins: [String] = [], address: String) {
        self.hosts = Self.loopback.union(hosts.map { $0.lowercased() })
        self.origins = Set(origins.map { $0.lowercased() })
        allowsAddresses = !LoopbackAddress.isLoopback(address)
    }

    /// Returns whether the server answers for a host, which may have a port.
    func allows(host: String) -> Bool {
        guard let name = Self.name(of: host) else { return false }
        return hosts.contains(name) || allowsAddresses && Self.isAddress(name)
    }

    /// Returns whether pages of an origin may use the server, which was asked by a host's name.
    func allows(origin: String, at host: String) -> Bool {
        let origin = origin.lowercased()
        return origins.contains(origin) || origin == "http://" + host.lowercased()
            || origin == "https://" + host.lowercased()
    }

    /// The name in a host header, in small letters and without a port.
    private static func name(of host: String) -> String? {
        let host = host.lowercased()
        guard host.utf8.count <= 255, !host.isEmpty, host.utf8.allSatisfy(isPartOfHost) else { return nil }
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            return rest.isEmpty || isPort(rest) ? String(host[...end]) : nil
        }
        guard let colon = host.firstIndex(of: ":") else { return host }
        return isPort(host[colon...]) ? String(host[..<colon]) : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.count > 1 && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isPartOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isAddress(_ name: String) -> Bool {
        if name.hasPrefix("[") { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// The addresses that only programs of this machine reach.
enum LoopbackAddress {
    /// Returns whether a server that is bound to a host is reached from this machine only.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
