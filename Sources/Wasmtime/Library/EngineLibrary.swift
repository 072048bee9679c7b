// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime
import Synchronization

/// The engine's shared library, opened in this process.
///
/// Having a value of this type means that the library is open: ``Engine`` asks for one. A process has one engine
/// library; it stays open until the process ends.
public struct EngineLibrary: Sendable, Hashable {
    /// The version of the `wasmtime` wheel that the library comes from, and that this module is written for.
    public static let version = "50.0.1"

    /// The path from which the library was opened.
    public let path: String

    private static let opened = Mutex<EngineLibrary?>(nil)

    /// A Boolean value that tells whether the process has opened a library: before that, no function of the C API may be
    /// called.
    static var isOpen: Bool { opened.withLock { $0 != nil } }

    /// Opens the library, or returns the one that is open if it came from the same path.
    ///
    /// Thread-safe; repeating it costs nothing.
    ///
    /// - Parameter path: The path of `_libwasmtime.so` (Linux) or `_libwasmtime.dylib` (macOS) from the `wasmtime` wheel.
    /// - Returns: The open library.
    /// - Throws: ``WasmtimeError`` with code `libraryMissing` if there is no such file, `libraryUnusable` if it is not the
    ///   engine library of this version, or if the process already has another one open.
    @discardableResult
    public static func load(path: String) throws(WasmtimeError) -> EngineLibrary {
        try opened.withLock { opened throws(WasmtimeError) in
            guard FileAccess.isReadable(path) else { throw missing(path) }
            if let library = opened {
                guard library.path == path else {
                    throw WasmtimeError(
                        .libraryUnusable,
                        "cannot open the engine library \(path): this process already uses \(library.path)"
                    )
                }
                return library
            }
            try open(path)
            let library = EngineLibrary(path: path)
            opened = library
            return library
        }
    }

    /// Opens the first library that exists.
    ///
    /// - Parameter candidates: Paths, best first.
    /// - Returns: The open library.
    /// - Throws: ``WasmtimeError`` as ``load(path:)`` does; with code `libraryMissing` and every place that was tried if none
    ///   of the files exists.
    @discardableResult
    public static func load(firstOf candidates: [String]) throws(WasmtimeError) -> EngineLibrary {
        guard let path = candidates.first(where: FileAccess.isReadable) else {
            throw missing("none of \(candidates.joined(separator: ", "))")
        }
        return try load(path: path)
    }

    private static func open(_ path: String) throws(WasmtimeError) {
        if let reason = unsafe cwasmtime_open(path) {
            throw unusable(path, "it cannot be opened: \(unsafe String(cString: reason))")
        }
        guard let found = EngineVersion.ofOpenLibrary() else {
            throw unusable(path, "it does not say which version it is")
        }
        guard found == EngineVersion.expected else {
            throw unusable(path, "it is version \(found), and this program needs version \(version)")
        }
    }

    private static func missing(_ what: String) -> WasmtimeError {
        WasmtimeError(
            .libraryMissing,
            "the engine library is missing: \(what) cannot be read. In a checkout, `make setup` fetches it; an archive has it"
        )
    }

    private static func unusable(_ path: String, _ reason: String) -> WasmtimeError {
        WasmtimeError(
            .libraryUnusable,
            "the engine library \(path) cannot be used: \(reason). In a checkout, `make setup` fetches the right one; an archive has it"
        )
    }
}
