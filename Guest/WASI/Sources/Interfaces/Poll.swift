// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:io/poll and wasi:io/error
// https://github.com/WebAssembly/wasi-io

/// When a pollable is ready: 0 for those that always are.
private func deadline(_ handle: UInt32) -> UInt64 {
    switch system.handles[handle] {
    case .timer(let instant): instant
    case .ready: 0
    default: trapForWrongHandle()
    }
}

@_expose(wasm, "wasi:io/poll#[method]pollable.ready")
@c
func pollableReady(_ handle: UInt32) -> UInt32 {
    let instant = deadline(handle)
    return instant == 0 || instant <= system.clock.monotonic() ? 1 : 0
}

@_expose(wasm, "wasi:io/poll#[method]pollable.block")
@c
func pollableBlock(_ handle: UInt32) {
    let instant = deadline(handle)
    if instant > 0 { system.clock.sleep(until: instant) }
}

@_expose(wasm, "wasi:io/poll#poll")
@c
func poll(_ handles: UInt32, _ count: UInt32, _ result: UInt32) {
    // An empty list has nothing to wait for, and the specification says that it traps.
    guard count > 0, count <= 0xff_ffff else { fatalError() }
    var first = UInt64.max
    for i in 0..<count {
        first = min(first, deadline(pointer(handles + i * 4).load(as: UInt32.self)))
    }
    if first > 0 { system.clock.sleep(until: first) }
    // The host may have ended the wait early; what was to come first then counts as there.
    let now = first == 0 ? 0 : max(first, system.clock.monotonic())
    var ready = 0
    for i in 0..<count where deadline(pointer(handles + i * 4).load(as: UInt32.self)) <= now { ready += 1 }
    guard let list = GuestList.allocate(ready, stride: 4, alignment: 4) else { fatalError() }
    var position = 0
    for i in 0..<count where deadline(pointer(handles + i * 4).load(as: UInt32.self)) <= now {
        pointer(list.address).storeBytes(of: i, toByteOffset: position * 4, as: UInt32.self)
        position += 1
    }
    ReturnArea(result).store(list, at: 0)
}

@_expose(wasm, "wasi:io/poll#[resource-drop]pollable")
@c
func dropPollable(_ handle: UInt32) {
    switch system.handles[handle] {
    case .timer, .ready: system.handles.remove(handle)
    default: trapForWrongHandle()
    }
}

@_expose(wasm, "wasi:io/error#[method]error.to-debug-string")
@c
func errorToDebugString(_ handle: UInt32, _ result: UInt32) {
    guard case .error(let code) = system.handles[handle] else { trapForWrongHandle() }
    var text: [UInt8] = []
    for byte in "error-code ".utf8 { text.append(byte) }
    if code.rawValue >= 10 { text.append(UInt8(ascii: "0") + code.rawValue / 10) }
    text.append(UInt8(ascii: "0") + code.rawValue % 10)
    ReturnArea(result).store(GuestList.copy(of: text) ?? .empty(alignment: 1), at: 0)
}

@_expose(wasm, "wasi:io/error#[resource-drop]error")
@c
func dropError(_ handle: UInt32) {
    guard case .error = system.handles[handle] else { trapForWrongHandle() }
    system.handles.remove(handle)
}
