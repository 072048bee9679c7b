// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

// @unchecked: a `wasmtime_component_t` may be used from several threads at once, like an engine, and never changes.
/// A compiled component; shareable between threads and stores.
public final class Component: @unchecked Sendable {
    enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasmtime_component_delete(pointer) }
    }

    /// The engine that the component was compiled for.
    public let engine: Engine
    private let handle: Handle<Kind>

    private init(engine: Engine, adopting pointer: OpaquePointer) {
        self.engine = engine
        unsafe handle = Handle(adopting: pointer)
    }

    /// Compiles a component.
    ///
    /// This takes seconds for a large component, on all cores: keep ``serialized()`` and use ``init(engine:precompiledFile:)``.
    ///
    /// - Parameters:
    ///   - engine: The engine to compile for.
    ///   - bytes: The component in its binary format; a text is refused, see ``Component/binary(fromText:library:)``.
    /// - Throws: ``WasmtimeError`` with code `invalidComponent`.
    public convenience init(engine: Engine, bytes: [UInt8]) throws(WasmtimeError) {
        let component = unsafe try bytes.withUnsafeBufferPointer { bytes throws(WasmtimeError) in
            try unsafe Self.compile(bytes, engine: engine, name: "")
        }
        try unsafe self.init(engine: engine, component)
    }

    /// Compiles the component in a file.
    ///
    /// - Parameters:
    ///   - engine: The engine to compile for.
    ///   - file: The path of a component in its binary format.
    /// - Throws: ``WasmtimeError`` with code `invalidComponent` if the file cannot be read or is not a component.
    public convenience init(engine: Engine, file: String) throws(WasmtimeError) {
        let mapping = try MappedFile(path: file)
        let component = try unsafe mapping.withBytes { bytes throws(WasmtimeError) in
            try unsafe Self.compile(bytes, engine: engine, name: file)
        }
        try unsafe self.init(engine: engine, component)
    }

    /// Loads what ``serialized()`` made.
    ///
    /// The file is mapped into memory and **trusted like an executable**: whoever can write it controls this process. The engine
    /// only finds out whether it was made by this version with these settings, and most accidental damage.
    ///
    /// - Parameters:
    ///   - engine: An engine with the same settings.
    ///   - precompiledFile: The path of the file. It must not change while the component lives.
    /// - Throws: ``WasmtimeError`` with code `incompatibleArtifact`.
    public convenience init(engine: Engine, precompiledFile: String) throws(WasmtimeError) {
        var component: OpaquePointer?
        let error = unsafe engine.withPointer {
            unsafe wasmtime_component_deserialize_file($0, precompiledFile, &component)
        }
        try unsafe check(error, .incompatibleArtifact, precompiledFile)
        try unsafe self.init(engine: engine, component)
    }

    private static func compile(
        _ bytes: UnsafeBufferPointer<UInt8>,
        engine: Engine,
        name: String
    ) throws(WasmtimeError) -> OpaquePointer? {
        // The engine would take text as well; what is meant to be a binary must not become a program by accident.
        let isBinary = unsafe bytes.starts(with: [0x00, 0x61, 0x73, 0x6d])
        guard isBinary, unsafe bytes.dropFirst(4).starts(with: [0x0d, 0x00, 0x01, 0x00]) else {
            let what = isBinary ? "it is a core module, or of a version that is not known" : "it is not WebAssembly"
            throw WasmtimeError(.invalidComponent, "\(name.isEmpty ? "this" : name) is not a component: \(what)")
        }
        var component: OpaquePointer?
        let start = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress)
        let error = unsafe engine.withPointer { unsafe wasmtime_component_new($0, start, bytes.count, &component) }
        try unsafe check(error, .invalidComponent, name)
        return unsafe component
    }

    private convenience init(engine: Engine, _ pointer: OpaquePointer?) throws(WasmtimeError) {
        guard let pointer = unsafe pointer else {
            throw WasmtimeError(.invalidComponent, "the engine returned no component")
        }
        unsafe self.init(engine: engine, adopting: pointer)
    }

    /// The machine code, for ``init(engine:precompiledFile:)``.
    ///
    /// - Returns: The bytes of an ELF file.
    /// - Throws: ``WasmtimeError`` with code `invalidComponent`.
    public func serialized() throws(WasmtimeError) -> [UInt8] {
        var artifact = unsafe wasm_byte_vec_t()
        let error = unsafe handle.withPointer { unsafe wasmtime_component_serialize($0, &artifact) }
        try unsafe check(error, .invalidComponent)
        defer { unsafe wasm_byte_vec_delete(&artifact) }
        return unsafe Array(artifact.buffer)
    }

    /// Translates a component from WebAssembly's text format.
    ///
    /// - Parameters:
    ///   - text: The component's text.
    ///   - library: The open engine library.
    /// - Returns: The component in its binary format.
    /// - Throws: ``WasmtimeError`` with code `invalidComponent`.
    public static func binary(fromText text: String, library: EngineLibrary) throws(WasmtimeError) -> [UInt8] {
        var binary = unsafe wasm_byte_vec_t()
        let error = unsafe wasmtime_wat2wasm(text, text.utf8.count, &binary)
        try unsafe check(error, .invalidComponent)
        defer { unsafe wasm_byte_vec_delete(&binary) }
        return unsafe Array(binary.buffer)
    }

    /// Lends the C object.
    @inline(__always)
    func withPointer<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe handle.withPointer(body)
    }
}
