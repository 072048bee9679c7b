// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// An instance of a component, living in a store.
public struct Instance {
    /// The component that this is an instance of.
    public let component: Component
    /// The store that the instance lives in.
    public let store: Store
    private let raw: wasmtime_component_instance_t

    init(_ raw: wasmtime_component_instance_t, component: Component, store: Store) {
        self.raw = raw
        self.component = component
        self.store = store
    }

    /// A function that the instance exports.
    ///
    /// - Parameter export: Which one; looked up once per component with ``Component/functionExport(_:)``.
    /// - Returns: The function.
    /// - Throws: ``WasmtimeError`` with code `exportMissing` if the export is not one of this component.
    public func function(_ export: FunctionExport) throws(WasmtimeError) -> Function {
        precondition(export.component === component, "the export belongs to another component")
        var instance = raw
        var function = unsafe wasmtime_component_func_t()
        let isFound = unsafe store.withContext { context in
            unsafe export.withPointer {
                unsafe wasmtime_component_instance_get_func(&instance, context, $0, &function)
            }
        }
        guard isFound else {
            throw WasmtimeError(.exportMissing, "\(export.path.joined(separator: "/")) is not a function")
        }
        return unsafe Function(function, export: export, store: store)
    }

    /// A function that the instance exports.
    ///
    /// - Parameter path: Its name, after the names of the instances that it is in: `"eval"`, or
    ///   `"wasi:cli/run@0.2.0", "run"`.
    /// - Returns: The function.
    /// - Throws: ``WasmtimeError`` with code `exportMissing`.
    public func function(_ path: String...) throws(WasmtimeError) -> Function {
        try function(component.functionExport(path))
    }
}
