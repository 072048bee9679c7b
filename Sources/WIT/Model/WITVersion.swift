// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The version of a package, after Semantic Versioning 2.0.
package struct WITVersion: Hashable, Sendable, CustomStringConvertible {
    /// The first number: changes that break callers.
    package var major: UInt64
    /// The second number.
    package var minor: UInt64
    /// The third number.
    package var patch: UInt64
    /// The text after `-`; if there is none, the empty string.
    package var prerelease: String
    /// The text after `+`; if there is none, the empty string.
    ///
    /// It has no part in the order of versions.
    package var build: String

    /// Creates a version from its parts.
    package init(_ major: UInt64, _ minor: UInt64, _ patch: UInt64, prerelease: String = "", build: String = "") {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        self.build = build
    }

    /// Parses a version such as `0.2.1-rc.1`; nil if the text is not one.
    package init?(_ text: String) {
        var rest = text[...]
        var build = ""
        var prerelease = ""
        if let plus = rest.firstIndex(of: "+") {
            build = String(rest[rest.index(after: plus)...])
            rest = rest[..<plus]
            guard Self.areIdentifiers(build, isPrerelease: false) else { return nil }
        }
        if let minus = rest.firstIndex(of: "-") {
            prerelease = String(rest[rest.index(after: minus)...])
            rest = rest[..<minus]
            guard Self.areIdentifiers(prerelease, isPrerelease: true) else { return nil }
        }
        let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, let major = Self.number(numbers[0]), let minor = Self.number(numbers[1]),
            let patch = Self.number(numbers[2])
        else { return nil }
        self.init(major, minor, patch, prerelease: prerelease, build: build)
    }

    /// The version as it is written.
    package var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-" + prerelease) + (build.isEmpty ? "" : "+" + build)
    }

    /// Returns whether this version comes before another one.
    package func precedes(_ other: WITVersion) -> Bool {
        if (major, minor, patch) != (other.major, other.minor, other.patch) {
            return (major, minor, patch) < (other.major, other.minor, other.patch)
        }
        if prerelease.isEmpty || other.prerelease.isEmpty {
            // A release comes after all that lead to it.
            return !prerelease.isEmpty && other.prerelease.isEmpty
        }
        let ours = prerelease.split(separator: ".", omittingEmptySubsequences: false)
        let theirs = other.prerelease.split(separator: ".", omittingEmptySubsequences: false)
        for (mine, its) in zip(ours, theirs) where mine != its {
            switch (Self.isNumeric(mine), Self.isNumeric(its)) {
            case (true, true):
                return mine.utf8.count != its.utf8.count ? mine.utf8.count < its.utf8.count : mine < its
            case (true, false): return true
            case (false, true): return false
            case (false, false): return mine.utf8.lexicographicallyPrecedes(its.utf8)
            }
        }
        return ours.count < theirs.count
    }

    private static func number(_ text: Substring) -> UInt64? {
        guard isNumeric(text), text.utf8.count == 1 || text.first != "0" else { return nil }
        return UInt64(text)
    }

    private static func isNumeric(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(WITCharacters.isDigit)
    }

    private static func areIdentifiers(_ text: String, isPrerelease: Bool) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard !part.isEmpty,
                part.utf8.allSatisfy({
                    WITCharacters.isLetter($0) || WITCharacters.isDigit($0) || $0 == UInt8(ascii: "-")
                })
            else { return false }
            return !isPrerelease || !isNumeric(part) || part.utf8.count == 1 || part.first != "0"
        }
    }
}
