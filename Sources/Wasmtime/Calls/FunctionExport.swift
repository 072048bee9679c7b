// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

// @unchecked: the C object never changes.
/// A function that a component exports, found by name once for all of its instances.
public final class FunctionExport: @unchecked Sendable {
    enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasmtime_component_export_index_delete(pointer) }
    }

    /// The component that exports the function.
    public let component: Component
    /// The function's name, after the names of the instances that it is in.
    public let path: [String]
    /// The function's type.
    public let type: FunctionType
    /// A Boolean value that tells whether the type has a result; kept, because every call asks.
    let hasResult: Bool
    /// The form of the type, if the function can be called with nothing but text; kept, because every such call asks.
    let textForm: TextForm?
    private let handle: Handle<Kind>

    init(adopting pointer: OpaquePointer, component: Component, path: [String], type: FunctionType) {
        self.component = component
        self.path = path
        self.type = type
        hasResult = type.result != nil
        textForm = TextForm(type)
        unsafe handle = Handle(adopting: pointer)
    }

    /// Lends the C object.
    @inline(__always)
    func withPointer<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe handle.withPointer(body)
    }
}
