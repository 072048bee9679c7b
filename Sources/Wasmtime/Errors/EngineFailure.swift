// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

/// Throws what the C API returned, if it returned an error.
@inline(__always)
func check(
    _ error: OpaquePointer?,
    _ code: WasmtimeError.Code,
    _ context: @autoclosure () -> String = ""
) throws(WasmtimeError) {
    guard let error = unsafe error else { return }
    let prefix = context()
    let message = unsafe EngineFailure(consuming: error).message
    throw WasmtimeError(code, prefix.isEmpty ? message : "\(prefix): \(message)")
}

/// The contents of a `wasmtime_error_t`.
struct EngineFailure {
    /// The whole chain of causes, as the engine words it.
    let message: String
    /// The innermost cause.
    let rootCause: String
    let exitStatus: Int32?
    let frames: [Trap.Frame]

    /// Reads and deletes an error.
    init(consuming error: OpaquePointer) {
        defer { unsafe wasmtime_error_delete(error) }
        message = unsafe takeText { unsafe wasmtime_error_message(error, $0) }
        rootCause = Self.rootCause(in: message)
        var status: Int32 = 0
        exitStatus = unsafe wasmtime_error_exit_status(error, &status) ? status : nil
        frames = unsafe Self.frames(of: error)
    }

    /// The error as the caller sees it: the guest's doing, or else a failure with the code given.
    func asError(_ code: WasmtimeError.Code) -> any Error {
        if let exitStatus { return GuestExit(status: exitStatus) }
        let trapCode = TrapCode(sentence: rootCause)
        if trapCode != nil || !frames.isEmpty {
            return Trap(code: trapCode, message: rootCause, frames: frames)
        }
        return WasmtimeError(code, message)
    }

    /// The last line of a chain, without its number: component errors carry no trap code, only this.
    private static func rootCause(in message: String) -> String {
        let lines = message.split(separator: "\n")
        guard let line = lines.last, lines.contains("Caused by:") else { return message }
        let trimmed = line.drop { $0 == " " }
        let afterNumber = trimmed.drop { $0.isNumber }
        if afterNumber.startIndex != trimmed.startIndex, afterNumber.hasPrefix(": ") {
            return String(afterNumber.dropFirst(2))
        }
        return String(trimmed)
    }

    private static func frames(of error: OpaquePointer) -> [Trap.Frame] {
        var trace = unsafe wasm_frame_vec_t()
        unsafe wasmtime_error_wasm_trace(error, &trace)
        defer { unsafe wasm_frame_vec_delete(&trace) }
        return unsafe (0..<trace.size).compactMap { index in
            guard let frame = unsafe trace.data[index] else { return nil }
            return unsafe Trap.Frame(
                functionIndex: wasm_frame_func_index(frame),
                functionName: wasmtime_frame_func_name(frame)?.pointee.text,
                moduleName: wasmtime_frame_module_name(frame)?.pointee.text,
                functionOffset: wasm_frame_func_offset(frame),
                moduleOffset: wasm_frame_module_offset(frame)
            )
        }
    }
}
