// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// wasi:cli
// https://github.com/WebAssembly/wasi-cli

@_expose(wasm, "wasi:cli/environment#get-environment")
@c
func environmentGet(_ result: UInt32) {
    let area = ReturnArea(result)
    let entries = system.environment
    guard let list = GuestList.allocate(entries.count, stride: 16, alignment: 4) else {
        return area.store(.empty(alignment: 4), at: 0)
    }
    let elements = ReturnArea(list.address)
    for (index, entry) in entries.enumerated() {
        elements.store(GuestList.copy(of: entry.key) ?? .empty(alignment: 1), at: index * 16)
        elements.store(GuestList.copy(of: entry.value) ?? .empty(alignment: 1), at: index * 16 + 8)
    }
    area.store(list, at: 0)
}

@_expose(wasm, "wasi:cli/environment#get-arguments")
@c
func environmentGetArguments(_ result: UInt32) {
    let area = ReturnArea(result)
    let arguments = system.arguments
    guard let list = GuestList.allocate(arguments.count, stride: 8, alignment: 4) else {
        return area.store(.empty(alignment: 4), at: 0)
    }
    let elements = ReturnArea(list.address)
    for (index, argument) in arguments.enumerated() {
        elements.store(GuestList.copy(of: argument) ?? .empty(alignment: 1), at: index * 8)
    }
    area.store(list, at: 0)
}

@_expose(wasm, "wasi:cli/environment#initial-cwd")
@c
func environmentInitialCwd(_ result: UInt32) {
    let area = ReturnArea(result)
    guard let path = GuestList.copy(of: system.workingDirectory) else { return area.store(UInt8(0), at: 0) }
    area.store(UInt8(1), at: 0)
    area.store(path, at: 4)
}

@_expose(wasm, "wasi:cli/exit#exit")
@c
func exitWithStatus(_ status: UInt32) {
    hostExit(status == 0 ? 0 : 1)
    // Whoever called this does not expect it to return.
    fatalError()
}

@_expose(wasm, "wasi:cli/exit#exit-with-code")
@c
func exitWithCode(_ code: UInt32) {
    hostExit(code & 0xff)
    fatalError()
}

@_expose(wasm, "wasi:cli/stdin#get-stdin")
@c
func getStandardInput() -> UInt32 { HandleTable.standardInput }

@_expose(wasm, "wasi:cli/stdout#get-stdout")
@c
func getStandardOutput() -> UInt32 { HandleTable.standardOutput }

@_expose(wasm, "wasi:cli/stderr#get-stderr")
@c
func getStandardError() -> UInt32 { HandleTable.standardError }

// There is never a terminal.

@_expose(wasm, "wasi:cli/terminal-stdin#get-terminal-stdin")
@c
func getTerminalInput(_ result: UInt32) { ReturnArea(result).store(UInt8(0), at: 0) }

@_expose(wasm, "wasi:cli/terminal-stdout#get-terminal-stdout")
@c
func getTerminalOutput(_ result: UInt32) { ReturnArea(result).store(UInt8(0), at: 0) }

@_expose(wasm, "wasi:cli/terminal-stderr#get-terminal-stderr")
@c
func getTerminalError(_ result: UInt32) { ReturnArea(result).store(UInt8(0), at: 0) }

@_expose(wasm, "wasi:cli/terminal-input#[resource-drop]terminal-input")
@c
func dropTerminalInput(_ handle: UInt32) {}

@_expose(wasm, "wasi:cli/terminal-output#[resource-drop]terminal-output")
@c
func dropTerminalOutput(_ handle: UInt32) {}
