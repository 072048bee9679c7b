// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

extension Component {
    /// Returns the imports of the component.
    ///
    /// - Returns: The names with their types, in the component's order.
    /// - Throws: ``WasmtimeError`` with code `invalidComponent` if the types are too large to be listed.
    public func imports() throws(WasmtimeError) -> [NamedExtern] {
        var reader = TypeReader()
        return unsafe try withType { type, engine throws(WasmtimeError) in
            let count = unsafe wasmtime_component_type_import_count(type, engine)
            return try unsafe reader.externs(count: count, engine: engine) {
                unsafe wasmtime_component_type_import_nth(type, engine, $0, $1, $2, $3)
            }
        }
    }

    /// Returns the exports of the component.
    ///
    /// - Returns: The names with their types, in the component's order.
    /// - Throws: ``WasmtimeError`` with code `invalidComponent` if the types are too large to be listed.
    public func exports() throws(WasmtimeError) -> [NamedExtern] {
        var reader = TypeReader()
        return unsafe try withType { type, engine throws(WasmtimeError) in
            let count = unsafe wasmtime_component_type_export_count(type, engine)
            return try unsafe reader.externs(count: count, engine: engine) {
                unsafe wasmtime_component_type_export_nth(type, engine, $0, $1, $2, $3)
            }
        }
    }

    /// Finds a function that the component exports.
    ///
    /// - Parameter path: Its name, after the names of the instances that it is in.
    /// - Returns: The export, for ``Instance/function(_:)-(FunctionExport)``.
    /// - Throws: ``WasmtimeError`` with code `exportMissing` if there is no such function.
    public func functionExport(_ path: [String]) throws(WasmtimeError) -> FunctionExport {
        let missing = WasmtimeError(
            .exportMissing,
            "the component does not export a function named \(path.joined(separator: "/"))"
        )
        guard let type = try functionType(path), let index = unsafe exportIndex(path) else { throw missing }
        return unsafe FunctionExport(adopting: index, component: self, path: path, type: type)
    }

    private func exportIndex(_ path: [String]) -> OpaquePointer? {
        var index: OpaquePointer?
        for name in path {
            let outer = unsafe index
            unsafe index = unsafe withPointer {
                unsafe wasmtime_component_get_export_index($0, outer, name, name.utf8.count)
            }
            if unsafe outer != nil { unsafe wasmtime_component_export_index_delete(outer) }
            if unsafe index == nil { return nil }
        }
        return unsafe index
    }

    private func functionType(_ path: [String]) throws(WasmtimeError) -> FunctionType? {
        var reader = TypeReader()
        return unsafe try withType { type, engine throws(WasmtimeError) in
            guard let name = path.first else { return nil }
            var extern: OpaquePointer?
            guard unsafe wasmtime_component_type_export_get(type, engine, name, name.utf8.count, &extern) else {
                return nil
            }
            return try unsafe reader.functionType(extern, path.dropFirst(), engine: engine)
        }
    }

    private func withType<Result>(
        _ body: (_ type: OpaquePointer, _ engine: OpaquePointer) throws(WasmtimeError) -> Result
    ) throws(WasmtimeError) -> Result {
        guard let type = unsafe withPointer({ unsafe wasmtime_component_type($0) }) else {
            throw WasmtimeError(.invalidComponent, "the component has no type")
        }
        defer { unsafe wasmtime_component_type_delete(type) }
        return try unsafe engine.withPointer { engine throws(WasmtimeError) in try unsafe body(type, engine) }
    }
}
