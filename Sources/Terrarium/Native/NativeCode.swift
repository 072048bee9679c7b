// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Machine code that an optimising compiler made of a guest, loaded as a library.
///
/// Loaded at most once for each file, and never unloaded.
// @unchecked: the C object never changes.
@safe
package final class NativeCode: @unchecked Sendable {
    let pointer: OpaquePointer

    /// The sources, the compiler and the options that the code was made from and by, in words.
    let description: String

    /// The functions that the host can call, by path, and those that it provides, in order.
    let exports: [String: Function]
    let imports: [Function]

    /// The number of the export that allocates memory for arguments.
    let reallocate: UInt32?

    /// A function of the guest or of the host.
    struct Function: Sendable {
        /// The position among its kind.
        let number: UInt32
        /// The path of an export, or the interface and the name of an import, with `/` between them.
        let name: String
        /// The letters of its parameters and results; see `native-abi.h`.
        let type: String
        /// The number of the export to call once the result was read.
        let postReturn: UInt32?
    }

    private static let loaded = Mutex<[FileIdentity: NativeCode]>([:])

    /// Changes whenever the options of the compiler do, or what the library and this program know of each other.
    private static let revision = 1

    /// All that the code of a guest depends on but the guest and the compiler, which the code itself tells of.
    package static var settings: String {
        "native \(TERRARIUM_NATIVE_ABI).\(revision) wasm2c 1.0.42 \(processor)"
    }

    /// The kind of processor that code is made for, which this one is.
    package static var processor: String { unsafe String(cString: terrarium_native_processor()) }

    /// Loads the code in a file that nobody else can write to.
    ///
    /// - Throws: `SandboxError` with the code `.engine`.
    static func load(_ file: OpenFile) throws(SandboxError) -> NativeCode {
        try loaded.withLock { loaded throws(SandboxError) in
            if let code = loaded[file.identity] { return code }
            var failure: UnsafeMutablePointer<CChar>?
            guard let pointer = unsafe terrarium_native_load(file.descriptorPath, &failure) else {
                defer { unsafe free(failure) }
                let reason = unsafe failure.map { unsafe String(cString: $0) } ?? "of an unknown reason"
                throw SandboxError(.engine, "The optimised code \(file.path) cannot be loaded: \(reason).")
            }
            let code = unsafe NativeCode(pointer)
            loaded[file.identity] = code
            return code
        }
    }

    private init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
        let library = unsafe terrarium_native_description(pointer).pointee
        description = unsafe String(cString: library.description)
        func functions(_ start: UnsafePointer<terrarium_native_function>, _ count: UInt32) -> [Function] {
            (0..<count).map { number in
                let function = unsafe start[Int(number)]
                return unsafe Function(
                    number: number,
                    name: String(cString: function.name),
                    type: String(cString: function.type),
                    postReturn: UInt32(exactly: function.post_return)
                )
            }
        }
        let all = unsafe functions(library.exports, library.export_count)
        exports = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
        imports = unsafe functions(library.imports, library.import_count)
        reallocate = unsafe UInt32(exactly: library.realloc)
    }
}
