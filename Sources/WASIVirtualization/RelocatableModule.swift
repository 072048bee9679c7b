// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel

/// A module that was linked for a memory of its own and can be moved to any place in another one.
///
/// It carries the relocations that `wasm-ld --emit-relocs` leaves in: see
/// [the conventions of tools](https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#relocation-sections).
struct RelocatableModule {
    private let binary: [UInt8]

    /// The relocations of addresses, by number; the others are of indices, which merging replaces anyway.
    private enum RelocationType {
        static let functionIndex: UInt8 = 0
        static let tableIndexSigned: UInt8 = 1
        static let tableIndex: UInt8 = 2
        static let memoryAddress: UInt8 = 3
        static let memoryAddressSigned: UInt8 = 4
        static let memoryAddressInData: UInt8 = 5
        static let typeIndex: UInt8 = 6
        static let globalIndex: UInt8 = 7
        static let tableNumber: UInt8 = 20
    }

    init(_ binary: [UInt8]) {
        self.binary = binary
    }

    /// The module with all addresses `base` bytes further up, and memory and stack pointer as imports from `env`.
    ///
    /// - Throws: an error of the code `malformed` or `unsupported` if the relocations cannot be applied.
    func placed(at base: UInt32) throws(ComponentsError) -> CoreModule {
        var module = try CoreModule(decoding: try relocated(by: base))
        for index in module.data.indices {
            guard case .active(let memory, let offset) = module.data[index].mode,
                case .i32(let address)? = offset.evaluate(global: { _ in nil })
            else { continue }
            module.data[index].mode = .active(memory: memory, offset: .i32(address &+ Int32(bitPattern: base)))
        }
        // A page that is all zeros already needs no data.
        module.data.removeAll { !$0.bytes.contains { $0 != 0 } }
        for index in module.globals.indices {
            guard case .i32(let address)? = module.globals[index].initializer.evaluate(global: { _ in nil }) else {
                throw ComponentsError(.unsupported, "a global of the module to be placed is not an address")
            }
            module.globals[index].initializer = .i32(address &+ Int32(bitPattern: base))
        }
        guard module.memories.count == 1 else {
            throw ComponentsError(.unsupported, "the module to be placed has \(module.memories.count) memories")
        }
        let memory = CoreModule.Import(module: "env", name: "memory", type: .memory(module.memories[0]))
        module.imports.append(memory)
        module.memories = []
        module.exports.removeAll { $0.kind != .function }
        return module
    }

    // MARK: - Relocations

    private func relocated(by base: UInt32) throws(ComponentsError) -> [UInt8] {
        var result = binary
        var sections: [Range<Int>] = []
        var reader = BinaryReader(binary[...])
        _ = try reader.take(8)
        while !reader.isAtEnd {
            let id = try reader.byte()
            let content = try reader.take(try reader.size())
            sections.append(content.startIndex..<content.endIndex)
            guard id == 0 else { continue }
            var custom = BinaryReader(content)
            guard try custom.name().hasPrefix("reloc.") else { continue }
            let target = Int(try custom.u32())
            guard target < sections.count else {
                throw ComponentsError(.malformed, "relocations are of section \(target), which does not come before")
            }
            for _ in 0..<(try custom.count(of: "relocations")) {
                let type = try custom.byte()
                let offset = Int(try custom.u32())
                _ = try custom.u32()
                switch type {
                case RelocationType.memoryAddress, RelocationType.memoryAddressSigned,
                    RelocationType.memoryAddressInData:
                    _ = try custom.s32()
                    let place = sections[target].lowerBound + offset
                    let width = type == RelocationType.memoryAddressInData ? 4 : 5
                    guard place >= 0, place + width <= sections[target].upperBound else {
                        throw ComponentsError(.malformed, "a relocation is outside of its section")
                    }
                    if width == 4 {
                        Self.moveWord(&result, at: place, by: base)
                    } else {
                        Self.moveLEB(&result, at: place, by: base, isSigned: type == RelocationType.memoryAddressSigned)
                    }
                case RelocationType.functionIndex, RelocationType.tableIndexSigned, RelocationType.tableIndex,
                    RelocationType.typeIndex, RelocationType.globalIndex, RelocationType.tableNumber:
                    break
                default: throw ComponentsError(.unsupported, "relocations of type \(type) cannot be applied")
                }
            }
        }
        return result
    }

    private static func moveWord(_ bytes: inout [UInt8], at place: Int, by base: UInt32) {
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(bytes[place + index]) << UInt32(index * 8) }
        value &+= base
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt32(index * 8)) }
    }

    /// Changes a number that the linker padded to five bytes.
    private static func moveLEB(_ bytes: inout [UInt8], at place: Int, by base: UInt32, isSigned: Bool) {
        var value: UInt32 = 0
        for index in 0..<5 { value |= UInt32(bytes[place + index] & 0x7f) << UInt32(index * 7) }
        value &+= base
        // The fifth byte has four bits of the number, and of a signed one its sign in the rest.
        let wide = isSigned ? Int64(Int32(bitPattern: value)) : Int64(value)
        for index in 0..<5 {
            let low = UInt8(truncatingIfNeeded: wide >> Int64(index * 7)) & 0x7f
            bytes[place + index] = index < 4 ? low | 0x80 : low
        }
    }
}
