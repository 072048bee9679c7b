// swift-tools-version: 6.2
// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import PackageDescription

/// The tests of generated bindings, apart from the other tests: a package whose target uses the plugin has the generator, and
/// what that is made of, built before anything else.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "terrarium-bindings-tests",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "terrarium", path: "../..")],
    targets: [
        // A link to the folder that the other tests use.
        .target(name: "TestSupport", path: "TestSupport", swiftSettings: settings),
        .testTarget(
            name: "BindingsTests",
            dependencies: ["TestSupport", .product(name: "Wasmtime", package: "terrarium")],
            path: "BindingsTests",
            exclude: ["Fixtures"],
            swiftSettings: settings,
            plugins: [.plugin(name: "TerrariumBindings", package: "terrarium")]
        ),
    ]
)
