// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITModel {
    /// Parses and resolves one WIT text.
    ///
    /// The text may hold several packages, as `wasm-tools component wit` prints them: the one it begins with is the
    /// main one, others follow as `package a:b { … }`.
    /// - Parameters:
    ///   - text: The text.
    ///   - path: The name of the text in error messages.
    ///   - features: The features that are turned on.
    /// - Throws: ``WITError`` with the place and what was expected.
    package init(parsing text: String, path: String = "input.wit", features: WITFeatures = .none) throws(WITError) {
        try self.init(files: [WITSourceFile(path: path, text: text)], features: features)
    }

    /// Parses and resolves the files of a folder, whose paths are relative to it.
    ///
    /// Files in the folder itself are the main package. Those in `deps/` are other packages: each a file, or a folder
    /// of files. Whatever does not end in `.wit` is passed over.
    /// - Parameters:
    ///   - files: The files of the folder, and of the folders in it.
    ///   - features: The features that are turned on.
    /// - Throws: ``WITError`` with the place and what was expected.
    package init(folder files: [WITSourceFile], features: WITFeatures = .none) throws(WITError) {
        var main: [WITSourceFile] = []
        var dependencies: [String: [WITSourceFile]] = [:]
        for file in files where file.path.hasSuffix(".wit") {
            let parts = file.path.split(separator: "/")
            switch parts.count {
            case 1: main.append(file)
            case 2 where parts[0] == "deps", 3 where parts[0] == "deps":
                dependencies[String(parts[1]), default: []].append(file)
            default: break
            }
        }
        try self.init(
            files: main,
            dependencies: dependencies.sorted { $0.key < $1.key }.map(\.value),
            features: features
        )
    }

    /// Parses and resolves the files of a package and those of packages it depends on.
    ///
    /// - Parameters:
    ///   - files: The files of the main package.
    ///   - dependencies: The files of other packages, in groups of one package each.
    ///   - features: The features that are turned on.
    /// - Throws: ``WITError`` with the place and what was expected.
    package init(
        files: [WITSourceFile],
        dependencies: [[WITSourceFile]] = [],
        features: WITFeatures = .none
    ) throws(WITError) {
        guard !files.isEmpty else {
            throw WITError(.invalid, "there is no `.wit` file")
        }
        var sources = try WITPackageSource.gather(files, isMain: true)
        let mainName = sources[0].name
        var indices = Dictionary(sources.enumerated().map { ($1.name, $0) }) { first, _ in first }
        for group in dependencies {
            for source in try WITPackageSource.gather(group, isMain: false) {
                guard let index = indices[source.name] else {
                    indices[source.name] = sources.count
                    sources.append(source)
                    continue
                }
                let other = sources[index]
                // One package may come with several of its dependents.
                guard other.files == source.files else {
                    throw WITPackageSource.duplicate(source.name, at: source.range, other.range)
                }
            }
        }
        // The main package comes last wherever it may.
        sources.append(sources.removeFirst())
        var resolver = WITResolver(features: features)
        var packages: [WITPackage] = []
        for source in try Self.ordered(sources) {
            packages.append(try resolver.resolve(source))
        }
        self.init(packages: packages, mainPackageName: mainName)
    }

    /// The packages in an order in which each comes after those it refers to.
    private static func ordered(_ sources: [WITPackageSource]) throws(WITError) -> [WITPackageSource] {
        let indices = Dictionary(sources.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var dependencies: [[Int]] = []
        for source in sources {
            var targets: [Int] = []
            for reference in source.references {
                guard let target = indices[reference.name] else {
                    throw unknownPackage(reference.name, at: reference.range, among: sources)
                }
                targets.append(target)
            }
            dependencies.append(targets)
        }
        do throws(TopologicalOrder.Cycle) {
            return try TopologicalOrder.sort(dependencies).map { sources[$0] }
        } catch {
            let names = (error.nodes + error.nodes.prefix(1)).map { "`\(sources[$0].name)`" }
            let first = sources[error.nodes[0]]
            let next = sources[(error.nodes + error.nodes)[1]].name
            throw WITError(
                .cycle,
                "packages depend on one another in a circle: \(names.joined(separator: " → "))",
                at: first.references.first { $0.name == next }?.range ?? first.range
            )
        }
    }

    private static func unknownPackage(
        _ name: WITPackageName,
        at range: WITSourceRange,
        among sources: [WITPackageSource]
    ) -> WITError {
        let others = sources.map(\.name).filter { ($0.namespace, $0.name) == (name.namespace, name.name) }
        let hint =
            others.isEmpty
            ? "known are " + WITError.list(sources.map(\.name.description))
            : "there is " + WITError.list(others.map(\.description))
        return WITError(.unknownName, "there is no package `\(name)`; \(hint)", at: range)
    }
}
