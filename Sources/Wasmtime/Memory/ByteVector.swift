// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

/// Copies between Swift and the byte vectors of the C API.
extension wasm_byte_vec_t {
    /// A vector with a copy of the text's UTF-8, owned by the caller.
    init(copying text: String) {
        unsafe self.init()
        var text = text
        text.withUTF8 { unsafe self = unsafe wasm_byte_vec_t(copying: UnsafeRawBufferPointer($0)) }
    }

    /// A vector with a copy of the bytes, owned by the caller.
    init(copying bytes: UnsafeRawBufferPointer) {
        unsafe self.init()
        unsafe wasm_byte_vec_new_uninitialized(&self, bytes.count)
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        unsafe UnsafeMutableRawPointer(data).copyMemory(from: source, byteCount: bytes.count)
    }

    /// The bytes, valid as long as the vector is.
    var buffer: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: size == 0 ? nil : data, count: size)
    }

    /// A copy of the bytes as text; what is not UTF-8 is replaced.
    var text: String { unsafe String(decoding: buffer, as: UTF8.self) }
}

/// A byte vector that a C function fills, as text; deletes the vector.
func takeText(_ fill: (UnsafeMutablePointer<wasm_byte_vec_t>) -> Void) -> String {
    var vector = unsafe wasm_byte_vec_t()
    unsafe fill(&vector)
    defer { unsafe wasm_byte_vec_delete(&vector) }
    return unsafe vector.text
}
