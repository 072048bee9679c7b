// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The compiler that makes machine code of a translated guest: the clang of the Swift toolchain, and how it is called.
struct GuestCompiler {
    /// Its path.
    let path: String

    /// The line in which it tells its version.
    let version: String

    /// The options that the code's safety rests on; Documentation/Decisions/0012-optimised-guests.md has a reason for each.
    static let hardening = [
        "-DWASM_RT_MEMCHECK_GUARD_PAGES=1", "-DNDEBUG", "-fstack-clash-protection", "-fno-finite-loops",
        "-fno-strict-aliasing", "-ffp-contract=off", "-fno-math-errno", "-fno-delete-null-pointer-checks",
    ]

    /// All options for a file but those that differ from file to file.
    static var options: [String] {
        hardening + [
            "-std=gnu11", "-w", "-fPIC", "-fvisibility=hidden", "-fbracket-depth=1024", "-fno-stack-protector",
            "-fno-asynchronous-unwind-tables", "-fomit-frame-pointer", "-O2",
        ] + processorOptions
    }

    /// The options of the linker: the library needs no other one, and nothing in it is looked for while it runs.
    static let linkOptions = ["-shared", "-nostdlib", "-fuse-ld=lld", "-Wl,-z,defs,-z,now,-z,relro,--no-undefined,-s"]

    /// The kind of processor that the code is for.
    private static var processorOptions: [String] {
        switch NativeCode.processor {
        case let level where level.hasPrefix("x86-64"): ["-march=\(level)"]
        default: []
        }
    }

    /// Finds the compiler: that of `TERRARIUM_CLANG`, or the first `clang` on the PATH.
    init() throws {
        let environment = ProcessInfo.processInfo.environment
        if let explicit = environment["TERRARIUM_CLANG"], !explicit.isEmpty {
            path = explicit
        } else {
            let folders = (environment["PATH"] ?? "").split(separator: ":")
            guard let found = folders.map({ "\($0)/clang" }).first(where: FileManager.default.isExecutableFile) else {
                throw CommandFailure.usage(
                    "clang is needed to optimise an image, and is not on the PATH; it is a part of every Swift toolchain. "
                        + "TERRARIUM_CLANG=<path> says where it is."
                )
            }
            path = found
        }
        let scratch = FileManager.default.temporaryDirectory.appending(
            path: "terrarium-clang-\(UInt64.random(in: 0 ... .max))"
        )
        defer { try? FileManager.default.removeItem(at: scratch) }
        let status = try HostProgram.run([path, "--version"], output: scratch, for: "to optimise an image")
        let text = (try? Data(contentsOf: scratch)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard status == 0, let line = text.split(separator: "\n").first else {
            throw CommandFailure.usage("\(path) does not say which version it is.")
        }
        version = String(line)
    }

    /// The options for one file.
    func options(for source: URL, headers: [URL]) -> [String] {
        let name = source.lastPathComponent
        // These are the functions on bytes themselves, not users of them.
        let special = name == "guest-bytes.c" ? ["-fno-builtin", "-ffreestanding"] : []
        return Self.options + special + headers.flatMap { ["-I", $0.path] }
    }
}
