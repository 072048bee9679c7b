// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Implements what GuestWASI expects of its host (`terrarium:sandbox/host`) with the WASI of any runtime, as far as it
// was granted. A component that carries both needs nothing of Terrarium where it runs.

/// What may be done with a stream.
enum Policy {
    /// Writing fails, reading is at its end.
    static let deny: UInt32 = 0
    /// Output is dropped; input is what is part of the image.
    static let ignore: UInt32 = 1
    static let allow: UInt32 = 2
}

func pointer(_ address: UInt32) -> UnsafeMutableRawPointer {
    // Address 0 is memory like any other here, but no pointer in Swift.
    UnsafeMutableRawPointer(bitPattern: UInt(address)).unsafelyUnwrapped
}

/// Calls a function that writes its result to memory, and returns the result's first words.
@inline(__always)
func results(_ call: (_ address: UInt32) -> Void) -> (UInt32, UInt32, UInt32, UInt32) {
    var area: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeMutablePointer(to: &area) { call(UInt32(UInt(bitPattern: $0))) }
    return area
}

// MARK: - Streams

nonisolated(unsafe) private var handles: (UInt32, UInt32, UInt32) = (0, 0, 0)
nonisolated(unsafe) private var isOpen: (Bool, Bool, Bool) = (false, false, false)

/// What a call that failed says of the stream: 1 = closed, 4 = an error.
private func failure(_ area: (UInt32, UInt32, UInt32, UInt32)) -> UInt32 {
    guard area.1 & 0xff == 0 else { return 1 }
    wasiDropError(area.2)
    return 4
}

@_expose(wasm, "terrarium:sandbox/host#output")
@c
func adapterOutput(_ stream: UInt32, _ address: UInt32, _ length: UInt32) -> UInt32 {
    let policy = stream == 1 ? standardOutputPolicy() : standardErrorPolicy()
    guard policy == Policy.allow else { return policy == Policy.ignore ? 0 : 1 }
    let handle: UInt32
    if stream == 1 {
        if !isOpen.1 { (handles.1, isOpen.1) = (wasiGetStandardOutput(), true) }
        handle = handles.1
    } else {
        if !isOpen.2 { (handles.2, isOpen.2) = (wasiGetStandardError(), true) }
        handle = handles.2
    }
    var address = address
    var rest = length
    while rest > 0 {
        // The most that this function of WASI takes at once.
        let count = min(rest, 4096)
        let area = results { wasiWrite(handle, address, count, $0) }
        guard area.0 & 0xff == 0 else { return failure(area) }
        address += count
        rest -= count
    }
    return 0
}

/// Where the next list that WASI returns goes, and how much room there is; 0 for new memory.
nonisolated(unsafe) private var destination: (address: UInt32, room: UInt32) = (0, 0)
nonisolated(unsafe) private var inputOffset: UInt32 = 0

@_expose(wasm, "terrarium:sandbox/host#input")
@c
func adapterInput(_ address: UInt32, _ capacity: UInt32) -> UInt32 {
    let policy = standardInputPolicy()
    if policy == Policy.ignore {
        let count = min(capacity, standardInputLength() - inputOffset)
        guard count > 0 else { return 0 }
        pointer(address).copyMemory(from: pointer(standardInputAddress() + inputOffset), byteCount: Int(count))
        inputOffset += count
        return count
    }
    guard policy == Policy.allow, capacity > 0 else { return 0 }
    if !isOpen.0 { (handles.0, isOpen.0) = (wasiGetStandardInput(), true) }
    while true {
        destination = (address, capacity)
        let area = results { wasiRead(handles.0, UInt64(capacity), $0) }
        destination = (0, 0)
        guard area.0 & 0xff == 0 else {
            _ = failure(area)
            return 0
        }
        if area.2 > 0 { return min(area.2, capacity) }
    }
}

/// The `realloc` of the functions of WASI that return lists.
@_expose(wasm, "terrarium:sandbox/adapter#reallocate")
@c
func adapterReallocate(_ old: UInt32, _ oldBytes: UInt32, _ alignment: UInt32, _ bytes: UInt32) -> UInt32 {
    if destination.address != 0, bytes <= destination.room { return destination.address }
    let address = controlAllocate(max(bytes, 1))
    guard address != 0 else { fatalError() }
    return address
}

// MARK: - Time, randomness, the end

@_expose(wasm, "terrarium:sandbox/host#clock")
@c
func adapterClock(_ clock: UInt32) -> UInt64 {
    guard clock == 1 else { return wasiMonotonicNow() }
    let time = results(wasiWallNow)
    return (UInt64(time.1) << 32 | UInt64(time.0)) &* 1_000_000_000 &+ UInt64(time.2)
}

@_expose(wasm, "terrarium:sandbox/host#sleep")
@c
func adapterSleep(_ nanoseconds: UInt64) -> UInt32 {
    let timer = wasiSubscribe(nanoseconds)
    wasiBlock(timer)
    wasiDropPollable(timer)
    return 0
}

@_expose(wasm, "terrarium:sandbox/host#random-u64")
@c
func adapterRandom() -> UInt64 { wasiRandom() }

@_expose(wasm, "terrarium:sandbox/host#random-bytes")
@c
func adapterRandomBytes(_ address: UInt32, _ length: UInt32) {
    var offset: UInt32 = 0
    while offset < length {
        var bits = wasiRandom()
        let count = min(8, length - offset)
        pointer(address + offset).copyMemory(from: &bits, byteCount: Int(count))
        offset += count
    }
}

@_expose(wasm, "terrarium:sandbox/host#exit")
@c
func adapterExit(_ code: UInt32) {
    wasiExit(code == 0 ? 0 : 1)
    fatalError()
}
