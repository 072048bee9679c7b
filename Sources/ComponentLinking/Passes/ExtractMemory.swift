// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import ComponentModel

/// The memory of a component at instantiation.
package struct MemoryImage: Hashable, Sendable {
    /// The content from address 0 on, in whole pages of WebAssembly, up to the last page that is not all zeros.
    package var bytes: [UInt8]
    /// The size of the memory at instantiation in bytes; what is not in ``bytes`` is zero.
    package var initialSize: UInt64
    /// A Boolean value that tells whether a start function still has to run on top of the image in each instance.
    package var needsStart: Bool
}

extension LinkedComponent {
    /// Takes the data out of the module, so that instantiating it writes nothing to its memory.
    ///
    /// The remaining module works only on a memory that holds the image already. Data that the code copies itself, with
    /// `memory.init`, stays; so does a start function, which each instance goes on running on top of the image.
    ///
    /// - Returns: what the memory contains before any code runs.
    /// - Throws: an error of the code `notLinkable` if there is no memory or it is larger than `maximumSize` bytes or
    ///   where a segment goes is not known, and one of the code `invalid` if a segment does not fit into the memory.
    package mutating func extractMemory(maximumSize: UInt64 = 1 << 32) throws(ComponentsError) -> MemoryImage {
        guard core.memories.count == 1 else {
            throw ComponentsError(.notLinkable, "the component has no memory")
        }
        let size = initialMemorySize
        var segments: [(address: UInt64, bytes: ArraySlice<UInt8>)] = []
        var end: UInt64 = 0
        for segment in core.data {
            guard case .active(_, let offset) = segment.mode else { continue }
            let value = offset.evaluate { core.constant(ofGlobal: $0) }
            guard let address = value?.unsigned else {
                throw ComponentsError(
                    .notLinkable,
                    "the address of a data segment is only known at run time",
                    offset: segment.bytes.startIndex
                )
            }
            let (last, overflow) = address.addingReportingOverflow(UInt64(segment.bytes.count))
            guard !overflow, last <= size else {
                throw ComponentsError(
                    .invalid,
                    "a data segment of \(segment.bytes.count) bytes at \(address) does not fit into \(size) bytes",
                    offset: segment.bytes.startIndex
                )
            }
            if segment.bytes.contains(where: { $0 != 0 }) { end = max(end, last) }
            segments.append((address, segment.bytes))
        }
        guard end <= maximumSize else {
            throw ComponentsError(.notLinkable, "the data reaches to \(end), beyond the limit of \(maximumSize) bytes")
        }
        let pages = end / 65_536 + (end % 65_536 == 0 ? 0 : 1)
        guard let count = Int(exactly: pages), count <= Int.max / 65_536 else {
            throw ComponentsError(.notLinkable, "the data reaches to \(end), which no image has room for")
        }
        var bytes = [UInt8](repeating: 0, count: count * 65_536)
        for segment in segments where !segment.bytes.isEmpty && segment.address < UInt64(bytes.count) {
            let start = Int(segment.address)
            // Zeros behind the last page may reach beyond the image.
            let count = min(segment.bytes.count, bytes.count - start)
            bytes.replaceSubrange(start..<start + count, with: segment.bytes.prefix(count))
        }
        removeActiveData()
        return MemoryImage(bytes: bytes, initialSize: size, needsStart: core.start != nil)
    }

    private mutating func removeActiveData() {
        guard core.declaresDataCount else {
            // No instruction names a segment.
            core.data = []
            return
        }
        // A segment is empty after instantiation; an empty one keeps the numbers of those behind it.
        for index in core.data.indices where core.data[index].isActive {
            core.data[index] = CoreModule.DataSegment(mode: .passive, bytes: [])
        }
        if !core.data.contains(where: { !$0.bytes.isEmpty }), !core.usesDataSegments {
            core.data = []
            core.declaresDataCount = false
        }
    }
}

extension LinkedModule {
    /// A Boolean value that tells whether an instruction names a data segment.
    fileprivate var usesDataSegments: Bool {
        var visitor = DataUses()
        for function in functions {
            guard case .defined(let body) = function.origin else { continue }
            guard (try? InstructionReader.walkBody(body, &visitor)) != nil, !visitor.found else { return true }
        }
        return false
    }
}

/// Notices instructions that name a data segment.
private struct DataUses: InstructionVisitor {
    var found = false

    mutating func index(
        _ index: UInt32,
        in space: CoreIndexSpace,
        at range: Range<Int>,
        isSigned: Bool
    ) throws(ComponentsError) {
        if space == .data { found = true }
    }
}
