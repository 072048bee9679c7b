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
    platforms: [.macOS(.v15)],
    products: [],
    dependencies: [],
    targets: [
        .target(name: "CWasmtime"),
        .target(name: "Wasmtime", dependencies: ["CWasmtime"], swiftSettings: strictSettings),

        .target(
            name: "CWasmtimeLayouts",
            path: "Tests/CWasmtimeLayouts",
            cSettings: [.headerSearchPath("../../Sources/CWasmtime/include")]
        ),
        .testTarget(name: "CWasmtimeTests", dependencies: ["CWasmtimeLayouts"], swiftSettings: settings),
        .testTarget(name: "WasmtimeTests", dependencies: ["CWasmtime", "Wasmtime"], swiftSettings: settings),
    ]
)
