// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The guest calls us as the canonical ABI lowers its imports: scalars in parameters, everything bigger written to a
// return area whose address is the last parameter.
// https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md

/// Where a lowered function leaves its result.
///
/// The address is the guest's own; outside the memory it traps, inside it the guest only harms itself.
struct ReturnArea {
    private let start: UnsafeMutableRawPointer

    init(_ address: UInt32) { start = pointer(address) }

    func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
        start.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    /// A list or string: address and number of elements.
    func store(_ list: GuestList, at offset: Int) {
        store(list.address, at: offset)
        store(list.count, at: offset + 4)
    }

    /// `option<datetime>` of 24 bytes that is present.
    func store(_ time: Timestamp, at offset: Int) {
        store(UInt8(1), at: offset)
        store(time.seconds, at: offset + 8)
        store(time.nanoseconds, at: offset + 16)
    }
}

/// A list in memory that the guest's own allocator handed out and that the guest will free.
struct GuestList {
    var address: UInt32
    var count: UInt32

    /// The guest may free even an empty list, so its address is what the ABI uses for one: the alignment.
    static func empty(alignment: UInt32) -> GuestList { GuestList(address: alignment, count: 0) }

    /// Room for `count` elements, or nil when the guest's allocator says no.
    static func allocate(_ count: Int, stride: Int = 1, alignment: UInt32 = 1) -> GuestList? {
        guard count > 0 else { return .empty(alignment: alignment) }
        let address = imageReallocate(currentAllocator, 0, 0, alignment, UInt32(count * stride))
        return address == 0 ? nil : GuestList(address: address, count: UInt32(count))
    }

    static func copy(of bytes: UnsafeRawBufferPointer) -> GuestList? {
        guard let list = allocate(bytes.count) else { return nil }
        if let source = bytes.baseAddress, bytes.count > 0 {
            pointer(list.address).copyMemory(from: source, byteCount: bytes.count)
        }
        return list
    }

    static func copy(of bytes: [UInt8]) -> GuestList? {
        bytes.withUnsafeBytes { copy(of: $0) }
    }
}

/// The allocator that the import being called names in its canonical options; small wrappers that the `virtualize`
/// pass puts before functions returning lists select it.
nonisolated(unsafe) var currentAllocator: UInt32 = 0

@_expose(wasm, "terrarium:sandbox/image#select-allocator")
@c
func selectAllocator(_ allocator: UInt32) { currentAllocator = allocator }

/// Runs an operation and writes `result<_, error-code>`, with the error where a payload of this alignment would be.
@inline(__always)
func answer(_ address: UInt32, errorAt offset: Int = 1, _ body: (ReturnArea) throws(ErrorCode) -> Void) {
    let area = ReturnArea(address)
    do throws(ErrorCode) {
        try body(area)
        area.store(UInt8(0), at: 0)
    } catch {
        area.store(UInt8(1), at: 0)
        area.store(error.rawValue, at: offset)
    }
}

/// The bytes of a string or list parameter.
func bytes(_ address: UInt32, _ count: UInt32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: pointer(address), count: Int(truncatingIfNeeded: count & 0x7fff_ffff))
}

/// Ends the guest for something that the component model says must trap: a handle it does not have.
@inline(never)
func trapForWrongHandle() -> Never { fatalError() }
