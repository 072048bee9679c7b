// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// The optimised code of an image's guest, with its functions in the forms in which the host calls and is called.
final class NativeRuntime: Sendable {
    let code: NativeCode

    /// The host functions, by the numbers that the code calls them by.
    let imports: [NativeImport]

    /// A function of the guest.
    struct Export: Sendable {
        let number: UInt32
        let result: ValueType?
        let postReturn: UInt32?
    }

    private let exports: [[String]: Export]

    /// Matches the functions of the code with those that the image's component has.
    ///
    /// - Throws: `SandboxError` with the code `.engine` if one is missing or of another type: then it is the code of
    ///   something else.
    init(_ code: NativeCode, _ functions: ImageRuntime.Exports) throws(SandboxError) {
        self.code = code
        var imports: [NativeImport] = []
        for function in code.imports {
            guard let known = NativeImport.all[function.name], known.type == function.type else {
                throw Self.mismatch(function.name)
            }
            imports.append(known)
        }
        self.imports = imports
        var exports: [[String]: Export] = [:]
        for function in functions.all {
            let name = function.path.joined(separator: "/")
            guard let own = code.exports[name], let type = Self.letters(of: function.type), own.type == type else {
                throw Self.mismatch(name)
            }
            exports[function.path] = Export(
                number: own.number,
                result: function.type.result,
                postReturn: own.postReturn
            )
        }
        self.exports = exports
    }

    private static func mismatch(_ name: String) -> SandboxError {
        SandboxError(
            .engine,
            "The optimised code has no function \(name) of the expected type: optimise the image again."
        )
    }

    /// The letters of the core type that a function is lowered to; `nil` for functions that guests do not have.
    private static func letters(of type: FunctionType) -> String? {
        var letters = ""
        for parameter in type.parameters {
            switch parameter.type {
            case .bool, .u32, .s32: letters += "i"
            case .u64, .s64: letters += "l"
            case .string: letters += "ii"
            default: return nil
            }
        }
        guard let result = type.result else { return letters + ":" }
        return CanonicalReader.letters(ofResult: result).map { "\(letters):\($0)" }
    }

    /// The function that is called for one of the component's.
    func function(_ function: FunctionExport) throws(SandboxError) -> Export {
        guard let export = exports[function.path] else { throw Self.mismatch(function.path.joined(separator: "/")) }
        return export
    }
}

extension ImageRuntime.Exports {
    /// All functions that the host calls.
    fileprivate var all: [FunctionExport] {
        [execute, evaluate] + Array(control.values) + Array(session.values) + Array(seed.values)
    }
}
