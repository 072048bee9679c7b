// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

// @unchecked: the C object never changes.
/// The identity of a resource type in a component's types.
public final class ResourceType: @unchecked Sendable, Hashable {
    enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasmtime_component_resource_type_delete(pointer) }
    }

    private let handle: Handle<Kind>

    init(copying type: OpaquePointer) {
        unsafe handle = Handle(adopting: wasmtime_component_resource_type_clone(type))
    }

    /// Returns whether both are the same resource type.
    public static func == (left: ResourceType, right: ResourceType) -> Bool {
        unsafe left.handle.withPointer { left in
            unsafe right.handle.withPointer { unsafe wasmtime_component_resource_type_equal(left, $0) }
        }
    }

    /// Adds nothing: the C API compares types, and does not number them.
    public func hash(into hasher: inout Hasher) {}
}
