// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:clocks
// https://github.com/WebAssembly/wasi-clocks

@_expose(wasm, "wasi:clocks/monotonic-clock#now")
@c
func monotonicNow() -> UInt64 { system.clock.monotonic() }

@_expose(wasm, "wasi:clocks/monotonic-clock#resolution")
@c
func monotonicResolution() -> UInt64 { system.clock.source == .virtual ? max(system.clock.tick, 1) : 1 }

@_expose(wasm, "wasi:clocks/monotonic-clock#subscribe-instant")
@c
func subscribeInstant(_ instant: UInt64) -> UInt32 { subscribe(until: instant) }

@_expose(wasm, "wasi:clocks/monotonic-clock#subscribe-duration")
@c
func subscribeDuration(_ duration: UInt64) -> UInt32 {
    guard duration > 0 else { return HandleTable.ready }
    let (instant, overflow) = system.clock.monotonic().addingReportingOverflow(duration)
    return subscribe(until: overflow ? .max : instant)
}

private func subscribe(until instant: UInt64) -> UInt32 {
    do throws(ErrorCode) {
        return try system.handles.insert(.timer(instant))
    } catch {
        // There is no way to report this. A timer that is over at once is the least harm.
        return HandleTable.ready
    }
}

@_expose(wasm, "wasi:clocks/wall-clock#now")
@c
func wallNow(_ result: UInt32) {
    let now = system.clock.wall()
    let area = ReturnArea(result)
    area.store(now.seconds, at: 0)
    area.store(now.nanoseconds, at: 8)
}

@_expose(wasm, "wasi:clocks/wall-clock#resolution")
@c
func wallResolution(_ result: UInt32) {
    let area = ReturnArea(result)
    let resolution = Timestamp(nanosecondsSince1970: monotonicResolution())
    area.store(resolution.seconds, at: 0)
    area.store(resolution.nanoseconds, at: 8)
}

// Every place in here is on UTC.

@_expose(wasm, "wasi:clocks/timezone#display")
@c
func timezoneDisplay(_ seconds: UInt64, _ nanoseconds: UInt32, _ result: UInt32) {
    let area = ReturnArea(result)
    area.store(UInt32(0), at: 0)
    area.store(
        GuestList.copy(of: [UInt8(ascii: "U"), UInt8(ascii: "T"), UInt8(ascii: "C")])
            ?? .empty(alignment: 1),
        at: 4
    )
    area.store(UInt8(0), at: 12)
}

@_expose(wasm, "wasi:clocks/timezone#utc-offset")
@c
func timezoneOffset(_ seconds: UInt64, _ nanoseconds: UInt32) -> UInt32 { 0 }
