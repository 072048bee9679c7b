// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Sorts nodes so that each comes after those it depends on.
enum TopologicalOrder {
    /// The nodes of a circle of dependencies, each depending on the next.
    struct Cycle: Error {
        let nodes: [Int]
    }

    /// Sorts the nodes `0..<dependencies.count`; of those that could come next, the lowest does.
    ///
    /// So the order is that of the source wherever dependencies allow, and sorting what is sorted changes nothing.
    static func sort(_ dependencies: [[Int]]) throws(Cycle) -> [Int] {
        var missing = dependencies.map(\.count)
        var dependents: [[Int]] = Array(repeating: [], count: dependencies.count)
        for (node, targets) in dependencies.enumerated() {
            for target in targets {
                dependents[target].append(node)
            }
        }
        var ready = MinimumHeap()
        for node in missing.indices where missing[node] == 0 {
            ready.insert(node)
        }
        var order: [Int] = []
        order.reserveCapacity(dependencies.count)
        while let node = ready.removeLowest() {
            order.append(node)
            for dependent in dependents[node] {
                missing[dependent] -= 1
                if missing[dependent] == 0 {
                    ready.insert(dependent)
                }
            }
        }
        guard order.count == dependencies.count else {
            throw cycle(dependencies, missing)
        }
        return order
    }

    /// Walks along dependencies that are still missing until a node comes again.
    private static func cycle(_ dependencies: [[Int]], _ missing: [Int]) -> Cycle {
        var path: [Int] = []
        var places: [Int: Int] = [:]
        var node = missing.firstIndex { $0 > 0 }
        while let current = node {
            if let place = places[current] {
                return Cycle(nodes: Array(path[place...]))
            }
            places[current] = path.count
            path.append(current)
            node = dependencies[current].first { missing[$0] > 0 }
        }
        return Cycle(nodes: path)
    }
}

/// Numbers from which the lowest can be taken.
private struct MinimumHeap {
    private var items: [Int] = []

    mutating func insert(_ item: Int) {
        items.append(item)
        var child = items.count - 1
        while child > 0, items[child] < items[(child - 1) / 2] {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeLowest() -> Int? {
        guard let lowest = items.first else { return nil }
        items.swapAt(0, items.count - 1)
        items.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && items[child] < items[smallest] {
                smallest = child
            }
            if smallest == parent { return lowest }
            items.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
