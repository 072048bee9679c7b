// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium wit`, compared with `wasm-tools component wit`.
@Suite(.timeLimit(.minutes(5)))
struct WITTests {
    /// Resources, every direction, and packages beside the main one.
    private static let world = """
        package test:app@1.2.0;
        /// Things to draw with.
        interface shapes {
          /// A pen.
          resource pen { constructor(width: f32); draw: func(to: list<tuple<s32, s32>>) -> result<_, error>; }
          variant error { out-of-ink, other(string) }
        }
        world app {
          import shapes;
          import test:log/sink@0.1.0;
          export run: func(arguments: list<string>) -> option<u8>;
          @unstable(feature = later) export later: func();
        }
        package test:log@0.1.0 { interface sink { write: func(line: string); } }
        """

    private func encoded(_ text: String, in folder: TemporaryFolder) async throws -> URL {
        let file = try folder.write("world.wit", text)
        try await HostTools.run(
            "wasm-tools",
            ["component", "wit", "world.wit", "-w", "-o", "world.wasm"],
            in: folder.url
        )
        return file.deletingLastPathComponent().appending(path: "world.wasm")
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.sorted()
    }

    @Test("The WIT of a component and of text is what wasm-tools prints")
    func sameAsWasmTools() async throws {
        let folder = try TemporaryFolder()
        let component = try await encoded(Self.world, in: folder)
        let expected = try await HostTools.run("wasm-tools", ["component", "wit", component.path], in: folder.url)
        for input in [component.path, folder.url.appending(path: "world.wit").path] {
            let result = try await TerrariumBinary.run(["wit", input])
            #expect(lines(result.outputText) == lines(expected.outputText), "\(result.errorText)")
            try folder.write("again/printed.wit", result.outputText)
            // What is printed is WIT for others.
            try await HostTools.run("wasm-tools", ["component", "wit", "again/printed.wit"], in: folder.url)
        }
    }

    @Test("A folder with dependencies, features, and what can be left out")
    func options() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "wit/world.wit",
            "package a:b; world w { import d:e/f; @unstable(feature = x) export g: func(); }"
        )
        try folder.write("wit/deps/e/f.wit", "package d:e; /// Documented.\ninterface f { type t = u8; }")
        let path = folder.url.appending(path: "wit").path
        let plain = try await TerrariumBinary.run(["wit", path])
        #expect(plain.outputText.contains("package d:e {") && plain.outputText.contains("/// Documented."))
        #expect(!plain.outputText.contains("export g"))
        let other = try await TerrariumBinary.run(["wit", "--feature", "x", "--no-docs", "--no-dependencies", path])
        #expect(other.outputText.contains("export g"))
        #expect(!other.outputText.contains("d:e {"))
    }

    @Test(
        "What is neither is refused, with the place",
        arguments: [
            ("package a:b;\nworld w { import x; }", "wit:2:18: error"), ("\u{0}asm\u{1}\u{0}\u{0}\u{0}", "core module"),
            ("\u{0}asm\u{d}\u{0}\u{1}\u{0}\u{7}\u{7f}", "is not a component"),
        ]
    )
    func refusals(text: String, message: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("input.wit", text)
        let result = try await TerrariumBinary.run(["wit", file.path])
        #expect(result.exitCode == 2)
        #expect(result.outputText.isEmpty)
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }
}
