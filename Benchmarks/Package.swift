// swift-tools-version: 6.2
// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import PackageDescription

let package = Package(
    name: "terrarium-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "terrarium", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "terrarium-benchmarks",
            dependencies: [
                .product(name: "Terrarium", package: "terrarium"), .product(name: "Wasmtime", package: "terrarium"),
            ],
            plugins: [.plugin(name: "TerrariumBindings", package: "terrarium")]
        )
    ]
)
