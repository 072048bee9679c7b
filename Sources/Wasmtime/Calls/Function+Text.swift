// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// The result of a function of the type `func(string) -> result<string, string>`, or of one with fewer payloads.
public enum TextResult: Sendable, Hashable {
    /// Success, with its text if the type has one.
    case ok(String?)
    /// Failure, with its text if the type has one.
    case error(String?)
}

/// The types of functions that take a text and return texts.
enum TextForm: Sendable {
    /// `func(string) -> string`.
    case text
    /// `func(string) -> result`, each side of the result with a string or without payload.
    case result

    init?(_ type: FunctionType) {
        guard type.parameters.count == 1, case .string = type.parameters[0].type else { return nil }
        switch type.result {
        case .string: self = .text
        case .result(nil, nil), .result(nil, .string), .result(.string, nil), .result(.string, .string): self = .result
        default: return nil
        }
    }
}

extension Function {
    /// Calls a function that takes a text and returns a result of texts, with nothing built in between.
    ///
    /// The text is not copied on this side of the C API. Otherwise like ``call(_:)-([ComponentValue])``.
    ///
    /// - Parameter argument: The only argument.
    /// - Returns: The result.
    /// - Throws: As ``call(_:)-([ComponentValue])``; ``WasmtimeError`` with code `typeMismatch` unless the type is
    ///   `func(string) -> result`, each side of the result with a string or without payload.
    @available(*, noasync, message: "Calls block the thread: use a thread of your own.")
    public func callText(_ argument: String) throws -> TextResult {
        unsafe try callText(argument, as: .result) { unsafe TextResult($0) }
    }

    /// Calls a function that takes a text and returns a text, with nothing built in between.
    ///
    /// The text is not copied on this side of the C API. Otherwise like ``call(_:)-([ComponentValue])``.
    ///
    /// - Parameter argument: The only argument.
    /// - Returns: The result's UTF-8, which the engine has validated.
    /// - Throws: As ``call(_:)-([ComponentValue])``; ``WasmtimeError`` with code `typeMismatch` unless the type is
    ///   `func(string) -> string`.
    @available(*, noasync, message: "Calls block the thread: use a thread of your own.")
    public func callUTF8(_ argument: String) throws -> [UInt8] {
        unsafe try callText(argument, as: .text) { result in
            guard unsafe Int(result.pointee.kind) == WASMTIME_COMPONENT_STRING else { return nil }
            return unsafe Array(result.pointee.of.string.buffer)
        }
    }

    private func callText<Result>(
        _ argument: String,
        as form: TextForm,
        _ read: (UnsafePointer<RawValue>) -> Result?
    ) throws -> Result {
        guard export.textForm == form else {
            throw WasmtimeError(
                .typeMismatch,
                "the function is not of the type func(string) -> \(form == .text ? "string" : "result<string, string>")"
            )
        }
        var argument = argument
        let result = try argument.withUTF8 { utf8 in
            var raw = unsafe RawValue()
            unsafe withUnsafeMutablePointer(to: &raw) { unsafe $0.setKind(WASMTIME_COMPONENT_STRING) }
            unsafe raw.of.string.size = utf8.count
            // The engine copies arguments and does not write to them; this one stays ours, and is not deleted.
            unsafe raw.of.string.data = UnsafeMutablePointer(mutating: utf8.baseAddress)
            return try unsafe call(raw: &raw, count: 1) { result, _ in unsafe read(result) }
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
