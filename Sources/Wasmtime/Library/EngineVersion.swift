// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

/// Finding out which version of the engine the open library is.
///
/// The library has no function that says so, but machine code that it serialises does: the section `.wasmtime.engine`
/// begins with the byte 0 (a wasmtime version follows), the version's length and the version (its major number).
enum EngineVersion {
    /// The major version that goes with ``EngineLibrary/version``.
    static let expected = "50"

    /// The major version of the open library, from the smallest possible component.
    static func ofOpenLibrary() -> String? {
        guard let config = unsafe wasm_config_new() else { return nil }
        // Starting a pool of threads would take longer than everything else here.
        unsafe wasmtime_config_parallel_compilation_set(config, false)
        guard let engine = unsafe wasm_engine_new_with_config(config) else { return nil }
        defer { unsafe wasm_engine_delete(engine) }
        var bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]
        var component: OpaquePointer?
        if let error = unsafe wasmtime_component_new(engine, &bytes, bytes.count, &component) {
            unsafe wasmtime_error_delete(error)
            return nil
        }
        defer { unsafe wasmtime_component_delete(component) }
        var artifact = unsafe wasm_byte_vec_t()
        if let error = unsafe wasmtime_component_serialize(component, &artifact) {
            unsafe wasmtime_error_delete(error)
            return nil
        }
        defer { unsafe wasm_byte_vec_delete(&artifact) }
        return unsafe version(in: artifact.buffer)
    }
}

extension EngineVersion {
    /// Reads the version out of an artifact; the section is the first after the 64 bytes of the ELF header.
    private static func version(in artifact: UnsafeBufferPointer<UInt8>) -> String? {
        let header = 64
        guard artifact.count > header + 2, unsafe artifact[header] == 0 else { return nil }
        let length = Int(unsafe artifact[header + 1])
        guard length > 0, artifact.count >= header + 2 + length else { return nil }
        let bytes = unsafe artifact[(header + 2)..<(header + 2 + length)]
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
