// swift-tools-version: 6.2
// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import PackageDescription

/// One program for all readers of bytes that somebody else wrote; `Scripts/fuzz.sh` builds and runs it.
let package = Package(
    name: "terrarium-fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "terrarium", path: "..")],
    targets: [
        .executableTarget(
            name: "terrarium-fuzz",
            dependencies: [
                .product(name: "Terrarium", package: "terrarium"),
                // A product if TERRARIUM_FUZZING is set.
                .product(name: "WIT", package: "terrarium"),
            ],
            // libFuzzer has the main function.
            swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        )
    ]
)
