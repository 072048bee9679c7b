// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

// @unchecked: "functions which correspond to `&T` in Rust can be called concurrently with any other methods that take `&T`",
// says https://docs.wasmtime.dev/c-api/wasmtime_8h.html (Thread Safety), and an engine is only used that way.
/// Compiles and runs components; shared by everything that runs in it.
///
/// Create one per process and configuration. It may be used from any thread.
public final class Engine: @unchecked Sendable {
    enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasm_engine_delete(pointer) }
    }

    /// The settings that the engine was made with.
    public let configuration: Configuration
    private let handle: Handle<Kind>

    /// Creates an engine.
    ///
    /// - Parameters:
    ///   - library: The open engine library.
    ///   - configuration: The engine's settings.
    /// - Throws: ``WasmtimeError`` with code `invalidConfiguration`.
    public init(library: EngineLibrary, configuration: Configuration = Configuration()) throws(WasmtimeError) {
        self.configuration = configuration
        try configuration.validate()
        // `own wasm_config_t*`: creating the engine takes the configuration, also when it fails.
        guard let config = unsafe wasm_config_new() else {
            throw WasmtimeError(.invalidConfiguration, "the engine cannot create a configuration")
        }
        unsafe configuration.apply(to: config)
        guard let engine = unsafe wasm_engine_new_with_config(config) else {
            throw WasmtimeError(.invalidConfiguration, "the engine refused its configuration")
        }
        unsafe handle = Handle(adopting: engine)
    }

    /// Advances the epoch by one: every store whose deadline is reached interrupts its guest at the next check.
    ///
    /// May be called from any thread, and from a signal handler.
    public func incrementEpoch() {
        unsafe handle.withPointer { unsafe wasmtime_engine_increment_epoch($0) }
    }

    /// Lends the C object.
    @inline(__always)
    package func withPointer<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe handle.withPointer(body)
    }
}
