// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import Testing
import Wasmtime

struct WASITests {
    /// Writes a text to standard output, or ends the guest.
    static let guest = """
        (component
          (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
          (alias export $error "error" (type $error))
          (import "wasi:io/streams@0.2.0" (instance $streams
            (export "output-stream" (type $output (sub resource)))
            (alias outer 1 $error (type $error'))
            (export "error" (type $error (eq $error')))
            (type $stream-error' (variant (case "last-operation-failed" (own $error)) (case "closed")))
            (export "stream-error" (type $stream-error (eq $stream-error')))
            (export "[method]output-stream.blocking-write-and-flush" (func
              (param "self" (borrow $output)) (param "contents" (list u8))
              (result (result (error $stream-error)))))))
          (alias export $streams "output-stream" (type $output))
          (import "wasi:cli/stdout@0.2.0" (instance $stdout
            (alias outer 1 $output (type $output'))
            (export "output-stream" (type $output (eq $output')))
            (export "get-stdout" (func (result (own $output))))))
          (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
          (core module $memory
            (memory (export "memory") 1)
            (data (i32.const 100) "hello from wasi"))
          (core instance $memory (instantiate $memory))
          (core func $get (canon lower (func $stdout "get-stdout")))
          (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
            (memory (core memory $memory "memory"))))
          (core func $exit (canon lower (func $exit "exit")))
          (core module $code
            (import "" "memory" (memory 1))
            (import "" "get" (func $get (result i32)))
            (import "" "write" (func $write (param i32 i32 i32 i32)))
            (import "" "exit" (func $exit (param i32)))
            (func (export "hello") (result i32)
              (call $write (call $get) (i32.const 100) (i32.const 15) (i32.const 200))
              (i32.load8_u (i32.const 200)))
            (func (export "quit") (param i32) (call $exit (local.get 0))))
          (core instance $code (instantiate $code (with "" (instance
            (export "memory" (memory $memory "memory"))
            (export "get" (func $get)) (export "write" (func $write)) (export "exit" (func $exit))))))
          (func (export "hello") (result u32) (canon lift (core func $code "hello")))
          (func (export "quit") (param "failed" u32) (canon lift (core func $code "quit"))))
        """

    private func instance(_ wasi: WASIConfiguration) throws -> Instance {
        let engine = try TestEngine.make()
        let linker = Linker(engine: engine)
        try linker.addWASI()
        let store = Store(engine: engine)
        try store.setWASI(wasi)
        return try linker.instantiate(TestEngine.component(Self.guest, engine), in: store)
    }

    @Test("Output reaches the closure, before the call returns")
    func customOutput() throws {
        let written = Mutex<[UInt8]>([])
        var wasi = WASIConfiguration()
        wasi.standardOutput = .custom { bytes in written.withLock { $0 += bytes } }
        #expect(try instance(wasi).function("hello").call() == .u32(0))
        #expect(String(decoding: written.withLock { $0 }, as: UTF8.self) == "hello from wasi")
    }

    @Test("Output that the closure refuses is an error for the guest")
    func refusedOutput() throws {
        struct Full: Error {}
        var wasi = WASIConfiguration()
        wasi.standardOutput = .custom { _ in throw Full() }
        #expect(try instance(wasi).function("hello").call() == .u32(1))
    }

    @Test("Output reaches a file")
    func fileOutput() throws {
        try TemporaryFile.with([]) { path in
            var wasi = WASIConfiguration()
            wasi.standardOutput = .file(path)
            let hello = try instance(wasi).function("hello")
            #expect(try hello.call() == .u32(0))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello from wasi")
        }
    }

    @Test("A guest that exits says so with its status")
    func exit() throws {
        for status in [0, 1] as [Int32] {
            let quit = try instance(WASIConfiguration()).function("quit")
            let exit = #expect(throws: GuestExit.self) { try quit.call(.u32(UInt32(status))) }
            #expect(exit?.status == status)
        }
    }

    @Test("Instantiating with WASI in a store without is an error, not a crash")
    func missingConfiguration() throws {
        let engine = try TestEngine.make()
        let linker = Linker(engine: engine)
        try linker.addWASI()
        let component = try TestEngine.component(Self.guest, engine)
        let error = #expect(throws: WasmtimeError.self) { try linker.instantiate(component, in: Store(engine: engine)) }
        #expect(error?.code == .missingWASI)
    }

    @Test("What cannot be granted is an error that says what")
    func invalidConfigurations() throws {
        var missingFile = WASIConfiguration()
        missingFile.standardInput = .file("/nowhere")
        var missingDirectory = WASIConfiguration()
        missingDirectory.directories = [.init(hostPath: "/nowhere", guestPath: "/data")]
        var unwritable = WASIConfiguration()
        unwritable.standardError = .file("/nowhere/out")
        var zeroByte = WASIConfiguration()
        zeroByte.arguments = ["a\0b"]
        var zeroByteVariable = WASIConfiguration()
        zeroByteVariable.environment = ["A": "b\0"]
        for wasi in [missingFile, missingDirectory, unwritable, zeroByte, zeroByteVariable] {
            let store = try Store(engine: TestEngine.make())
            let error = #expect(throws: WasmtimeError.self) { try store.setWASI(wasi) }
            #expect(error?.code == .wasi)
        }
    }

    @Test("Everything that can be granted is accepted")
    func validConfiguration() throws {
        var wasi = WASIConfiguration()
        wasi.arguments = ["program", "--flag"]
        wasi.environment = ["HOME": "/", "EMPTY": ""]
        wasi.standardInput = .bytes(Array("input".utf8))
        wasi.standardError = .inherit
        wasi.directories = [.init(hostPath: NSTemporaryDirectory(), guestPath: "/tmp", isWritable: true)]
        wasi.allowsNetwork = true
        #expect(try instance(wasi).function("hello").call() == .u32(0))
    }
}
