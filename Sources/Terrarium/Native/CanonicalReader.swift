// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// Reads what functions of a guest return, as the
/// [canonical ABI](https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md) lays it out.
///
/// Of all types only those that guests of Terrarium return: numbers, texts, and variants and results of them.
struct CanonicalReader {
    let memory: GuestMemory

    /// The size and alignment of values of a type; `nil` for types that are not read.
    static func extent(of type: ValueType) -> (size: UInt32, alignment: UInt32)? {
        switch type {
        case .bool: return (1, 1)
        case .u32, .s32: return (4, 4)
        case .u64, .s64: return (8, 8)
        case .string: return (8, 4)
        default:
            guard let cases = cases(of: type), let payload = payload(of: cases) else { return nil }
            let size = payload.offset + payload.size
            return ((size + payload.alignment - 1) / payload.alignment * payload.alignment, payload.alignment)
        }
    }

    /// The cases of a variant, with their payloads.
    private static func cases(of type: ValueType) -> [(name: String, payload: ValueType?)]? {
        switch type {
        case .variant(let cases) where cases.count <= 256: cases.map { ($0.name, $0.payload) }
        case .result(let ok, let error): [("ok", ok), ("error", error)]
        default: nil
        }
    }

    private static func payload(
        of cases: [(name: String, payload: ValueType?)]
    ) -> (offset: UInt32, size: UInt32, alignment: UInt32)? {
        var (size, alignment): (UInt32, UInt32) = (0, 1)
        for case let type? in cases.map(\.payload) {
            guard let extent = extent(of: type) else { return nil }
            size = max(size, extent.size)
            alignment = max(alignment, extent.alignment)
        }
        return (alignment, size, alignment)
    }

    /// The letters of the core types in which values of a type are returned; `nil` for types that are not read.
    static func letters(ofResult type: ValueType) -> String? {
        switch type {
        case .u64, .s64: "l"
        default: extent(of: type) == nil ? nil : "i"
        }
    }

    /// The value of a result: the number itself, or what lies at the address that it is.
    func value(of type: ValueType, flat: UInt64) throws -> ComponentValue {
        let word = UInt32(truncatingIfNeeded: flat)
        return switch type {
        case .bool: .bool(word != 0)
        case .u32: .u32(word)
        case .s32: .s32(Int32(bitPattern: word))
        case .u64: .u64(flat)
        case .s64: .s64(Int64(bitPattern: flat))
        default: try value(of: type, at: word)
        }
    }

    /// The text at an untrusted address.
    func text(at address: UInt32, count: UInt32) throws -> String {
        try unsafe memory.withBytes(at: address, count: count) { bytes in
            guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
                throw Trap(code: .unreachable, message: "a text of the guest is not valid UTF-8")
            }
            return text
        }
    }

    private func value(of type: ValueType, at address: UInt32) throws -> ComponentValue {
        func number<Number: FixedWidthInteger>(_ type: Number.Type, _ offset: UInt32 = 0) throws -> Number {
            let (place, overflow) = address.addingReportingOverflow(offset)
            guard !overflow else { throw GuestMemory.OutOfBounds(address: UInt64(address), count: UInt64(offset)) }
            return try memory.load(type, at: place)
        }
        switch type {
        case .bool: return .bool(try number(UInt8.self) != 0)
        case .u32: return .u32(try number(UInt32.self))
        case .s32: return .s32(try number(Int32.self))
        case .u64: return .u64(try number(UInt64.self))
        case .s64: return .s64(try number(Int64.self))
        case .string: return .string(try text(at: number(UInt32.self), count: number(UInt32.self, 4)))
        default:
            guard let cases = Self.cases(of: type), let offset = Self.payload(of: cases)?.offset else {
                throw SandboxError(.engine, "The guest returns something that is not read.")
            }
            let index = Int(try number(UInt8.self))
            guard index < cases.count else {
                throw Trap(code: .invalidDiscriminant, message: "a variant has no such case")
            }
            let place = address &+ offset
            let payload = try cases[index].payload.map { try value(of: $0, at: place) }
            if case .result = type { return index == 0 ? .ok(payload) : .error(payload) }
            return .variant(cases[index].name, payload)
        }
    }
}
