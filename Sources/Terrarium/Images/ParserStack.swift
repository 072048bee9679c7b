// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// The depth to which CPython's parser may nest, which is set when CPython is compiled.
///
/// Built for WASI, the parser stops at [4,000 of its rules](https://github.com/python/cpython/blob/3.14/Parser/pegen.h), and
/// on other systems at 6,000, since others have a larger stack. A guest has a stack of that size, so code that compiles
/// elsewhere compiles in it.
enum ParserStack {
    /// The depth as a signed LEB128 number, as the code has it.
    private static let depth: [UInt8] = [0xA0, 0x1F]
    private static let newDepth: [UInt8] = [0xF0, 0x2E]
    /// Each rule of the grammar looks at its depth, so a guest without CPython has nothing like as many comparisons.
    private static let leastComparisons = 300

    /// Gives the parser of a guest that has CPython in it the depth that it has on other systems.
    ///
    /// - Throws: `ComponentsError` if code is malformed.
    static func deepen(_ linked: inout LinkedComponent) throws(ComponentsError) {
        var rules: [(number: Int, body: [UInt8])] = []
        var comparisons = 0
        for (number, function) in linked.core.functions.enumerated() {
            guard case .defined(let body) = function.origin, mayCompareDepth(body) else { continue }
            var visitor = DepthComparison(body: body)
            try InstructionReader.walkBody(body, &visitor)
            guard !visitor.places.isEmpty else { continue }
            comparisons += visitor.places.count
            var changed = Array(body)
            for place in visitor.places {
                let start = place - body.startIndex
                changed.replaceSubrange(start..<start + newDepth.count, with: newDepth)
            }
            rules.append((number, changed))
        }
        guard comparisons >= leastComparisons else { return }
        for rule in rules { linked.core.functions[rule.number].origin = .defined(rule.body[...]) }
    }

    /// Returns whether the bytes of the depth are in a body at all, which is much faster to find out than what they are.
    private static func mayCompareDepth(_ body: ArraySlice<UInt8>) -> Bool {
        unsafe body.withUnsafeBufferPointer { bytes in
            var index = 0
            while index + 2 < bytes.count {
                if unsafe bytes[index] == 0x41, unsafe bytes[index + 1] == depth[0], unsafe bytes[index + 2] == depth[1]
                {
                    return true
                }
                index += 1
            }
            return false
        }
    }

    /// Finds where a body compares something with the depth and branches: `if (p->level++ == MAXSTACK)`.
    private struct DepthComparison: InstructionVisitor {
        let body: ArraySlice<UInt8>
        var places: [Int] = []
        private var constant: Int?
        private var compared: Int?

        init(body: ArraySlice<UInt8>) {
            self.body = body
        }

        mutating func instruction(_ opcode: Opcode, at offset: Int) throws(ComponentsError) {
            if let compared, opcode == .branchIf { places.append(compared) }
            compared = opcode == .i32Eq ? constant : nil
            constant = opcode == .i32Const && body[(offset + 1)...].starts(with: depth) ? offset + 1 : nil
        }
    }
}
