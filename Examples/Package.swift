// swift-tools-version: 6.2
// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import PackageDescription

/// One program per question that a reader has; `make examples` builds and runs them all.
let examples = ["functions", "hello", "session", "streams", "suspend"]

let package = Package(
    name: "terrarium-examples",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "terrarium", path: "..")
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
        )
    ]
)
