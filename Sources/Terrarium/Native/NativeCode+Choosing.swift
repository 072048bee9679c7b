// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Image {
    /// The machine code that an image's programs run on.
    public struct Code: Sendable, Hashable {
        fileprivate enum Kind: Sendable { case automatic, engine, optimized }
        fileprivate let kind: Kind

        /// Optimised code where `terrarium optimize` made some, and the engine's otherwise; the default.
        ///
        /// The environment variable `TERRARIUM_ENGINE` makes this one of the others: `wasmtime` or `native`.
        public static let automatic = Code(kind: .automatic)

        /// The engine's code only.
        ///
        /// It is twice as slow, and made by a compiler that expects hostile input. Its checks against Spectre are on.
        public static let engine = Code(kind: .engine)

        /// Optimised code only; an image that has none is not loaded.
        public static let optimized = Code(kind: .optimized)

        /// The choice, with what the environment says about it.
        fileprivate func resolved() throws(SandboxError) -> Kind {
            guard kind == .automatic else { return kind }
            switch ProcessInfo.processInfo.environment["TERRARIUM_ENGINE"] {
            case nil, "": return .automatic
            case "wasmtime": return .engine
            case "native": return .optimized
            case let other?:
                throw SandboxError(
                    .unsupported,
                    "TERRARIUM_ENGINE is \(other); it can be `wasmtime` or `native`, or not be set."
                )
            }
        }
    }

    /// A Boolean value that tells whether programs of the image run on optimised code.
    public var usesOptimizedCode: Bool { runtime.native != nil }
}

extension NativeCode {
    /// The optimised code of an image's component that is to be used, if there is some.
    ///
    /// - Throws: `SandboxError` with the code `.engine` if there has to be some and there is none that can be loaded.
    static func chosen(
        _ choice: Image.Code,
        for digest: String,
        name: String,
        in cache: CodeCache
    ) throws(SandboxError) -> NativeCode? {
        let kind = try choice.resolved()
        guard kind != .engine else { return nil }
        if let known = cache.find(CodeCache.Source(digest: digest, name: name), settings: settings) {
            if let code = try? load(known.code) { return code }
        }
        guard kind != .optimized else {
            throw SandboxError(
                .engine,
                "There is no optimised code of \(name), which was asked for: `terrarium optimize` makes it."
            )
        }
        return nil
    }
}
