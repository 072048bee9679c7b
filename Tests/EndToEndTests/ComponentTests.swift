// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `--component`: any component that exports `exec` and `eval`, whoever built it.
@Suite(.timeLimit(.minutes(10)))
struct ComponentTests {
    private static let world = """
        package test:sandbox;
        world sandbox {
            export eval: func(expression: string) -> result<string, string>;
            export exec: func(statements: string) -> result<_, string>;
        }
        """

    /// The same shape as componentize-py's own example and the original demo: names live in the module's globals.
    private static let guest = """
        import json
        import wit_world
        from componentize_py_types import Err

        def handle(error):
            message = str(error)
            raise Err(type(error).__name__ + (': ' + message if message else ''))

        class WitWorld(wit_world.WitWorld):
            def eval(self, expression):
                try:
                    return json.dumps(eval(expression))
                except Exception as error:
                    handle(error)

            def exec(self, statements):
                try:
                    exec(statements)
                except Exception as error:
                    handle(error)
        """

    @Test("A component that componentize-py built runs with nothing granted, or with WASI")
    func componentizePy() async throws {
        let folder = try TemporaryFolder()
        try folder.write("world.wit", Self.world)
        try folder.write("guest.py", Self.guest)
        for stubs in [true, false] {
            let component = folder.url.appending(path: "guest-\(stubs).wasm")
            try await HostTools.run(
                "componentize-py",
                ["-d", "world.wit", "-w", "sandbox", "componentize"] + (stubs ? ["--stub-wasi"] : [])
                    + ["guest", "-o", component.path],
                in: folder.url
            )
            let arguments = ["--quiet", "--component", component.path] + (stubs ? [] : ["--wasi"])
            let cache = ["XDG_CACHE_HOME": folder.url.path, "TERRARIUM_PARTS": try HostTools.partsFolder]
            let value = try await TerrariumBinary.run(
                arguments + ["global foo\ndef foo(): return 42", "foo()"],
                variables: cache
            )
            #expect(value.outputText == "42\n", "\(value.errorText)")
            let error = try await TerrariumBinary.run(arguments + ["1 / 0"], variables: cache)
            #expect(error.outputText == "eval error: ZeroDivisionError: division by zero\n")
            #expect(error.exitCode == 1)
            if !stubs {
                let refused = try await TerrariumBinary.run(["--component", component.path, "1"], variables: cache)
                #expect(refused.exitCode == 125)
                #expect(refused.errorText.contains("was not granted"))
                #expect(refused.errorText.contains("--wasi"))
            }
        }
    }

    @Test("A compound component runs")
    func compound() async throws {
        let folder = try TemporaryFolder()
        let component = try await HostTools.assemble(SmallComponents.compound, name: "compound", in: folder)
        let result = try await TerrariumBinary.run(["--quiet", "--component", component.path, "anything", "at all"])
        #expect(result.outputText == "[1, 2]\n", "\(result.errorText)")
    }

    @Test("Components with the wrong exports are refused by name")
    func wrongExports() async throws {
        let folder = try TemporaryFolder()
        let empty = try await HostTools.assemble("(component)", name: "empty", in: folder)
        let result = try await TerrariumBinary.run(["--component", empty.path, "1"])
        #expect(result.exitCode == 2)
        #expect(result.errorText.contains("does not export `exec` and `eval`"))

        let module = try await HostTools.assemble("(module)", name: "module", in: folder)
        let refused = try await TerrariumBinary.run(["--component", module.path, "1"])
        #expect(refused.exitCode == 2)
    }
}
