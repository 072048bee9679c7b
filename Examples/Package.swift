// swift-tools-version: 6.2
// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import PackageDescription

/// One program per question that a reader has; `make examples` builds and runs them all.
let examples = [
    "determinism", "displays", "errors", "folders", "functions", "hello", "limits", "pool", "sandbox", "streams",
    "suspend",
    "tools",
]

let package = Package(
    name: "terrarium-examples",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "terrarium", path: ".."),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: examples.map { name in
        .executableTarget(name: name, dependencies: [.product(name: "Terrarium", package: "terrarium")])
    } + [
        // The component is beside the sources: the plugin makes bindings of it, and the program loads it.
        .executableTarget(
            name: "bindings",
            dependencies: [
                .product(name: "Terrarium", package: "terrarium"), .product(name: "Wasmtime", package: "terrarium"),
            ],
            exclude: ["Guest"],
            resources: [.copy("Shop.wasm")],
            plugins: [.plugin(name: "TerrariumBindings", package: "terrarium")]
        ),
        .executableTarget(
            name: "service",
            dependencies: [
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "TerrariumService", package: "terrarium"),
            ]
        ),
    ]
)
