// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:io/streams. Nothing here ever has to wait except standard input, so blocking and other variants are the same.
// https://github.com/WebAssembly/wasi-io/blob/main/wit/streams.wit

/// Runs an operation and writes `result<_, stream-error>`, with the error where the payload's alignment puts it.
@inline(__always)
private func answer(_ address: UInt32, errorAt offset: Int = 4, _ body: (ReturnArea) throws(StreamError) -> Void) {
    let area = ReturnArea(address)
    do throws(StreamError) {
        try body(area)
        area.store(UInt8(0), at: 0)
    } catch {
        store(error, in: area, at: offset)
    }
}

@inline(never)
private func store(_ error: StreamError, in area: ReturnArea, at offset: Int) {
    area.store(UInt8(1), at: 0)
    // Without a handle to spare for the reason, the stream is just closed.
    if case .failed(let code) = error, let handle = try? system.handles.insert(.error(code)) {
        area.store(UInt8(0), at: offset)
        area.store(handle, at: offset + 4)
    } else {
        area.store(UInt8(1), at: offset)
    }
}

// MARK: - Input

@_expose(wasm, "wasi:io/streams#[method]input-stream.read")
@c
func inputRead(_ handle: UInt32, _ length: UInt64, _ result: UInt32) {
    answer(result) { (area) throws(StreamError) in
        area.store(try system.handles.input(handle).read(length), at: 4)
    }
}

@_expose(wasm, "wasi:io/streams#[method]input-stream.blocking-read")
@c
func inputBlockingRead(_ handle: UInt32, _ length: UInt64, _ result: UInt32) { inputRead(handle, length, result) }

@_expose(wasm, "wasi:io/streams#[method]input-stream.skip")
@c
func inputSkip(_ handle: UInt32, _ length: UInt64, _ result: UInt32) {
    answer(result, errorAt: 8) { (area) throws(StreamError) in
        area.store(try system.handles.input(handle).skip(length), at: 8)
    }
}

@_expose(wasm, "wasi:io/streams#[method]input-stream.blocking-skip")
@c
func inputBlockingSkip(_ handle: UInt32, _ length: UInt64, _ result: UInt32) { inputSkip(handle, length, result) }

@_expose(wasm, "wasi:io/streams#[method]input-stream.subscribe")
@c
func inputSubscribe(_ handle: UInt32) -> UInt32 { HandleTable.ready }

@_expose(wasm, "wasi:io/streams#[resource-drop]input-stream")
@c
func dropInput(_ handle: UInt32) {
    guard case .input = system.handles[handle] else { trapForWrongHandle() }
    system.handles.remove(handle)
}

// MARK: - Output

@_expose(wasm, "wasi:io/streams#[method]output-stream.check-write")
@c
func outputCheckWrite(_ handle: UInt32, _ result: UInt32) {
    answer(result, errorAt: 8) { (area) throws(StreamError) in
        _ = try system.handles.output(handle)
        area.store(OutputStream.permit, at: 8)
    }
}

@_expose(wasm, "wasi:io/streams#[method]output-stream.write")
@c
func outputWrite(_ handle: UInt32, _ address: UInt32, _ count: UInt32, _ result: UInt32) {
    lastWriteError = nil
    answer(result) { (_) throws(StreamError) in
        do throws(StreamError) {
            guard count <= 0x7fff_0000 else { throw .failed(.insufficientSpace) }
            try system.handles.output(handle).write(address, Int(count))
        } catch {
            if case .failed(let code) = error { lastWriteError = code }
            throw error
        }
    }
}

/// Why the last write to a stream failed.
nonisolated(unsafe) private var lastWriteError: ErrorCode?

/// Returns the `errno` of wasi-libc for the last failure of a write to a stream, once; 0 without one.
///
/// wasi-libc makes `EIO` of every such failure, so a full disk would look like a broken one. The pass wraps its `write`.
@_expose(wasm, "terrarium:sandbox/image#take-write-errno")
@c
func takeWriteErrno() -> UInt32 {
    defer { lastWriteError = nil }
    return switch lastWriteError {
    case nil: 0
    case .badDescriptor: 8
    case .fileTooLarge: 22
    case .invalid: 28
    case .insufficientMemory: 48
    case .insufficientSpace: 51
    case .readOnly: 69
    default: 29
    }
}

@_expose(wasm, "wasi:io/streams#[method]output-stream.blocking-write-and-flush")
@c
func outputBlockingWriteAndFlush(_ handle: UInt32, _ address: UInt32, _ count: UInt32, _ result: UInt32) {
    outputWrite(handle, address, count, result)
}

@_expose(wasm, "wasi:io/streams#[method]output-stream.flush")
@c
func outputFlush(_ handle: UInt32, _ result: UInt32) {
    answer(result) { (_) throws(StreamError) in _ = try system.handles.output(handle) }
}

@_expose(wasm, "wasi:io/streams#[method]output-stream.blocking-flush")
@c
func outputBlockingFlush(_ handle: UInt32, _ result: UInt32) { outputFlush(handle, result) }

@_expose(wasm, "wasi:io/streams#[method]output-stream.subscribe")
@c
func outputSubscribe(_ handle: UInt32) -> UInt32 { HandleTable.ready }

@_expose(wasm, "wasi:io/streams#[method]output-stream.write-zeroes")
@c
func outputWriteZeroes(_ handle: UInt32, _ count: UInt64, _ result: UInt32) {
    answer(result) { (_) throws(StreamError) in try system.handles.output(handle).writeZeros(count) }
}

@_expose(wasm, "wasi:io/streams#[method]output-stream.blocking-write-zeroes-and-flush")
@c
func outputBlockingWriteZeroesAndFlush(_ handle: UInt32, _ count: UInt64, _ result: UInt32) {
    outputWriteZeroes(handle, count, result)
}

@_expose(wasm, "wasi:io/streams#[method]output-stream.splice")
@c
func outputSplice(_ handle: UInt32, _ source: UInt32, _ count: UInt64, _ result: UInt32) {
    answer(result, errorAt: 8) { (area) throws(StreamError) in
        let input = try system.handles.input(source)
        area.store(try system.handles.output(handle).splice(input, count), at: 8)
    }
}

@_expose(wasm, "wasi:io/streams#[method]output-stream.blocking-splice")
@c
func outputBlockingSplice(_ handle: UInt32, _ source: UInt32, _ count: UInt64, _ result: UInt32) {
    outputSplice(handle, source, count, result)
}

@_expose(wasm, "wasi:io/streams#[resource-drop]output-stream")
@c
func dropOutput(_ handle: UInt32) {
    guard case .output = system.handles[handle] else { trapForWrongHandle() }
    system.handles.remove(handle)
}
