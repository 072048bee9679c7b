// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser

/// Which Python packages an image is to have.
struct PackageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Add a package and what it needs: a requirement, or a wheel.", valueName: "package"))
    var package: [String] = []

    @Option(help: ArgumentHelp("Add the packages that a file lists, as pip reads it.", valueName: "file"))
    var requirements: [String] = []

    @Option(help: ArgumentHelp("A folder with wheels, besides the package index.", valueName: "folder"))
    var findLinks: [String] = []

    @Option(help: ArgumentHelp("Leave out the native code of a package that can do without.", valueName: "package"))
    var pure: [String] = []

    @Option(
        name: .customLong("import"),
        help: ArgumentHelp("Import a module ahead; by default those of the packages asked for.", valueName: "module")
    )
    var modules: [String] = []

    /// The packages to find.
    var request: FoundPackages.Request {
        FoundPackages.Request(packages: package, requirements: requirements, findLinks: findLinks, pure: pure)
    }

    /// A Boolean value that tells whether packages are to be found.
    var asksForPackages: Bool { !package.isEmpty || !requirements.isEmpty }
}
