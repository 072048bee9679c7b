// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium build GUEST.py`: somebody else's guests.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct GuestBuildTests {
    @Test("A guest need not evaluate Python, and nothing of this machine's own packages gets into it")
    func ownLanguage() async throws {
        let folder = try TemporaryFolder()
        let guest = folder.url.appending(path: "guest.py")
        // Nothing but words to count: what Terrarium asks of its own Python is no error here.
        try """
        import json, wit_world
        try:
            import terrarium_leak
        except ModuleNotFoundError:
            terrarium_leak = None

        class WitWorld(wit_world.WitWorld):
            def exec(self, statements):
                if "(" in statements:
                    raise ValueError(statements)

            def eval(self, expression):
                if "(" in expression:
                    raise ValueError(expression)
                return json.dumps([len(expression.split()), terrarium_leak is None])

            def evaluate(self, expression):
                return wit_world.Value_Json(self.eval(expression))
        """.write(to: guest, atomically: true, encoding: .utf8)
        let variables = ["PYTHONUSERBASE": folder.url.appending(path: "user").path]
        let packages = try await Subprocess.run(
            "/usr/bin/env",
            ["python3", "-c", "import site; print(site.getusersitepackages(), end='')"],
            environment: ProcessInfo.processInfo.environment.merging(variables) { $1 }
        )
        try FileManager.default.createDirectory(atPath: packages.outputText, withIntermediateDirectories: true)
        try "".write(toFile: packages.outputText + "/terrarium_leak.py", atomically: true, encoding: .utf8)

        let component = folder.url.appending(path: "words.wasm").path
        let built = try await TerrariumBinary.run(["build", "-q", guest.path, "-o", component], variables: variables)
        #expect(built.exitCode == 0, "\(built.outputText)\(built.errorText)")
        let result = try await TerrariumBinary.run([
            "--component", component, "--wasi", "-q", "anything", "three words here",
        ])
        #expect(result.outputText == "[3, True]\n", "\(result.errorText)")
    }
}
