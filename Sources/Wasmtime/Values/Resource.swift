// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// A handle to a resource, as it crosses the boundary.
///
/// A resource of the host is a number that the host chose: its representation. A resource of the guest is opaque, and only
/// means something to the store that it came from.
public struct Resource: Sendable, Hashable {
    private enum Storage: Sendable, Hashable {
        case host(type: UInt32, representation: UInt32, owned: Bool)
        case guest(GuestResource)
    }
    private let storage: Storage
    /// The lease that is alive as long as the handle is lent; `nil` if it is not lent.
    private let lease: ResourceLease?

    /// A resource of the host, to be passed to the guest.
    ///
    /// - Parameters:
    ///   - type: The type, as it was defined in the linker.
    ///   - representation: The number that the host gave to the resource.
    ///   - owned: Whether the guest becomes the owner (`own<T>`) or borrows it for one call (`borrow<T>`).
    public init(_ type: HostResourceType, representation: UInt32, owned: Bool = true) {
        storage = .host(type: type.id, representation: representation, owned: owned)
        lease = nil
    }

    /// A resource of the host that the guest borrows for one call, and what ends when all copies of this are gone.
    init(lending type: HostResourceType, representation: UInt32, _ lease: ResourceLease) {
        storage = .host(type: type.id, representation: representation, owned: false)
        self.lease = lease
    }

    /// Returns whether both are handles of the same kind to the same resource.
    public static func == (left: Resource, right: Resource) -> Bool { left.storage == right.storage }

    /// Hashes what makes it the same handle.
    public func hash(into hasher: inout Hasher) { hasher.combine(storage) }

    /// The number that the host gave to the resource; `nil` for resources of the guest.
    public var representation: UInt32? {
        guard case .host(_, let representation, _) = storage else { return nil }
        return representation
    }

    /// A Boolean value that tells whether the handle owns the resource.
    ///
    /// A host function that is given an owned resource of the host owns it from then on; its destructor is not called.
    public var isOwned: Bool {
        switch storage {
        case .host(_, _, let owned): owned
        case .guest(let resource): resource.isOwned
        }
    }

    /// Returns whether this is a resource of the given type of the host.
    public func isInstance(of type: HostResourceType) -> Bool {
        guard case .host(let id, _, _) = storage else { return false }
        return id == type.id
    }

    /// The guest's resource, if it is one.
    var guestResource: GuestResource? {
        guard case .guest(let resource) = storage else { return nil }
        return resource
    }

    /// Reads a handle; an owned resource of the host leaves the store's table with that.
    init(decoding any: OpaquePointer?, context: OpaquePointer) throws(WasmtimeError) {
        guard let any = unsafe any else { throw WasmtimeError(.invalidValue, "a resource without a handle") }
        lease = nil
        var host: OpaquePointer?
        if let error = unsafe wasmtime_component_resource_any_to_host(context, any, &host) {
            // Not one of ours: the guest's own.
            unsafe wasmtime_error_delete(error)
            storage = .guest(unsafe GuestResource(copying: any))
            return
        }
        defer { unsafe wasmtime_component_resource_host_delete(host) }
        storage = unsafe .host(
            type: wasmtime_component_resource_host_type(host),
            representation: wasmtime_component_resource_host_rep(host),
            owned: wasmtime_component_resource_host_owned(host)
        )
    }

    /// A handle that the C API takes ownership of.
    func encoded(in context: OpaquePointer) throws(WasmtimeError) -> OpaquePointer? {
        switch storage {
        case .host(let type, let representation, let owned):
            let host = unsafe wasmtime_component_resource_host_new(owned, representation, type)
            defer { unsafe wasmtime_component_resource_host_delete(host) }
            var any: OpaquePointer?
            try unsafe check(wasmtime_component_resource_host_to_any(context, host, &any), .invalidValue)
            return unsafe any
        case .guest(let resource):
            return unsafe resource.withPointer { unsafe wasmtime_component_resource_any_clone($0) }
        }
    }
}

// @unchecked: the C object is a pair of numbers that never changes.
/// A handle to a resource of the guest.
final class GuestResource: @unchecked Sendable, Hashable {
    enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasmtime_component_resource_any_delete(pointer) }
    }

    private let handle: Handle<Kind>
    let isOwned: Bool

    init(copying any: OpaquePointer) {
        isOwned = unsafe wasmtime_component_resource_any_owned(any)
        unsafe handle = Handle(adopting: wasmtime_component_resource_any_clone(any))
    }

    func withPointer<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe handle.withPointer(body)
    }

    static func == (left: GuestResource, right: GuestResource) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
