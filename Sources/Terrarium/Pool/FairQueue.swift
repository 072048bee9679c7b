// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import DequeModule

/// A queue in which tenants take turns: each one's elements are in order, and a tenant that adds many waits behind those
/// that add few.
struct FairQueue<Tenant: Hashable & Sendable, Element: Sendable>: Sendable {
    private var lines: [Tenant: Deque<(number: Int, element: Element)>] = [:]
    /// The tenants that have elements, each once, in the order of their turns.
    private var turns: Deque<Tenant> = []

    /// The number of elements.
    private(set) var count = 0

    /// Adds an element under a number of its own.
    mutating func append(_ element: Element, number: Int, of tenant: Tenant) {
        if lines[tenant] == nil { turns.append(tenant) }
        lines[tenant, default: []].append((number, element))
        count += 1
    }

    /// Takes the first element of the first tenant in turn that fulfils a condition; the others keep their turns.
    mutating func popFirst(where isEligible: (Tenant) -> Bool = { _ in true }) -> (tenant: Tenant, element: Element)? {
        for (index, tenant) in turns.enumerated() where isEligible(tenant) {
            guard let element = lines[tenant]?.popFirst()?.element else { continue }
            turns.remove(at: index)
            count -= 1
            if lines[tenant]?.isEmpty ?? true {
                lines[tenant] = nil
            } else {
                turns.append(tenant)
            }
            return (tenant, element)
        }
        return nil
    }

    /// Takes an element out, wherever it is.
    mutating func remove(number: Int, of tenant: Tenant) -> Element? {
        guard let index = lines[tenant]?.firstIndex(where: { $0.number == number }) else { return nil }
        let element = lines[tenant]?.remove(at: index).element
        count -= 1
        if lines[tenant]?.isEmpty ?? true {
            lines[tenant] = nil
            turns.removeAll { $0 == tenant }
        }
        return element
    }
}
