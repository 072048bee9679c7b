// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium bindgen`; what the bindings do is tested where the build plugin makes them.
@Suite(.timeLimit(.minutes(2)))
struct BindgenCommandTests {
    @Test("Bindings of WIT and of a component are written to a folder")
    func writes() async throws {
        let folder = try TemporaryFolder()
        let wit = try folder.write(
            "wit/world.wit",
            "package a:b; interface i { /// Doubles.\ndouble: func(x: u32) -> u32; } world my-world { export i; }"
        )
        let output = folder.url.appending(path: "out")
        let result = try await TerrariumBinary.run(
            ["bindgen", wit.deletingLastPathComponent().path, "--out", output.path, "--access", "internal"]
        )
        let file = output.appending(path: "MyWorld+Bindings.swift")
        #expect(result.outputText == file.path + "\n", "\(result.errorText)")
        let source = try String(contentsOf: file, encoding: .utf8)
        #expect(source.contains("enum MyWorld") && source.contains("/// Doubles."))
        #expect(!source.contains("public "))

        let component = try await HostTools.assemble(
            #"(component (import "f" (func (param "a" string))))"#,
            name: "small-guest",
            in: folder
        )
        let other = try await TerrariumBinary.run(["bindgen", component.path, "--out", output.path])
        #expect(other.exitCode == 0, "\(other.errorText)")
        #expect(FileManager.default.fileExists(atPath: output.appending(path: "SmallGuest+Bindings.swift").path))
    }

    @Test("What has no bindings is named")
    func refuses() async throws {
        let folder = try TemporaryFolder()
        let wit = try folder.write("w.wit", "package a:b; world w { import f: func(s: stream<u8>); }")
        let result = try await TerrariumBinary.run(["bindgen", wit.path, "--out", folder.url.path])
        #expect(result.exitCode == 2)
        #expect(result.errorText.contains("holds a stream"), "\(result.errorText)")
    }
}
