// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Components whose module has a start function, which runs before anybody calls an export.
@Suite(.timeLimit(.minutes(5)))
struct StartFunctionTests {
    /// A component whose `eval` answers the digit that the memory has at 64.
    ///
    /// It is a 0 unless the start function changed it. Its `exec` traps.
    private static func component(
        start: String,
        imports: (component: String, core: String, arguments: String) = ("", "", "")
    )
        -> String
    {
        """
        (component
          \(imports.component)
          (core module $m
            \(imports.core)
            (memory (export "memory") 1)
            (data (i32.const 64) "0")
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
            (func (export "exec") (param i32 i32) (result i32) (unreachable))
            (func (export "eval") (param i32 i32) (result i32)
              (i32.store8 (i32.const 16) (i32.const 0))
              (i32.store (i32.const 20) (i32.const 64))
              (i32.store (i32.const 24) (i32.const 1))
              (i32.const 16))
            (func $start \(start))
            (start $start))
          (core instance $i (instantiate $m \(imports.arguments)))
          (alias core export $i "memory" (core memory $memory))
          (alias core export $i "realloc" (core func $realloc))
          (alias core export $i "exec" (core func $exec))
          (alias core export $i "eval" (core func $eval))
          (type $exec-type (func (param "statements" string) (result (result (error string)))))
          (type $eval-type (func (param "expression" string) (result (result string (error string)))))
          (func $lifted-exec (type $exec-type) (canon lift (core func $exec) (memory $memory) (realloc $realloc)))
          (func $lifted-eval (type $eval-type) (canon lift (core func $eval) (memory $memory) (realloc $realloc)))
          (export "exec" (func $lifted-exec))
          (export "eval" (func $lifted-eval)))
        """
    }

    private static let endless = component(start: "(loop $again (br $again))")

    /// Adds 1 to the digit.
    private static let counting = component(
        start: "(i32.store8 (i32.const 64) (i32.add (i32.load8_u (i32.const 64)) (i32.const 1)))"
    )

    /// A start function that stores what a function of WASI without parameters answers.
    private static func importing(_ interface: String, _ function: String) -> String {
        component(
            start: "(i64.store (i32.const 128) (call $f))",
            imports: (
                """
                (import "\(interface)" (instance $w (export "\(function)" (func (result u64)))))
                (core func $f (canon lower (func $w "\(function)")))
                """,
                "(import \"w\" \"f\" (func $f (result i64)))",
                "(with \"w\" (instance (export \"f\" (func $f))))"
            )
        )
    }

    private let folder: TemporaryFolder
    private let parts: Parts

    init() throws {
        folder = try TemporaryFolder()
        parts = Parts(folder: URL(filePath: try HostTools.partsFolder))
    }

    private var cache: CodeCache { CodeCache(folder: folder.url.appending(path: "cache")) }

    private func build(_ text: String, startTime: Duration = .seconds(60)) async throws -> Image {
        let component = try await HostTools.assemble(text, name: "component", in: folder)
        let (parts, cache, destination) = (parts, cache, folder.url.appending(path: "image.terrarium"))
        return try await OwnThread.run {
            var builder = ImageBuilder(source: component, parts: parts, cache: cache)
            builder.startTime = startTime
            return Image(try builder.build(to: destination))
        }
    }

    @Test("A start function runs once, while the image is built, and its effects are in every sandbox")
    func once() async throws {
        let image = try await build(Self.counting)
        let stored = try await Image(
            contentsOf: folder.url.appending(path: "image.terrarium"),
            parts: parts,
            cache: cache
        )
        for image in [image, stored, image] {
            try image.probe { guest in
                let digit = try guest.evaluate("")
                #expect(digit == 1)
                #expect(throws: (any Error).self) { try guest.execute("") }
            }
        }
        // Neither locks nor memos of files are left of the build.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "cache").path)
        #expect(names.allSatisfy { $0.hasSuffix(".cwasm") || $0.hasSuffix(".record") || $0.hasSuffix(".source") })
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
                == ["cache", "component.wasm", "component.wat", "image.terrarium"]
        )
    }

    @Test("An endless start function ends with its time, and no image is written")
    func endless() async throws {
        let error = await #expect(throws: SandboxError.self) {
            try await build(Self.endless, startTime: .milliseconds(200))
        }
        #expect(error?.code == .invalidComponent)
        #expect(error?.message.contains("start function") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "image.terrarium").path))
    }

    @Test("A start function that crashes, or asks for more memory than there may be, is refused")
    func crashing() async throws {
        for start in ["(unreachable)", "(i32.store (i32.const -1) (i32.const 0))"] {
            let error = await #expect(throws: SandboxError.self) { try await build(Self.component(start: start)) }
            #expect(error?.code == .invalidComponent)
            #expect(error?.message.contains("start function") == true)
        }
    }

    @Test("A start function that draws random numbers is refused, since all sandboxes would share them")
    func random() async throws {
        let text = Self.importing("wasi:random/random@0.2.0", "get-random-u64")
        let error = await #expect(throws: SandboxError.self) { try await build(text) }
        #expect(error?.code == .invalidComponent)
        #expect(error?.message.contains("random numbers") == true)
        // One that looks at a clock gets the same time in each image.
        _ = try await build(Self.importing("wasi:clocks/monotonic-clock@0.2.0", "now"))
    }

    @Test("An image that somebody made with a start function in it is refused when it is loaded")
    func forgedImage() async throws {
        for start in ["(loop $again (br $again))", ""] {
            let error = await #expect(throws: SandboxError.self) { try await HostileImage(start: start) }
            #expect(error?.code == .invalidImage)
            #expect(error?.message.contains("start function") == true)
        }
    }

    @Test("The start function of a component that runs as it is has the time of its first call, and can be cancelled")
    func plainComponent() async throws {
        let component = try await HostTools.assemble(Self.endless, name: "component", in: folder)
        var limits = Limits()
        limits.time = .milliseconds(100)
        let timed = try await PlainComponent(contentsOf: component, limits: limits, parts: parts, cache: cache)
        let error = await #expect(throws: SandboxError.self) { try await timed.eval("") }
        #expect(error?.code == .timeLimit)
        #expect(error?.breach?.limit == .time)
        let lost = await #expect(throws: SandboxError.self) { try await timed.eval("") }
        #expect(lost?.code == .trap)
        limits.time = nil
        let unlimited = try await PlainComponent(contentsOf: component, limits: limits, parts: parts, cache: cache)
        let task = Task { try await unlimited.eval("") }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let counting = try await HostTools.assemble(Self.counting, name: "counting", in: folder)
        let plain = try await PlainComponent(contentsOf: counting, parts: parts, cache: cache)
        for _ in 0..<3 { #expect(try await plain.eval("") == 1) }
    }
}
