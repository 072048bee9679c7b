// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The host's resources of one type that a component has handles of.
public final class HostResources<Element: Sendable>: Sendable {
    /// The type, for ``LinkerInstance/define(resource:_:destructor:)``.
    public let type = HostResourceType()
    private let table = Mutex(Table())
    private let maxCount: Int

    private struct Table {
        var elements: [UInt32: Element] = [:]
        var last: UInt32 = 0
        /// The objects that are lent, so that each takes one place however often it is lent at once.
        var lent: [ObjectIdentifier: Loan] = [:]

        mutating func add(_ element: Element, maxCount: Int) -> UInt32? {
            guard elements.count < maxCount else { return nil }
            repeat { last &+= 1 } while elements[last] != nil
            elements[last] = element
            return last
        }
    }

    private struct Loan {
        var representation: UInt32
        /// The number of handles.
        var count: Int
    }

    /// The number of resources that take a place now.
    var count: Int { table.withLock { $0.elements.count } }

    /// Creates an empty table.
    ///
    /// - Parameter maxCount: How many there may be at once, since a component that keeps asking for more would use up the
    ///   host's memory; 65,536 by default.
    public init(maxCount: Int = 65_536) {
        self.maxCount = maxCount
    }

    /// Gives the component a resource.
    ///
    /// - Returns: An owned handle.
    /// - Throws: ``WasmtimeError`` with the code `invalidValue` if there are too many.
    public func insert(_ element: Element) throws(WasmtimeError) -> ComponentValue {
        let representation = table.withLock { $0.add(element, maxCount: maxCount) }
        guard let representation else { throw tooMany }
        return .resource(Resource(type, representation: representation))
    }

    private var tooMany: WasmtimeError {
        WasmtimeError(.invalidValue, "the component holds more than \(maxCount) resources of one type")
    }

    /// Lends the component a resource for a call.
    ///
    /// It has a place in the table as long as there is a copy of the handle, which ``ComponentInstance/call(_:_:)`` keeps
    /// until the call ended.
    /// - Returns: A borrowed handle.
    /// - Throws: ``WasmtimeError`` with the code `invalidValue` if there are too many.
    public func lend(_ element: Element) throws(WasmtimeError) -> ComponentValue {
        guard Swift.type(of: element as Any) is AnyClass else { return try lendValue(element) }
        let identity = ObjectIdentifier(element as AnyObject)
        let representation: UInt32? = table.withLock { table in
            if let known = table.lent[identity] {
                table.lent[identity]?.count += 1
                return known.representation
            }
            let new = table.add(element, maxCount: maxCount)
            table.lent[identity] = new.map { Loan(representation: $0, count: 1) }
            return new
        }
        guard let representation else { throw tooMany }
        let lease = ResourceLease { self.takeBack(identity) }
        return .resource(Resource(lending: type, representation: representation, lease))
    }

    /// Lends what is no object and so has no identity: it takes a place each time.
    private func lendValue(_ element: Element) throws(WasmtimeError) -> ComponentValue {
        guard let representation = table.withLock({ $0.add(element, maxCount: maxCount) }) else { throw tooMany }
        let lease = ResourceLease { self.drop(representation) }
        return .resource(Resource(lending: type, representation: representation, lease))
    }

    private func takeBack(_ identity: ObjectIdentifier) {
        // Outside of the lock, because the resource's own end may do anything.
        _ = table.withLock { table -> Element? in
            guard let loan = table.lent[identity] else { return nil }
            guard loan.count == 1 else {
                table.lent[identity]?.count -= 1
                return nil
            }
            table.lent[identity] = nil
            return table.elements.removeValue(forKey: loan.representation)
        }
    }

    /// The resource that an argument is a handle of; an owned one leaves the table.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is none of this type.
    public func element(_ value: ComponentValue) throws(WasmtimeError) -> Element {
        let resource = try value.resource()
        guard resource.isInstance(of: type), let representation = resource.representation else {
            throw WasmtimeError(.typeMismatch, "a resource is of another type than expected")
        }
        let element = table.withLock { table in
            resource.isOwned ? table.elements.removeValue(forKey: representation) : table.elements[representation]
        }
        guard let element else { throw WasmtimeError(.invalidValue, "there is no resource \(representation)") }
        return element
    }

    /// Forgets a resource that the component dropped.
    public func drop(_ representation: UInt32) {
        // Outside of the lock, because the resource's own end may do anything.
        _ = table.withLock { $0.elements.removeValue(forKey: representation) }
    }
}

/// Does something when the last handle that holds it is gone.
final class ResourceLease: Sendable {
    private let end: @Sendable () -> Void

    init(end: @escaping @Sendable () -> Void) { self.end = end }

    deinit { end() }
}
