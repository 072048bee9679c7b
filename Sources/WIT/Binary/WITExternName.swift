// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The name of an import or export in a component binary, taken apart.
///
/// See "Import and Export Definitions" in the component model's Explainer.md.
enum WITExternName: Hashable {
    /// `run`.
    case plain(String)
    /// `[constructor]blob`.
    case constructor(resource: String)
    /// `[method]blob.write`.
    case method(resource: String, name: String)
    /// `[static]blob.merge`.
    case `static`(resource: String, name: String)
    /// `wasi:io/streams@0.2.0`.
    case interface(package: WITPackageName, name: String)

    /// Takes a name apart; nil if it has another form.
    ///
    /// The suffix completes a version that the name holds only the compatible part of.
    init?(_ text: String, versionSuffix: String? = nil) {
        if let resource = text.dropping(prefix: "[constructor]") {
            guard Self.isIdentifier(resource) else { return nil }
            self = .constructor(resource: resource)
        } else if let rest = text.dropping(prefix: "[method]") {
            guard let (resource, name) = Self.member(rest) else { return nil }
            self = .method(resource: resource, name: name)
        } else if let rest = text.dropping(prefix: "[static]") {
            guard let (resource, name) = Self.member(rest) else { return nil }
            self = .static(resource: resource, name: name)
        } else if text.utf8.contains(UInt8(ascii: "/")) {
            guard let interface = Self.interface(text, versionSuffix) else { return nil }
            self = interface
        } else {
            guard Self.isIdentifier(text) else { return nil }
            self = .plain(text)
        }
    }

    private static func isIdentifier(_ text: some StringProtocol) -> Bool {
        WITCharacters.identifierFault(text) == nil
    }

    private static func member(_ text: String) -> (String, String)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(isIdentifier) else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    private static func interface(_ text: String, _ versionSuffix: String?) -> WITExternName? {
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var version: WITVersion?
        if halves.count == 2 {
            // `0.2` stands for every version that is compatible with 0.2.0.
            let written = String(halves[1]) + (versionSuffix ?? "")
            guard let parsed = WITVersion(written) ?? WITVersion(written + ".0") ?? WITVersion(written + ".0.0") else {
                return nil
            }
            version = parsed
        }
        let path = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        var namespaces = path[0].split(separator: ":", omittingEmptySubsequences: false)
        guard path.count >= 2, namespaces.count >= 2, path.dropFirst().allSatisfy(isIdentifier),
            namespaces.allSatisfy(isIdentifier), let last = path.last
        else { return nil }
        let name = ([namespaces.removeLast()] + path.dropFirst().dropLast()).joined(separator: "/")
        let package = WITPackageName(namespace: namespaces.joined(separator: ":"), name: name, version: version)
        return .interface(package: package, name: String(last))
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension Component.ExternName.Attribute {
    /// The rest of a version.
    var versionSuffix: String? {
        if case .versionSuffix(let suffix) = self { suffix } else { nil }
    }

    /// The interface that an instance with a plain name implements.
    var implements: String? {
        if case .implements(let name) = self { name } else { nil }
    }

    /// A name that means something elsewhere.
    var externalID: String? {
        if case .externalID(let text) = self { text } else { nil }
    }
}
