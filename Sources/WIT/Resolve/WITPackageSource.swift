// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The text of one package, gathered from the files it is spread over.
struct WITPackageSource {
    /// The name of the package.
    let name: WITPackageName
    /// The documentation, without comment marks.
    var docs: String?
    /// The items of each file; each file has names of its own.
    var files: [[WITSyntax.Item]]
    /// The source range of the package's declaration.
    let range: WITSourceRange

    /// Gathers the packages of files that belong together: those of one folder.
    ///
    /// The package that the files are about comes first; `isMain` says that there must be one.
    static func gather(
        _ files: [WITSourceFile],
        isMain: Bool
    ) throws(WITError) -> [WITPackageSource] {
        var header: WITPackageSource?
        var loose: [[WITSyntax.Item]] = []
        var nested: [WITPackageSource] = []
        var nestedRanges: [WITPackageName: WITSourceRange] = [:]
        for file in files.sorted(by: { $0.path < $1.path }) {
            let document = try WITParser.document(file)
            if let package = document.package {
                try add(package, to: &header)
            }
            var items: [WITSyntax.Item] = []
            for item in document.items {
                guard case .package(let package) = item else {
                    items.append(item)
                    continue
                }
                let declaration = package.declaration
                if let other = nestedRanges.updateValue(declaration.range, forKey: declaration.name) {
                    throw duplicate(declaration.name, at: declaration.range, other)
                }
                nested.append(
                    WITPackageSource(
                        name: declaration.name,
                        docs: declaration.docs,
                        files: [package.items],
                        range: declaration.range
                    )
                )
            }
            loose.append(items)
        }
        if var main = header {
            main.files = loose
            if let other = nestedRanges[main.name] {
                throw duplicate(main.name, at: other, main.range)
            }
            return [main] + nested
        }
        if loose.allSatisfy(\.isEmpty), nested.count == 1 || (!isMain && !nested.isEmpty) {
            return nested
        }
        throw WITError(
            .invalid,
            "no file begins with `package namespace:name;`"
                + (files.count == 1 ? " (in \(files[0].path))" : "")
        )
    }

    private static func add(
        _ declaration: WITSyntax.PackageDeclaration,
        to header: inout WITPackageSource?
    ) throws(WITError) {
        guard var previous = header else {
            header = WITPackageSource(
                name: declaration.name,
                docs: declaration.docs,
                files: [],
                range: declaration.range
            )
            return
        }
        guard previous.name == declaration.name else {
            throw WITError(
                .invalid,
                "the files of one folder are one package, but this is `\(declaration.name)` and another file says"
                    + " `\(previous.name)`",
                at: declaration.range
            )
        }
        if let docs = declaration.docs {
            guard previous.docs == nil else {
                throw WITError(.invalid, "the package is documented in two files", at: declaration.range)
            }
            previous.docs = docs
            header = previous
        }
    }

    static func duplicate(_ name: WITPackageName, at range: WITSourceRange, _ other: WITSourceRange) -> WITError {
        let place = WITError(.duplicateName, "", at: other)
        let elsewhere = place.file.map { " (also at \($0):\(place.line ?? 0))" } ?? ""
        return WITError(.duplicateName, "the package `\(name)` is defined twice\(elsewhere)", at: range)
    }

    /// The packages that this one refers to, with the first place that does.
    var references: [(name: WITPackageName, range: WITSourceRange)] {
        var seen: Set<WITPackageName> = [name]
        var references: [(name: WITPackageName, range: WITSourceRange)] = []
        for path in files.joined().flatMap(\.paths) {
            if let package = path.package, seen.insert(package).inserted {
                references.append((package, path.range))
            }
        }
        return references
    }
}

extension WITSyntax.Item {
    /// The paths in the item.
    fileprivate var paths: [WITSyntax.Path] {
        switch self {
        case .use(let use): [use.path]
        case .interface(let interface): interface.items.compactMap(\.path)
        case .world(let world): world.items.flatMap(\.paths)
        case .package: []
        }
    }
}

extension WITSyntax.InterfaceItem {
    /// The path in the item, if it is a `use`.
    var path: WITSyntax.Path? {
        if case .use(let use) = self { use.path } else { nil }
    }
}

extension WITSyntax.WorldItem {
    /// The paths in the item.
    fileprivate var paths: [WITSyntax.Path] {
        switch self {
        case .use(let use): return [use.path]
        case .include(let include): return [include.path]
        case .type: return []
        case .import(let extern), .export(let extern):
            switch extern.kind {
            case .path(let path), .named(_, let path): return [path]
            case .interface(_, let items): return items.compactMap(\.path)
            case .function: return []
            }
        }
    }
}
