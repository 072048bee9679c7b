// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Handles of a component's own resources that the host no longer uses, until the component can be told.
public final class PendingDrops: Sendable {
    private let resources = Mutex<[Resource]>([])

    /// Creates an empty list.
    public init() {}

    /// Notes a handle that nothing will be done with any more.
    public func add(_ resource: Resource) {
        resources.withLock { $0.append(resource) }
    }

    func takeAll() -> [Resource] {
        resources.withLock { resources in
            defer { resources = [] }
            return resources
        }
    }
}

/// The host's hold on a resource that a component implements; the resource is dropped some time after this.
///
/// It is dropped when the next call begins, because its destructor is code of the component.
public final class GuestResourceHandle: Sendable {
    private let resource: Resource
    private let drops: PendingDrops
    private let isOwned: Atomic<Bool>

    /// Takes over a handle that a component returned.
    public init(_ resource: Resource, drops: PendingDrops) {
        self.resource = resource
        self.drops = drops
        isOwned = Atomic(resource.isOwned)
    }

    deinit {
        if isOwned.load(ordering: .relaxed) { drops.add(resource) }
    }

    /// The handle for a parameter that borrows the resource.
    ///
    /// - Throws: ``WasmtimeError`` with the code `invalidValue` if the resource was given away.
    public func lend() throws(WasmtimeError) -> ComponentValue {
        guard isOwned.load(ordering: .acquiring) else { throw Self.gone }
        return .resource(resource)
    }

    /// The handle for a parameter that takes the resource over; this object is of no use afterwards.
    ///
    /// - Throws: ``WasmtimeError`` with the code `invalidValue` if the resource was given away.
    public func take() throws(WasmtimeError) -> ComponentValue {
        guard isOwned.exchange(false, ordering: .acquiringAndReleasing) else { throw Self.gone }
        return .resource(resource)
    }

    private static var gone: WasmtimeError {
        WasmtimeError(.invalidValue, "the resource was given to the component, and cannot be used any more")
    }
}
