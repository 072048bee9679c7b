// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import ComponentLinking
@testable import ComponentModel
@testable import WASIVirtualization

struct VirtualizeTests {
    @Test("A Python component does with GuestWASI what it does with the engine's own WASI")
    func pythonComponent() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let ordinary = try await buildPythonComponent(in: folder.url)
        let linked = try LinkedComponent(linking: Component(decoding: ordinary))

        var files = GuestFiles()
        try files.add(file: "/etc/motd", contents: Array("hello from the image\n".utf8))
        try files.add(directory: "/lib", isReadOnly: true)
        try files.add(file: "/lib/thing.py", contents: Array("x = 42\n".utf8))
        try files.add(symbolicLink: "/link", target: "etc/motd")
        let surroundings = GuestConfiguration(
            environment: ["HOME": "/home", "NAME": "é"],
            preopens: ["/"],
            files: files
        )
        let reproducible = GuestConfiguration(
            preopens: ["/"],
            quotas: GuestConfiguration.Quotas(maxFileBytes: 1_000_000, maxFiles: 100, maxHandles: 50),
            clock: .virtual(start: 1_780_000_000_000_000_000),
            randomness: .seeded(7)
        )
        var environment = ["COMPONENT": folder.url.appending(path: "component.wasm").path()]
        for (name, options) in [
            ("VIRTUALIZED", Virtualization(configuration: surroundings)),
            ("REPRODUCIBLE", Virtualization(configuration: reproducible)),
            ("WITH_LISTS", Virtualization(output: .list)),
        ] {
            var copy = linked
            let report = try copy.virtualize(options)
            #expect(report.remainingImports == [GuestWASI.hostInterface])
            #expect(report.trapping.isEmpty)
            #expect(report.implemented.count > 60)
            // Python may only use sockets that do not exist.
            #expect(report.refused.allSatisfy { $0.hasPrefix("wasi:sockets/") }, "\(report.refused)")
            let globals = try copy.moveGlobalsToMemory()
            #expect(globals.kept.count == 1, "GuestWASI shares the guest's stack")
            let binary = try copy.component().encoded()
            let file = folder.url.appending(path: "\(name).wasm")
            try Data(binary).write(to: file)
            try await HostTools.run("wasm-tools", ["validate", "--features", "all", file.path()], in: folder.url)
            environment[name] = file.path()
        }
        try await Harness.runTests("test_virtualized", environment: environment)
    }

    @Test("What GuestWASI does not have refuses with an error of its type")
    func refusals() async throws {
        var linked = try await link(Self.component(importing: "wasi:example/things@0.2.7"))
        let report = try linked.virtualize()
        #expect(report.refused.count == 8)
        #expect(report.trapping.isEmpty)
        // The results are what the core function puts together from what it finds in its memory.
        try await expect(
            linked,
            results: [
                "wide": 0x01_02, "narrow": 1, "names": 0x04_00, "flag": 0, "nothing": 0, "choice": 2, "handle": 0,
            ]
        )
    }

    @Test(
        "Functions and interfaces of other packages and versions stay imports",
        arguments: [
            "wasi:example/things@0.3.0", "other:example/things@0.2.0",
        ]
    )
    func otherImports(name: String) async throws {
        var linked = try await link(Self.component(importing: name))
        let report = try linked.virtualize()
        #expect(report.remainingImports == [name, GuestWASI.hostInterface])
        #expect(report.refused.isEmpty)
    }

    @Test("Imports can be kept by interface and by package", arguments: ["wasi:example", "wasi:example/things"])
    func keptImports(name: String) async throws {
        var linked = try await link(Self.component(importing: "wasi:example/things@0.2.7"))
        let report = try linked.virtualize(Virtualization(keptImports: [name]))
        #expect(report.remainingImports == ["wasi:example/things@0.2.7", GuestWASI.hostInterface])
    }

    @Test("Keeping imports that share resources with others is an error that names them")
    func sharedResources() async throws {
        var linked = try await link(Self.sharing)
        let error = #expect(throws: ComponentsError.self) {
            try linked.virtualize(Virtualization(keptImports: ["wasi:http"]))
        }
        #expect(error?.code == .notLinkable)
        #expect(error?.message.contains("wasi:io/streams@0.2.0") == true, "\(error?.message ?? "")")
        var again = try await link(Self.sharing)
        let report = try again.virtualize(Virtualization(keptImports: ["wasi:http", "wasi:io"]))
        #expect(report.remainingImports.count == 3)
    }

    @Test("A signature other than WASI's is not bound")
    func otherSignature() async throws {
        let text = """
            (component
              (import "wasi:cli/exit@0.2.0" (instance $i (export "exit" (func (param "a" u64) (param "b" u32)))))
              (core func $exit (canon lower (func $i "exit")))
              (core module $m
                (import "i" "exit" (func $exit (param i64 i32)))
                (memory (export "memory") 1)
                (func (export "run") (call $exit (i64.const 1) (i32.const 2))))
              (core instance $c (instantiate $m (with "i" (instance (export "exit" (func $exit))))))
              (func (export "run") (canon lift (core func $c "run"))))
            """
        var linked = try await link(text)
        let report = try linked.virtualize()
        #expect(report.implemented.isEmpty)
        #expect(report.refused == ["wasi:cli/exit#exit"])
        try await expect(linked, results: ["run": nil])
    }

    @Test("Without a memory of 32 bits there is nowhere to live", arguments: ["", "(memory i64 1)"])
    func noMemory(memory: String) async throws {
        let text = """
            (component
              (core module $m \(memory) (func (export "run")))
              (core instance $c (instantiate $m))
              (func (export "run") (canon lift (core func $c "run"))))
            """
        var linked = try await link(text)
        let error = #expect(throws: ComponentsError.self) { try linked.virtualize() }
        #expect(error?.code == .notLinkable)
    }

    @Test("The module can be placed anywhere and has no relocations but those that can be applied")
    func placement() throws {
        let module = RelocatableModule(GuestWASIModule.binary())
        let low = try module.placed(at: 0)
        let high = try module.placed(at: 0x7fff_0000)
        #expect(low.bodies.count == high.bodies.count)
        #expect(low.imports.map(\.name).last == "memory")
        #expect(low.exports.allSatisfy { $0.kind == .function })
        #expect(low.globals.count == 1)
        let total = low.data.reduce(0) { $0 + $1.bytes.count }
        #expect(total > 0 && total < 8192, "what is zero needs no data")
        for (one, other) in zip(low.data, high.data) {
            guard case .active(_, let first) = one.mode, case .active(_, let second) = other.mode else { continue }
            #expect(
                (second.evaluate { _ in nil }?.unsigned ?? 0) - (first.evaluate { _ in nil }?.unsigned ?? 0)
                    == 0x7fff_0000
            )
        }
    }

    @Test("Trees of files are checked")
    func files() throws {
        var files = GuestFiles()
        #expect(files.isEmpty)
        try files.add(file: "/a/b/c", contents: [1])
        #expect(!files.isEmpty)
        try files.add(directory: "/a", modified: 5)
        for path in ["/a/b/c", "a/b", "/a/../x", "/a/./x", "/", "/a/b/c/d", "/\(String(repeating: "x", count: 256))"] {
            #expect(throws: ComponentsError.self) { try files.add(file: path, contents: []) }
        }
        #expect(throws: ComponentsError.self) { try files.add(symbolicLink: "/l", target: "") }
        #expect(throws: ComponentsError.self) { try files.add(directory: "/a/b/c") }
    }

    // MARK: - Components

    private func buildPythonComponent(in folder: URL) async throws -> [UInt8] {
        let wit = """
            package local:sandbox;
            world sandbox {
              export eval: func(expression: string) -> result<string, string>;
              export exec: func(statements: string) -> result<_, string>;
            }
            """
        try Data(wit.utf8).write(to: folder.appending(path: "sandbox.wit"))
        let output = folder.appending(path: "component.wasm")
        try await HostTools.run(
            "componentize-py",
            [
                "-d", folder.appending(path: "sandbox.wit").path(), "-w", "sandbox",
                "componentize", "guest_program", "-o", output.path(),
            ],
            in: Harness.folder
        )
        return [UInt8](try Data(contentsOf: output))
    }

    private func link(_ text: String) async throws -> LinkedComponent {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let binary = try await HostTools.assemble(text, name: "component", in: folder)
        return try LinkedComponent(linking: Component(decoding: [UInt8](try Data(contentsOf: binary))))
    }

    /// Runs exported functions without parameters and compares what they return.
    private func expect(_ linked: LinkedComponent, results: [String: Int?]) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let file = folder.url.appending(path: "virtualized.wasm")
        try Data(try linked.component().encoded()).write(to: file)
        try await HostTools.run("wasm-tools", ["validate", "--features", "all", file.path()], in: folder.url)
        let checks = results.map { name, value in
            "assert sandbox.call('\(name)') == \(value.map(String.init) ?? "None"), ('\(name)', sandbox.call('\(name)'))"
        }
        let program = """
            import sys
            from virtualized import Sandbox
            sandbox = Sandbox(sys.argv[1])
            \(checks.joined(separator: "\n"))
            """
        try await Harness.run(HostPython.program, ["-c", program, file.path()])
    }

    /// A component with functions of many types, whose exports show what came back from each.
    private static func component(importing name: String) -> String {
        """
        (component
          (import "\(name)" (instance $i
            (type $code' (enum "unknown" "other" "access-denied" "not-supported"))
            (export "code" (type $code (eq $code')))
            (type $choice' (variant (case "text" string) (case "number" u32) (case "not-supported")))
            (export "choice" (type $choice (eq $choice')))
            (export "thing" (type $thing (sub resource)))
            (export "get-wide" (func (result (result u64 (error $code)))))
            (export "get-narrow" (func (result (result))))
            (export "get-names" (func (param "a" string) (result (list string))))
            (export "get-flag" (func (result bool)))
            (export "do-nothing" (func (param "a" u64)))
            (export "get-choice" (func (result $choice)))
            (export "[constructor]thing" (func (result (own $thing))))))
          (alias export $i "thing" (type $thing))
          (core module $libc
            (memory (export "memory") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
          (core instance $libc (instantiate $libc))
          (alias core export $libc "memory" (core memory $memory))
          (alias core export $libc "realloc" (core func $realloc))
          (core func $wide (canon lower (func $i "get-wide") (memory $memory)))
          (core func $narrow (canon lower (func $i "get-narrow")))
          (core func $names (canon lower (func $i "get-names") (memory $memory) (realloc $realloc)))
          (core func $flag (canon lower (func $i "get-flag")))
          (core func $nothing (canon lower (func $i "do-nothing")))
          (core func $choice (canon lower (func $i "get-choice") (memory $memory) (realloc $realloc)))
          (core func $handle (canon lower (func $i "[constructor]thing")))
          (core func $drop (canon resource.drop $thing))
          (core module $m
            (import "libc" "memory" (memory 1))
            (import "i" "wide" (func $wide (param i32)))
            (import "i" "narrow" (func $narrow (result i32)))
            (import "i" "names" (func $names (param i32 i32 i32)))
            (import "i" "flag" (func $flag (result i32)))
            (import "i" "nothing" (func $nothing (param i64)))
            (import "i" "choice" (func $choice (param i32)))
            (import "i" "handle" (func $handle (result i32)))
            (import "i" "drop" (func $drop (param i32)))
            (func $dirty (memory.fill (i32.const 64) (i32.const 0xaa) (i32.const 64)))
            (func (export "wide") (result i32)
              (call $dirty) (call $wide (i32.const 64))
              (i32.or (i32.shl (i32.load8_u (i32.const 64)) (i32.const 8)) (i32.load8_u (i32.const 72))))
            (func (export "narrow") (result i32) (call $narrow))
            (func (export "names") (result i32)
              (call $dirty) (call $names (i32.const 0) (i32.const 0) (i32.const 64))
              (i32.or (i32.shl (i32.load (i32.const 64)) (i32.const 8)) (i32.load (i32.const 68))))
            (func (export "flag") (result i32) (call $flag))
            (func (export "nothing") (result i32) (call $nothing (i64.const 1)) (i32.const 0))
            (func (export "choice") (result i32)
              (call $dirty) (call $choice (i32.const 64)) (i32.load8_u (i32.const 64)))
            (func (export "handle") (result i32) (local i32)
              (local.set 0 (call $handle)) (call $drop (local.get 0)) (local.get 0)))
          (core instance $c (instantiate $m (with "libc" (instance $libc)) (with "i" (instance
            (export "wide" (func $wide)) (export "narrow" (func $narrow)) (export "names" (func $names))
            (export "flag" (func $flag)) (export "nothing" (func $nothing)) (export "choice" (func $choice))
            (export "handle" (func $handle)) (export "drop" (func $drop))))))
          (func (export "wide") (result u32) (canon lift (core func $c "wide")))
          (func (export "narrow") (result u32) (canon lift (core func $c "narrow")))
          (func (export "names") (result u32) (canon lift (core func $c "names")))
          (func (export "flag") (result u32) (canon lift (core func $c "flag")))
          (func (export "nothing") (result u32) (canon lift (core func $c "nothing")))
          (func (export "choice") (result u32) (canon lift (core func $c "choice")))
          (func (export "handle") (result u32) (canon lift (core func $c "handle"))))
        """
    }

    /// A component that uses one interface whose resource is that of another.
    private static let sharing = """
        (component
          (import "wasi:io/streams@0.2.0" (instance $io (export "output-stream" (type (sub resource)))))
          (alias export $io "output-stream" (type $stream))
          (import "wasi:http/types@0.2.0" (instance $http
            (export "output-stream" (type $s (eq $stream)))
            (export "body" (func (result (own $s))))))
          (core func $body (canon lower (func $http "body")))
          (core module $m
            (import "i" "body" (func $body (result i32)))
            (memory (export "memory") 1)
            (func (export "run") (drop (call $body))))
          (core instance $c (instantiate $m (with "i" (instance (export "body" (func $body))))))
          (func (export "run") (canon lift (core func $c "run"))))
        """
}
