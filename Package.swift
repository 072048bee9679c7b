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
        .library(name: "Terrarium", targets: ["Terrarium"]),
        .executable(name: "terrarium", targets: ["terrarium"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    ],
    targets: [
        .target(name: "CWasmtime"),
        .target(name: "CTerrariumShims"),
        .target(name: "Wasmtime", dependencies: ["CWasmtime"], swiftSettings: strictSettings),
        .target(
            name: "Terrarium",
            dependencies: ["CTerrariumShims", "Wasmtime", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strictSettings
        ),
        .target(
            name: "TerrariumCommands",
            dependencies: ["Terrarium", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strictSettings
        ),
        .executableTarget(name: "terrarium", dependencies: ["TerrariumCommands"], swiftSettings: settings),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "TerrariumTests", dependencies: ["Terrarium", "TestSupport"], swiftSettings: settings),
    ]
)
