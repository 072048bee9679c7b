// swift-tools-version: 6.2
// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// For targets that touch C.
let strictSettings = settings + [.strictMemorySafety()]

let package = Package(
    name: "terrarium",
    products: [],
    dependencies: [],
    targets: [
        .target(name: "Components", swiftSettings: settings),
        .target(name: "TerrariumBindgen", dependencies: ["Components"], swiftSettings: settings),
        .testTarget(
            name: "TerrariumBindgenTests",
            dependencies: ["Components", "TerrariumBindgen"],
            swiftSettings: settings
        ),
        .testTarget(name: "ComponentsTests", dependencies: ["Components"], swiftSettings: settings),
    ]
)
