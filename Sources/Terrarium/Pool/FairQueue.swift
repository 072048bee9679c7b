// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A queue in which tenants take turns: each one's elements are in order, and whoever adds many waits behind those who
/// add few.
struct FairQueue<Tenant: Hashable & Sendable, Element: Sendable>: Sendable {
    private struct Line: Sendable {
        var elements: [(number: Int, element: Element)] = []
        var first = 0
    }

    private var lines: [Tenant: Line] = [:]
    /// The tenants that have elements, in the order of their turns.
    private var turns: [Tenant] = []
    private var firstTurn = 0

    /// How many elements there are.
    private(set) var count = 0

    /// Adds an element under a number of its own.
    mutating func append(_ element: Element, number: Int, of tenant: Tenant) {
        if lines[tenant] == nil { turns.append(tenant) }
        lines[tenant, default: Line()].elements.append((number, element))
        count += 1
    }

    /// Takes the next element: the first one of the tenant whose turn it is.
    mutating func popFirst() -> Element? {
        while firstTurn < turns.count {
            let tenant = turns[firstTurn]
            firstTurn += 1
            if firstTurn > 64, firstTurn * 2 > turns.count {
                turns.removeFirst(firstTurn)
                firstTurn = 0
            }
            guard var line = lines.removeValue(forKey: tenant), line.first < line.elements.count else { continue }
            let element = line.elements[line.first].element
            line.first += 1
            count -= 1
            if line.first < line.elements.count {
                if line.first > 64, line.first * 2 > line.elements.count {
                    line.elements.removeFirst(line.first)
                    line.first = 0
                }
                lines[tenant] = line
                turns.append(tenant)
            }
            return element
        }
        return nil
    }

    /// Takes an element out, wherever it is.
    mutating func remove(number: Int, of tenant: Tenant) -> Element? {
        guard var line = lines[tenant],
            let index = line.elements[line.first...].firstIndex(where: { $0.number == number })
        else { return nil }
        let element = line.elements.remove(at: index).element
        // A tenant without elements keeps its turn until that comes, and is then passed over.
        lines[tenant] = line
        count -= 1
        return element
    }
}
