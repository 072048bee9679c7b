// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:random
// https://github.com/WebAssembly/wasi-random

@_expose(wasm, "wasi:random/random#get-random-bytes")
@c
func getRandomBytes(_ count: UInt64, _ result: UInt32) {
    let area = ReturnArea(result)
    // A list that does not fit the memory is the guest's own fault; it traps in its allocator or here.
    guard count <= 0x7fff_0000, let list = GuestList.allocate(Int(count)) else { fatalError() }
    system.random.fill(list.address, Int(list.count))
    area.store(list, at: 0)
}

@_expose(wasm, "wasi:random/random#get-random-u64")
@c
func getRandomU64() -> UInt64 { system.random.next() }

@_expose(wasm, "wasi:random/insecure#get-insecure-random-bytes")
@c
func getInsecureRandomBytes(_ count: UInt64, _ result: UInt32) { getRandomBytes(count, result) }

@_expose(wasm, "wasi:random/insecure#get-insecure-random-u64")
@c
func getInsecureRandomU64() -> UInt64 { system.random.next() }

@_expose(wasm, "wasi:random/insecure-seed#insecure-seed")
@c
func insecureSeed(_ result: UInt32) {
    let area = ReturnArea(result)
    area.store(system.random.next(), at: 0)
    area.store(system.random.next(), at: 8)
}
