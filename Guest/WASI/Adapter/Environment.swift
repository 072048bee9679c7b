// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

nonisolated(unsafe) private var hasInherited = false

/// `get-environment` for guests that inherit variables: takes them over from the host the first time.
@_expose(wasm, "terrarium:sandbox/adapter#get-environment")
@c
func adapterGetEnvironment(_ result: UInt32) {
    if !hasInherited {
        hasInherited = true
        let list = results(wasiGetEnvironment)
        for index in 0..<list.1 {
            let entry = pointer(list.0 + index * 16).assumingMemoryBound(to: UInt32.self)
            if isInherited(entry[0], entry[1]) { inherit(entry[0], entry[1], entry[2], entry[3]) }
        }
    }
    guestGetEnvironment(result)
}

/// Whether a name is one of those that are to be taken over.
private func isInherited(_ name: UInt32, _ length: UInt32) -> Bool {
    let end = inheritedNamesLength()
    guard end != .max else { return true }
    var offset: UInt32 = 0
    while offset < end {
        let entry = pointer(inheritedNamesAddress() + offset)
        let count = entry.loadUnaligned(as: UInt32.self)
        if count == length, areEqual(entry + 4, pointer(max(name, 1)), count) { return true }
        offset += 4 + count
    }
    return false
}

private func areEqual(_ left: UnsafeMutableRawPointer, _ right: UnsafeMutableRawPointer, _ count: UInt32) -> Bool {
    for index in 0..<Int(count) {
        let (a, b) = (
            left.load(fromByteOffset: index, as: UInt8.self), right.load(fromByteOffset: index, as: UInt8.self)
        )
        guard a == b else { return false }
    }
    return true
}

/// Hands a variable to GuestWASI, as a record of its configuration.
private func inherit(_ name: UInt32, _ nameLength: UInt32, _ value: UInt32, _ valueLength: UInt32) {
    let payload = 4 + nameLength + valueLength
    let address = controlAllocate(8 + payload)
    guard address != 0 else { return }
    let record = pointer(address)
    record.storeBytes(of: 1, as: UInt32.self)
    record.storeBytes(of: payload, toByteOffset: 4, as: UInt32.self)
    record.storeBytes(of: nameLength, toByteOffset: 8, as: UInt32.self)
    if nameLength > 0 { (record + 12).copyMemory(from: pointer(name), byteCount: Int(nameLength)) }
    if valueLength > 0 {
        (record + 12 + Int(nameLength)).copyMemory(from: pointer(value), byteCount: Int(valueLength))
    }
    _ = controlConfigure(address, 8 + payload)
}
