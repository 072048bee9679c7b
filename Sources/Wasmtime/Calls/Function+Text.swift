// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// What a function of type `func(string) -> result<string, string>` returned, or one with fewer payloads.
public enum TextResult: Sendable, Hashable {
    /// Success, with its text if the type has one.
    case ok(String?)
    /// Failure, with its text if the type has one.
    case error(String?)
}

extension Function {
    /// Calls a function that takes a text and returns texts, with nothing built in between.
    ///
    /// The text is not copied on this side of the C API. Otherwise like ``call(_:)-([ComponentValue])``.
    ///
    /// - Parameter argument: The only argument.
    /// - Returns: The result.
    /// - Throws: As ``call(_:)-([ComponentValue])``; ``WasmtimeError`` with code `typeMismatch` unless the type is
    ///   `func(string) -> result`, each side of the result with a string or without payload.
    @available(*, noasync, message: "Calls block the thread: use a thread of your own.")
    public func callText(_ argument: String) throws -> TextResult {
        guard type.isTextToText else {
            throw WasmtimeError(.typeMismatch, "the function is not of the type func(string) -> result<string, string>")
        }
        var argument = argument
        let result = try argument.withUTF8 { utf8 in
            var raw = unsafe RawValue()
            unsafe withUnsafeMutablePointer(to: &raw) { unsafe $0.setKind(WASMTIME_COMPONENT_STRING) }
            unsafe raw.of.string.size = utf8.count
            // The engine copies arguments and does not write to them; this one stays ours, and is not deleted.
            unsafe raw.of.string.data = UnsafeMutablePointer(mutating: utf8.baseAddress)
            return try unsafe call(raw: &raw, count: 1) { result, _ in unsafe TextResult(result) }
        }
        guard let result = result ?? nil else {
            throw WasmtimeError(.typeMismatch, "the function returned something else than its type says")
        }
        return result
    }
}

extension TextResult {
    fileprivate init?(_ raw: UnsafePointer<RawValue>) {
        guard unsafe Int(raw.pointee.kind) == WASMTIME_COMPONENT_RESULT else { return nil }
        let result = unsafe raw.pointee.of.result
        var text: String?
        if let payload = unsafe result.val {
            guard unsafe Int(payload.pointee.kind) == WASMTIME_COMPONENT_STRING else { return nil }
            text = unsafe payload.pointee.of.string.text
        }
        self = unsafe result.is_ok ? .ok(text) : .error(text)
    }
}

extension FunctionType {
    /// Whether the type is `func(string) -> result`, each side of the result with a string or without payload.
    fileprivate var isTextToText: Bool {
        guard parameters.count == 1, case .string = parameters[0].type, case .result(let ok, let error) = result else {
            return false
        }
        return [ok, error].allSatisfy { payload in
            switch payload {
            case nil, .string: true
            default: false
            }
        }
    }
}
