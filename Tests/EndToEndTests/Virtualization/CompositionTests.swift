// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium virt`: components that cannot be linked into one memory.
@Suite(.timeLimit(.minutes(5)))
struct CompositionTests {
    private typealias Guests = VirtualizationGuests

    /// The same module twice, each time with a memory of its own: it writes the first variable of the environment to
    /// standard output, and returns 0, or 1 if that fails; and 9 without variables.
    private static let twoMemories = """
        (component
          (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
          (alias export $errors "error" (type $error))
          (import "wasi:io/streams@0.2.0" (instance $streams
            (export "output-stream" (type $stream (sub resource)))
            (export "error" (type $e (eq $error)))
            (type $failure' (variant (case "last-operation-failed" (own $e)) (case "closed")))
            (export "stream-error" (type $failure (eq $failure')))
            (export "[method]output-stream.blocking-write-and-flush"
              (func (param "self" (borrow $stream)) (param "contents" (list u8)) (result (result (error $failure)))))))
          (alias export $streams "output-stream" (type $stream))
          (import "wasi:cli/stdout@0.2.0" (instance $stdout
            (export "output-stream" (type $s (eq $stream)))
            (export "get-stdout" (func (result (own $s))))))
          (import "wasi:cli/environment@0.2.0" (instance $environment
            (export "get-environment" (func (result (list (tuple string string)))))))
          (core module $memory
            (memory (export "memory") 1)
            (global $top (mut i32) (i32.const 4096))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
              (global.set $top (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -8)))
              (global.get $top)
              (global.set $top (i32.add (global.get $top) (local.get 3)))))
          (core module $program
            (import "" "memory" (memory 1))
            (import "" "stdout" (func $stdout (result i32)))
            (import "" "write" (func $write (param i32 i32 i32 i32)))
            (import "" "environment" (func $environment (param i32)))
            (import "" "drop" (func $drop (param i32)))
            (func (export "run") (result i32) (local $stream i32) (local $variable i32)
              (call $environment (i32.const 16))
              (if (i32.eqz (i32.load (i32.const 20))) (then (return (i32.const 9))))
              (local.set $variable (i32.load (i32.const 16)))
              (local.set $stream (call $stdout))
              (call $write (local.get $stream)
                (i32.load offset=8 (local.get $variable)) (i32.load offset=12 (local.get $variable)) (i32.const 32))
              (call $drop (local.get $stream))
              (i32.load8_u (i32.const 32))))
          (core func $stdout (canon lower (func $stdout "get-stdout")))
          (core func $drop (canon resource.drop $stream))
          \(instance("a"))
          \(instance("b")))
        """

    private static func instance(_ name: String) -> String {
        """
        (core instance $memory-\(name) (instantiate $memory))
        (alias core export $memory-\(name) "memory" (core memory $m-\(name)))
        (alias core export $memory-\(name) "realloc" (core func $r-\(name)))
        (core func $write-\(name) (canon lower
          (func $streams "[method]output-stream.blocking-write-and-flush") (memory $m-\(name))))
        (core func $environment-\(name) (canon lower
          (func $environment "get-environment") (memory $m-\(name)) (realloc $r-\(name))))
        (core instance $program-\(name) (instantiate $program (with "" (instance
          (export "memory" (memory $m-\(name))) (export "stdout" (func $stdout))
          (export "write" (func $write-\(name))) (export "environment" (func $environment-\(name)))
          (export "drop" (func $drop))))))
        (func (export "run-\(name)") (result u32) (canon lift (core func $program-\(name) "run")))
        """
    }

    @Test("Two memories that both call WASI print what they print under the engine's own WASI", arguments: ["a", "b"])
    func twoMemories(name: String) async throws {
        let folder = try TemporaryFolder()
        let component = try await HostTools.assemble(Self.twoMemories, name: "component", in: folder)
        // host.py gives it this variable first.
        let expected = try await Guests.call(component, ["--wasi", "run-\(name)"])
        #expect(expected == "yes{\"result\": 0, \"log\": []}\n")

        let options = ["--env", "SEEN=yes", "--stdout", "allow"]
        let wrapped = try await Guests.wrap(component, options, in: folder)
        #expect(
            wrapped.imports == ["wasi:io/error@0.2.0", "wasi:io/streams@0.2.0", "wasi:cli/stdout@0.2.0"],
            "\(wrapped.imports)"
        )
        #expect(try await Guests.call(wrapped.component, ["--wasi", "run-\(name)"]) == expected)

        // Wrapped again, it is on its own: its output fails, and its variables are still there.
        let again = try await Guests.wrap(wrapped.component, [], in: folder, name: "again")
        #expect(again.imports.isEmpty)
        #expect(try await Guests.call(again.component, ["run-\(name)"]) == "{\"result\": 1, \"log\": []}\n")
        let bare = try await Guests.wrap(component, [], in: folder, name: "bare")
        #expect(bare.imports.isEmpty)
        #expect(try await Guests.call(bare.component, ["run-\(name)"]) == "{\"result\": 9, \"log\": []}\n")
    }

    @Test("A note says why a component is wrapped by composition, and a sentence why one cannot be")
    func messages() async throws {
        let folder = try TemporaryFolder()
        let component = try await HostTools.assemble(Self.twoMemories, name: "component", in: folder)
        let output = folder.url.appending(path: "out.wasm").path
        let noted = try await TerrariumBinary.run(["virt", component.path, "-o", output])
        #expect(noted.exitCode == 0)
        #expect(noted.errorText.contains("it instantiates core module 0 twice"), "\(noted.errorText)")
        #expect(noted.errorText.contains("imports: none"))

        let exporting = """
            (component
              (import "wasi:io/poll@0.2.0" (instance $poll (export "pollable" (type (sub resource)))))
              (alias export $poll "pollable" (type $pollable))
              (core module $a (memory 1))
              (core module $b (memory 1) (func (export "f") (result i32) unreachable))
              (core instance (instantiate $a))
              (core instance $i (instantiate $b))
              (func (export "f") (result (own $pollable)) (canon lift (core func $i "f"))))
            """
        let refused = try await HostTools.assemble(exporting, name: "exporting", in: folder)
        let result = try await TerrariumBinary.run(["virt", refused.path, "-o", output])
        #expect(result.exitCode == 2)
        #expect(result.errorText.contains("types of wasi:io/poll@0.2.0 are part of what"), "\(result.errorText)")
    }

    @Test("A component inside a component keeps the types that its imports and exports share")
    func sharedTypes() async throws {
        let folder = try TemporaryFolder()
        let text = """
            (component
              (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
              (import "a:b/types" (instance $types
                (type $point' (record (field "x" u32) (field "y" u32)))
                (export "point" (type $point (eq $point')))))
              (alias export $types "point" (type $point))
              (component $inner
                (import "random" (func $random (result u64)))
                (type $point' (record (field "x" u32) (field "y" u32)))
                (import "point" (type $point (eq $point')))
                (core func $random' (canon lower (func $random)))
                (core module $m
                  (import "" "random" (func $random (result i64)))
                  (memory (export "memory") 1)
                  (func (export "f") (param i32 i32) (result i32)
                    (i32.store (i32.const 16) (i32.add (local.get 0) (i64.eqz (call $random))))
                    (i32.store (i32.const 20) (local.get 1))
                    (i32.const 16)))
                (core instance $i (instantiate $m (with "" (instance (export "random" (func $random'))))))
                (alias core export $i "memory" (core memory $memory))
                (func $f (param "p" $point) (result $point) (canon lift (core func $i "f") (memory $memory)))
                (export "f" (func $f)))
              (instance $instance (instantiate $inner
                (with "random" (func $random "get-random-u64")) (with "point" (type $point))))
              (alias export $instance "f" (func $f))
              (export "f" (func $f)))
            """
        let component = try await HostTools.assemble(text, name: "component", in: folder)
        let wrapped = try await Guests.wrap(component, [], in: folder)
        #expect(wrapped.imports == ["a:b/types"])
    }
}
