// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What this module imports: the whole of a sandbox's contact with the outside. Everything is a number; where bytes
// move, the host reads or writes the guest's memory at an address and length that it checks itself.

/// Takes `length` bytes of output at `address`; stream 1 is standard output, 2 is standard error.
///
/// Returns an `OutputStatus`.
@_extern(wasm, module: "terrarium:sandbox/host", name: "output")
@_extern(c)
func hostOutput(_ stream: UInt32, _ address: UInt32, _ length: UInt32) -> UInt32

/// Writes at most `capacity` bytes of standard input to `address`, and returns how many; 0 is the end of the input.
@_extern(wasm, module: "terrarium:sandbox/host", name: "input")
@_extern(c)
func hostInput(_ address: UInt32, _ capacity: UInt32) -> UInt32

/// Nanoseconds on clock 0 (monotonic) or clock 1 (since 1970).
@_extern(wasm, module: "terrarium:sandbox/host", name: "clock")
@_extern(c)
func hostClock(_ clock: UInt32) -> UInt64

/// 64 unpredictable bits.
@_extern(wasm, module: "terrarium:sandbox/host", name: "random-u64")
@_extern(c)
func hostRandom() -> UInt64

/// Writes `length` unpredictable bytes to `address`.
@_extern(wasm, module: "terrarium:sandbox/host", name: "random-bytes")
@_extern(c)
func hostRandomBytes(_ address: UInt32, _ length: UInt32)

/// Waits.
///
/// Returns 0 after the whole time, anything else to end the guest's wait early as if the time were over.
@_extern(wasm, module: "terrarium:sandbox/host", name: "sleep")
@_extern(c)
func hostSleep(_ nanoseconds: UInt64) -> UInt32

/// Ends the guest; does not return.
@_extern(wasm, module: "terrarium:sandbox/host", name: "exit")
@_extern(c)
func hostExit(_ code: UInt32)

// What the image provides; the pass that merges this module with a guest defines these functions.

/// Where the configuration that is part of the image starts; see `Configuration`.
@_extern(wasm, module: "terrarium:sandbox/image", name: "configuration-address")
@_extern(c)
func imageConfigurationAddress() -> UInt32

/// How long the configuration that is part of the image is; 0 if there is none.
@_extern(wasm, module: "terrarium:sandbox/image", name: "configuration-length")
@_extern(c)
func imageConfigurationLength() -> UInt32

/// Where the first memory for what lives in here starts: at a multiple of 64 KiB, filled with zeros.
@_extern(wasm, module: "terrarium:sandbox/image", name: "arena-address")
@_extern(c)
func imageArenaAddress() -> UInt32

/// How many bytes the arena has: a multiple of 64 KiB, at least 128 KiB.
@_extern(wasm, module: "terrarium:sandbox/image", name: "arena-length")
@_extern(c)
func imageArenaLength() -> UInt32

/// Adds wasm pages to the memory and returns the address of the first, or the largest `UInt32` if there are none.
@_extern(wasm, module: "terrarium:sandbox/image", name: "grow-memory")
@_extern(c)
func growMemory(_ pages: UInt32) -> UInt32

/// Calls the `realloc` of a canonical lowering: one of those that the guest named for its imports.
@_extern(wasm, module: "terrarium:sandbox/image", name: "reallocate")
@_extern(c)
func imageReallocate(
    _ allocator: UInt32,
    _ old: UInt32,
    _ oldBytes: UInt32,
    _ alignment: UInt32,
    _ bytes: UInt32
) -> UInt32

/// What the host says about output.
enum OutputStatus {
    static let accepted: UInt32 = 0
    /// Nobody listens: the guest sees a closed stream.
    static let closed: UInt32 = 1
    /// The output quota is used up: the guest sees a full device.
    static let full: UInt32 = 2
}
