// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:sockets: there is no network. Sockets cannot be made and names not looked up; so methods of sockets can only be
// called with handles that do not exist, and the `virtualize` pass answers those with `invalid-state`.
// https://github.com/WebAssembly/wasi-sockets

/// `wasi:sockets/network.error-code.access-denied`.
private let accessDenied: UInt8 = 1

private func deny(_ result: UInt32) {
    let area = ReturnArea(result)
    area.store(UInt8(1), at: 0)
    area.store(accessDenied, at: 4)
}

@_expose(wasm, "wasi:sockets/instance-network#instance-network")
@c
func instanceNetwork() -> UInt32 { HandleTable.network }

@_expose(wasm, "wasi:sockets/network#[resource-drop]network")
@c
func dropNetwork(_ handle: UInt32) {}

@_expose(wasm, "wasi:sockets/tcp-create-socket#create-tcp-socket")
@c
func createTCPSocket(_ family: UInt32, _ result: UInt32) { deny(result) }

@_expose(wasm, "wasi:sockets/udp-create-socket#create-udp-socket")
@c
func createUDPSocket(_ family: UInt32, _ result: UInt32) { deny(result) }

@_expose(wasm, "wasi:sockets/ip-name-lookup#resolve-addresses")
@c
func resolveAddresses(_ network: UInt32, _ name: UInt32, _ length: UInt32, _ result: UInt32) { deny(result) }
