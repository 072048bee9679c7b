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
    products: [
        .library(name: "Terrarium", targets: ["Terrarium"]),
        // A pool as a service, with metrics and a log: apart, so that others need none of the packages for these.
        .library(name: "TerrariumService", targets: ["TerrariumService"]),
        // The Model Context Protocol over sandboxes, without a transport: the command line and the server bring one each.
        .library(name: "TerrariumMCP", targets: ["TerrariumMCP"]),
        // What generated bindings import, and the plugin that generates them.
        .library(name: "Wasmtime", targets: ["Wasmtime"]),
        .plugin(name: "TerrariumBindings", targets: ["TerrariumBindings"]),
        .executable(name: "terrarium", targets: ["TerrariumMain"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .target(name: "CWasmtime"),
        .target(name: "CTerrariumShims", dependencies: ["CWasmtime"]),
        .target(name: "Wasmtime", dependencies: ["CWasmtime"], swiftSettings: strictSettings),
        .target(name: "ComponentModel", swiftSettings: settings),
        .target(name: "WIT", dependencies: ["ComponentModel"], swiftSettings: settings),
        .target(name: "ComponentLinking", dependencies: ["ComponentModel"], swiftSettings: settings),
        .target(
            name: "WASIVirtualization",
            dependencies: ["ComponentLinking", "ComponentModel"],
            exclude: ["Resources/GuestWASI.wasm"],
            swiftSettings: settings
        ),
        .target(
            name: "Terrarium",
            dependencies: [
                "CTerrariumShims", "ComponentLinking", "ComponentModel", "WASIVirtualization", "Wasmtime",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: strictSettings
        ),
        .target(
            name: "TerrariumService",
            dependencies: [
                "Terrarium", .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(name: "TerrariumMCP", dependencies: ["Terrarium"], swiftSettings: settings),
        .target(name: "TerrariumBindgen", dependencies: ["ComponentModel", "WIT"], swiftSettings: settings),
        .executableTarget(
            name: "TerrariumBindgenTool",
            dependencies: ["ComponentModel", "TerrariumBindgen", "WIT"],
            swiftSettings: settings
        ),
        .plugin(name: "TerrariumBindings", capability: .buildTool(), dependencies: ["TerrariumBindgenTool"]),
        .target(
            name: "TerrariumCommands",
            dependencies: [
                "ComponentLinking", "ComponentModel", "Terrarium", "TerrariumBindgen", "TerrariumMCP",
                "WASIVirtualization", "WIT", "Wasmtime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [
                .embedInCode("Resources/find_packages.py"),
                .embedInCode("Resources/native/guest-bytes.c"), .embedInCode("Resources/native/guest-runtime.c"),
                .embedInCode("Resources/native/guest.h"), .embedInCode("Resources/native/native-abi.h"),
            ],
            swiftSettings: strictSettings
        ),
        // Not named like the product: on a file system that ignores case, that would be the library's folder.
        .executableTarget(name: "TerrariumMain", dependencies: ["TerrariumCommands"], swiftSettings: settings),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .target(
            name: "CWasmtimeLayouts",
            path: "Tests/CWasmtimeLayouts",
            cSettings: [.headerSearchPath("../../Sources/CWasmtime/include")]
        ),
        .testTarget(
            name: "ComponentModelTests",
            dependencies: ["ComponentModel", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(name: "WITTests", dependencies: ["ComponentModel", "TestSupport", "WIT"], swiftSettings: settings),
        .testTarget(
            name: "ComponentLinkingTests",
            dependencies: ["ComponentLinking", "ComponentModel", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TerrariumBindgenTests",
            dependencies: ["ComponentModel", "TerrariumBindgen", "WIT", "Wasmtime"],
            swiftSettings: settings
        ),
        .testTarget(name: "CWasmtimeTests", dependencies: ["CWasmtimeLayouts"], swiftSettings: settings),
        .testTarget(name: "WasmtimeTests", dependencies: ["CWasmtime", "Wasmtime"], swiftSettings: settings),
        .testTarget(
            name: "GuestWASITests",
            dependencies: ["ComponentLinking", "ComponentModel", "TestSupport", "WASIVirtualization"],
            exclude: ["Harness"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["ComponentModel", "Terrarium", "TestSupport", "WASIVirtualization"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TerrariumTests",
            dependencies: ["Terrarium", "TestSupport", "Wasmtime"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TerrariumServiceTests",
            dependencies: [
                "TerrariumService", "TestSupport", .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        // Has a target of its own, since it needs a compiler, and knows the command that calls it.
        .testTarget(
            name: "NativeTests",
            dependencies: ["Terrarium", "TerrariumCommands", "TestSupport", "Wasmtime"],
            swiftSettings: settings
        ),
        .testTarget(name: "TerrariumMCPTests", dependencies: ["Terrarium", "TerrariumMCP"], swiftSettings: settings),
        .testTarget(name: "TerrariumCommandsTests", dependencies: ["TerrariumCommands"], swiftSettings: settings),
    ]
)

// The fuzzers are a package of their own, and reach only products.
if Context.environment["TERRARIUM_FUZZING"] != nil {
    package.products.append(.library(name: "WIT", targets: ["WIT"]))
}
