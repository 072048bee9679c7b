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
    products: [
        .library(name: "Terrarium", targets: ["Terrarium"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2")
    ],
    targets: [
        .target(name: "CTerrariumShims"),
        .target(
            name: "Terrarium",
            dependencies: ["CTerrariumShims", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strictSettings
        ),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "TerrariumTests", dependencies: ["Terrarium", "TestSupport"], swiftSettings: settings),
    ]
)
