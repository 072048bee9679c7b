// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the adapter imports: the functions of WASI that may be granted, lowered as the canonical ABI says, and what the
// image provides. The pass that merges it makes functions that are not granted trap; the policies keep them uncalled.

@_extern(wasm, module: "wasi:cli/stdin", name: "get-stdin")
@_extern(c)
func wasiGetStandardInput() -> UInt32

@_extern(wasm, module: "wasi:cli/stdout", name: "get-stdout")
@_extern(c)
func wasiGetStandardOutput() -> UInt32

@_extern(wasm, module: "wasi:cli/stderr", name: "get-stderr")
@_extern(c)
func wasiGetStandardError() -> UInt32

/// `result<_, stream-error>` of 12 bytes.
@_extern(wasm, module: "wasi:io/streams", name: "[method]output-stream.blocking-write-and-flush")
@_extern(c)
func wasiWrite(_ stream: UInt32, _ address: UInt32, _ length: UInt32, _ result: UInt32)

/// `result<list<u8>, stream-error>` of 12 bytes.
@_extern(wasm, module: "wasi:io/streams", name: "[method]input-stream.blocking-read")
@_extern(c)
func wasiRead(_ stream: UInt32, _ length: UInt64, _ result: UInt32)

@_extern(wasm, module: "wasi:io/error", name: "[resource-drop]error")
@_extern(c)
func wasiDropError(_ error: UInt32)

@_extern(wasm, module: "wasi:io/poll", name: "[method]pollable.block")
@_extern(c)
func wasiBlock(_ pollable: UInt32)

@_extern(wasm, module: "wasi:io/poll", name: "[resource-drop]pollable")
@_extern(c)
func wasiDropPollable(_ pollable: UInt32)

@_extern(wasm, module: "wasi:clocks/monotonic-clock", name: "now")
@_extern(c)
func wasiMonotonicNow() -> UInt64

@_extern(wasm, module: "wasi:clocks/monotonic-clock", name: "subscribe-duration")
@_extern(c)
func wasiSubscribe(_ nanoseconds: UInt64) -> UInt32

/// The function `now`, whose `datetime` has 16 bytes.
///
/// The tools want different names for different imports.
@_extern(wasm, module: "wasi:clocks/wall-clock", name: "wall-now")
@_extern(c)
func wasiWallNow(_ result: UInt32)

@_extern(wasm, module: "wasi:random/random", name: "get-random-u64")
@_extern(c)
func wasiRandom() -> UInt64

@_extern(wasm, module: "wasi:cli/exit", name: "exit")
@_extern(c)
func wasiExit(_ status: UInt32)

/// `list<tuple<string, string>>`.
@_extern(wasm, module: "wasi:cli/environment", name: "get-environment")
@_extern(c)
func wasiGetEnvironment(_ result: UInt32)

/// The same of GuestWASI, to which the guest's calls go on.
@_extern(wasm, module: "terrarium:sandbox/guest", name: "guest-get-environment")
@_extern(c)
func guestGetEnvironment(_ result: UInt32)

/// See `ABI.md`.
@_extern(wasm, module: "terrarium:sandbox/control", name: "allocate")
@_extern(c)
func controlAllocate(_ count: UInt32) -> UInt32

/// See `ABI.md`.
@_extern(wasm, module: "terrarium:sandbox/control", name: "configure")
@_extern(c)
func controlConfigure(_ address: UInt32, _ length: UInt32) -> UInt32

/// What may be done with standard output; see `Policy`.
@_extern(wasm, module: "terrarium:sandbox/image", name: "standard-output-policy")
@_extern(c)
func standardOutputPolicy() -> UInt32

@_extern(wasm, module: "terrarium:sandbox/image", name: "standard-error-policy")
@_extern(c)
func standardErrorPolicy() -> UInt32

@_extern(wasm, module: "terrarium:sandbox/image", name: "standard-input-policy")
@_extern(c)
func standardInputPolicy() -> UInt32

/// Where standard input lies that is part of the image, for the policy `ignore`.
@_extern(wasm, module: "terrarium:sandbox/image", name: "standard-input-address")
@_extern(c)
func standardInputAddress() -> UInt32

@_extern(wasm, module: "terrarium:sandbox/image", name: "standard-input-length")
@_extern(c)
func standardInputLength() -> UInt32

/// Names of environment variables: each a u32 with the number of bytes, then the bytes.
@_extern(wasm, module: "terrarium:sandbox/image", name: "inherited-names-address")
@_extern(c)
func inheritedNamesAddress() -> UInt32

/// How many bytes the names take; the largest `UInt32` stands for all names there are.
@_extern(wasm, module: "terrarium:sandbox/image", name: "inherited-names-length")
@_extern(c)
func inheritedNamesLength() -> UInt32
