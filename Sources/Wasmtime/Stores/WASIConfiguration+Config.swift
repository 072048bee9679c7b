// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

extension WASIConfiguration {
    private enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasi_config_delete(pointer) }
    }

    /// The C object, owned by the caller.
    func makeConfig() throws(WasmtimeError) -> OpaquePointer {
        guard let pointer = unsafe wasi_config_new() else {
            throw WasmtimeError(.wasi, "the engine cannot create a WASI configuration")
        }
        let config = unsafe Handle<Kind>(adopting: pointer)
        try setArguments(config)
        try setEnvironment(config)
        try setInput(config)
        try set(standardOutput, of: config, .output)
        try set(standardError, of: config, .error)
        for directory in directories { try add(directory, to: config) }
        if allowsNetwork {
            unsafe config.withPointer {
                unsafe wasi_config_inherit_network($0)
                unsafe wasi_config_allow_ip_name_lookup($0, true)
            }
        }
        return unsafe config.release()
    }

    private func setArguments(_ config: borrowing Handle<Kind>) throws(WasmtimeError) {
        guard !arguments.isEmpty else { return }
        let strings = try CStrings(arguments)
        let isValid = unsafe config.withPointer { unsafe wasi_config_set_argv($0, arguments.count, strings.pointers) }
        guard isValid else { throw WasmtimeError(.wasi, "the arguments cannot be passed to the guest") }
    }

    private func setEnvironment(_ config: borrowing Handle<Kind>) throws(WasmtimeError) {
        guard !environment.isEmpty else { return }
        let sorted = environment.sorted { $0.key < $1.key }
        let names = try CStrings(sorted.map(\.key))
        let values = try CStrings(sorted.map(\.value))
        let isValid = unsafe config.withPointer {
            unsafe wasi_config_set_env($0, sorted.count, names.pointers, values.pointers)
        }
        guard isValid else { throw WasmtimeError(.wasi, "the environment cannot be passed to the guest") }
    }

    private func setInput(_ config: borrowing Handle<Kind>) throws(WasmtimeError) {
        switch standardInput.kind {
        case .empty: break
        case .inherit: unsafe config.withPointer { unsafe wasi_config_inherit_stdin($0) }
        case .file(let path):
            try requireNoZero(path)
            guard unsafe config.withPointer({ unsafe wasi_config_set_stdin_file($0, path) }) else {
                throw WasmtimeError(.wasi, "cannot read \(path) as standard input")
            }
        case .bytes(let bytes):
            // "This function takes ownership of the `binary` argument."
            var vector = unsafe bytes.withUnsafeBytes { unsafe wasm_byte_vec_t(copying: $0) }
            unsafe config.withPointer { unsafe wasi_config_set_stdin_bytes($0, &vector) }
        }
    }

    private enum Stream { case output, error }

    private func set(
        _ output: Output,
        of config: borrowing Handle<Kind>,
        _ stream: Stream
    ) throws(WasmtimeError) {
        switch (output.kind, stream) {
        case (.discard, _): break
        case (.inherit, .output): unsafe config.withPointer { unsafe wasi_config_inherit_stdout($0) }
        case (.inherit, .error): unsafe config.withPointer { unsafe wasi_config_inherit_stderr($0) }
        case (.file(let path), _):
            try requireNoZero(path)
            let isOpen = unsafe config.withPointer {
                unsafe stream == .output
                    ? wasi_config_set_stdout_file($0, path) : wasi_config_set_stderr_file($0, path)
            }
            guard isOpen else { throw WasmtimeError(.wasi, "cannot write the guest's output to \(path)") }
        case (.custom(let write), _):
            let environment = unsafe OutputBox(write).retained()
            unsafe config.withPointer {
                unsafe stream == .output
                    ? wasi_config_set_stdout_custom($0, writeOutput, environment, CallbackBox.release)
                    : wasi_config_set_stderr_custom($0, writeOutput, environment, CallbackBox.release)
            }
        }
    }

    private func add(_ directory: Directory, to config: borrowing Handle<Kind>) throws(WasmtimeError) {
        try requireNoZero(directory.hostPath)
        try requireNoZero(directory.guestPath)
        let isOpen = unsafe config.withPointer {
            unsafe wasi_config_preopen_dir($0, directory.hostPath, directory.guestPath, directory.isWritable)
        }
        guard isOpen else { throw WasmtimeError(.wasi, "cannot open the directory \(directory.hostPath)") }
    }
}

/// Refuses text that C would cut short.
private func requireNoZero(_ text: String) throws(WasmtimeError) {
    guard !text.utf8.contains(0) else {
        throw WasmtimeError(.wasi, "a path, argument or environment variable contains a zero byte")
    }
}

private final class OutputBox: CallbackBox {
    let write: @Sendable ([UInt8]) throws -> Void

    init(_ write: @escaping @Sendable ([UInt8]) throws -> Void) { self.write = write }
}

/// The C callback of custom outputs: returns the number of bytes written, or an error number below zero.
private func writeOutput(
    environment: UnsafeMutableRawPointer?,
    bytes: UnsafeMutablePointer<UInt8>?,
    count: Int
) -> Int {
    let box = unsafe CallbackBox.unbox(environment, as: OutputBox.self)
    do {
        try box.write(unsafe Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)))
        return count
    } catch {
        let inputOutputError = 5
        return -inputOutputError
    }
}

/// Strings as C wants them, for as long as this value lives.
@safe
private struct CStrings: ~Copyable {
    let pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) throws(WasmtimeError) {
        for string in strings { try requireNoZero(string) }
        count = strings.count
        unsafe pointers = .allocate(capacity: strings.count)
        for (index, string) in strings.enumerated() {
            let bytes = string.utf8CString
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            unsafe bytes.withUnsafeBufferPointer { source in
                guard let start = source.baseAddress else { return }
                unsafe copy.initialize(from: start, count: source.count)
            }
            unsafe (pointers + index).initialize(to: UnsafePointer(copy))
        }
    }

    deinit {
        for index in 0..<count { unsafe pointers[index]?.deallocate() }
        unsafe pointers.deallocate()
    }
}
