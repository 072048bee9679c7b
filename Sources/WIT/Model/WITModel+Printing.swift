// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WITModel {
    /// The model as WIT text, laid out as `wasm-tools component wit` does.
    ///
    /// The main package comes first; the others follow as `package a:b { … }`. Parsing the text gives an equal model.
    /// - Parameters:
    ///   - includesDependencies: Whether the packages besides the main one are printed; true by default.
    ///   - includesDocs: Whether documentation comments are printed; true by default.
    /// - Returns: The text.
    package func text(includesDependencies: Bool = true, includesDocs: Bool = true) -> String {
        var document = WITSyntax.Document(package: nil, items: [])
        for package in packages {
            let docs = includesDocs ? package.docs : nil
            let declaration = WITSyntax.PackageDeclaration(docs: docs, name: package.name)
            let items = WITSyntaxBuilder(package: package.name, includesDocs: includesDocs).items(of: package)
            if package.name == mainPackageName {
                document.package = declaration
                document.items.insert(contentsOf: items, at: 0)
            } else if includesDependencies {
                document.items.append(.package(WITSyntax.NestedPackage(declaration: declaration, items: items)))
            }
        }
        var printer = WITPrinter()
        printer.document(document)
        return printer.text
    }

    /// A world as WIT text, on its own.
    ///
    /// - Parameter id: The world.
    /// - Returns: The text, or nil if there is no such world.
    package func text(ofWorld id: WITWorldID) -> String? {
        guard let world = world(id) else { return nil }
        let syntax = WITSyntaxBuilder(package: id.package, includesDocs: true).world(world)
        var printer = WITPrinter()
        printer.document(WITSyntax.Document(package: nil, items: [.world(syntax)]))
        return printer.text
    }
}
