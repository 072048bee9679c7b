// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension ComponentValue {
    private func mismatch(_ type: String) -> WasmtimeError {
        WasmtimeError(.typeMismatch, "a value is not the \(type) that the bindings were generated for")
    }

    /// The elements of a list.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func elements() throws(WasmtimeError) -> [ComponentValue] {
        guard case .list(let elements) = self else { throw mismatch("list") }
        return elements
    }

    /// The bytes of a `list<u8>`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func byteArray() throws(WasmtimeError) -> [UInt8] {
        guard let bytes else { throw mismatch("list<u8>") }
        return bytes
    }

    /// The values of a tuple of a size.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func elements(ofTuple count: Int) throws(WasmtimeError) -> [ComponentValue] {
        guard case .tuple(let elements) = self, elements.count == count else { throw mismatch("tuple") }
        return elements
    }

    /// The values of a record's fields.
    ///
    /// - Parameter names: The names of the fields, in the type's order.
    /// - Returns: The values in that order.
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func fields(_ names: [String]) throws(WasmtimeError) -> [ComponentValue] {
        guard case .record(let fields) = self, fields.count == names.count,
            zip(fields, names).allSatisfy({ $0.name == $1 })
        else { throw mismatch("record") }
        return fields.map(\.value)
    }

    /// The entries of a map.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func entries() throws(WasmtimeError) -> [Entry] {
        guard case .map(let entries) = self else { throw mismatch("map") }
        return entries
    }

    /// The case of a variant and its payload.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func variantCase() throws(WasmtimeError) -> (name: String, payload: ComponentValue?) {
        guard case .variant(let name, let payload) = self else { throw mismatch("variant") }
        return (name, payload)
    }

    /// The name of an enum's case.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func caseName() throws(WasmtimeError) -> String {
        guard case .enumeration(let name) = self else { throw mismatch("enum") }
        return name
    }

    /// The names of the flags that are set.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func flagNames() throws(WasmtimeError) -> [String] {
        guard case .flags(let names) = self else { throw mismatch("set of flags") }
        return names
    }

    /// Returns the payload of an option.
    ///
    /// For an option without a payload, returns `nil`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func optionValue() throws(WasmtimeError) -> ComponentValue? {
        guard case .option(let value) = self else { throw mismatch("option") }
        return value
    }

    /// Returns whether a result is a success, and its payload.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func outcome() throws(WasmtimeError) -> (isSuccess: Bool, payload: ComponentValue?) {
        switch self {
        case .ok(let payload): return (true, payload)
        case .error(let payload): return (false, payload)
        default: throw mismatch("result")
        }
    }

    /// The handle of a resource.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func resource() throws(WasmtimeError) -> Resource {
        guard case .resource(let resource) = self else { throw mismatch("resource") }
        return resource
    }
}

extension ComponentValue {
    /// The value that has to be there: the payload of a case, or the result of a function.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if there is none.
    public static func present(_ value: ComponentValue?) throws(WasmtimeError) -> ComponentValue {
        guard let value else {
            throw WasmtimeError(.typeMismatch, "there is no value where the bindings were generated for one")
        }
        return value
    }
}
