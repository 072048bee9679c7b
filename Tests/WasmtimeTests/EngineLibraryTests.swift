// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing
import Wasmtime

struct EngineLibraryTests {
    @Test("A missing library is one sentence that names the command that fetches it")
    func missing() {
        let error = #expect(throws: WasmtimeError.self) { try EngineLibrary.load(path: "/nowhere/libwasmtime.so") }
        #expect(error?.code == .libraryMissing)
        let message = error?.message ?? ""
        #expect(message.hasPrefix("the engine library is missing: /nowhere/libwasmtime.so cannot be read."))
        #expect(message.contains("`make setup`"))
    }

    @Test("A missing library names every place that was tried")
    func missingEverywhere() {
        let error = #expect(throws: WasmtimeError.self) { try EngineLibrary.load(firstOf: ["/a/lib.so", "/b/lib.so"]) }
        #expect(error?.code == .libraryMissing)
        #expect(error?.message.contains("/a/lib.so, /b/lib.so") == true)
    }

    @Test("Loading the library again is the same library, from any thread")
    func idempotent() async throws {
        let path = try TestEngine.libraryPath
        try await withThrowingTaskGroup(of: EngineLibrary.self) { group in
            for _ in 0..<16 { group.addTask { try EngineLibrary.load(path: path) } }
            for try await library in group { #expect(library.path == path) }
        }
        #expect(try EngineLibrary.load(firstOf: ["/nowhere/lib.so", path]).path == path)
    }

    @Test("A file that is no library is one sentence, in a process of its own")
    func notALibrary() async {
        await #expect(processExitsWith: .success) {
            do throws(WasmtimeError) {
                try EngineLibrary.load(path: #filePath)
                preconditionFailure("loaded a source file")
            } catch {
                precondition(error.code == .libraryUnusable)
                precondition(error.message.contains("make setup"))
            }
        }
    }

    @Test("A library of something else is one sentence, in a process of its own")
    func anotherLibrary() async {
        await #expect(processExitsWith: .success) {
            do throws(WasmtimeError) {
                let candidates = [
                    "/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6", "/lib64/libc.so.6",
                    "/usr/lib/libSystem.B.dylib",
                ]
                try EngineLibrary.load(firstOf: candidates)
                preconditionFailure("loaded the C library as engine")
            } catch {
                precondition(error.code == .libraryUnusable)
                precondition(error.message.contains("make setup"))
            }
        }
    }
}
